import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { startArtifactory } from '../../src/sandbox/artifactory/serve.ts'
import { inventRepositories } from '../../src/sandbox/company-names.ts'
import { namesake, type Ended } from './run-namesake.ts'

// Every step is a process of its own; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 })

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-cli-import-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function run(yaml: string, ...args: readonly string[]): Promise<Ended> {
  await writeFile(path.join(folder, 'namesake.yaml'), `organization: { name: Acme }\n${yaml}`)
  return namesake(['inventory', 'import', ...args], { cwd: folder, env: { ARTIFACTORY_TOKEN: 'hush' } })
}

test('away from a terminal it shows the diff and writes nothing; --apply writes, --json tells machines', async () => {
  const world = inventRepositories(8)
  await using artifactory = await startArtifactory({ repositories: () => world.artifactory, token: 'hush' })
  const yaml = `inventoryFiles: [inventory.csv]\nimports: [{ type: artifactory, url: "${artifactory.url}/artifactory", token: "\${ARTIFACTORY_TOKEN}" }]\n`
  const dry = await run(yaml)
  expect([dry.code, dry.stdout]).toEqual([0, expect.stringMatching(/: 4 names\nAdded: 4\n {2}\+ {2}@acme-corp\/auth-0 +npm +1\.2\.0 +2019-01-01\n[^]*Nothing was written; --apply writes/)])
  expect(await readdir(folder)).toEqual(['namesake.yaml'])

  const written = await run(yaml, '--apply', '--json')
  const told = z.object({ written: z.boolean(), added: z.array(z.object({ name: z.string() })) }).parse(JSON.parse(written.stdout))
  expect([written.code, told.written, told.added.length]).toEqual([0, true, 4])
  expect((await readFile(path.join(folder, 'inventory.csv'), 'utf8')).split('\n')[1]).toMatch(/^@acme-corp\/auth-0,npm,,,,1\.2\.0,2019-01-01T00:00:00\.000Z,artifactory 127\.0\.0\.1:\d+$/)
  expect((await run(yaml)).stdout).toMatch(/Nothing to write: 4 unchanged\./)
})

test('an origin that refuses ends with 2, its reason, and no file', async () => {
  const world = inventRepositories(8)
  await using artifactory = await startArtifactory({ repositories: () => world.artifactory, token: 'another' })
  const refused = await run('', '--from', 'artifactory', '--url', `${artifactory.url}/artifactory`, '--token-variable', 'ARTIFACTORY_TOKEN', '--apply')
  expect([refused.code, refused.stdout]).toEqual([2, ''])
  expect(refused.stderr).toMatch(/refused \(401\).*nothing is written/)
  expect(refused.stderr).not.toContain('hush')
  expect(await readdir(folder)).toEqual(['namesake.yaml'])
})

test.each([
  [['--from', 'artifactory', '--url', 'nope'], /--from\.url: expected a URL/],
  [['--from', 'artefactory'], /expected artifactory or cyclonedx/],
  [['--url', 'https://a.example'], /belongs to --from/],
  [[], /nothing to import from/],
  [['--from', 'nexus', '--url', 'https://a.example', '--token-variable', 'NOT_SET'], /is not set/],
] as const)('%j is refused in words', async (args, words) => {
  const { code, stderr } = await run('', ...args)
  expect([code, stderr]).toEqual([2, expect.stringMatching(words)])
})

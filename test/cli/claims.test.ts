import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { demoStock } from '../../src/sandbox/world.ts'
import { useDatabase } from '../support/database.ts'
import { createWorld, type TestWorld } from '../support/world.ts'
import { namesake, type Ended } from './run-namesake.ts'

vi.setConfig({ testTimeout: 120_000 })

const database = useDatabase()
let world: TestWorld
let file: string

const inventory = `organization: { name: Acme Corp, domains: [acme-corp.com] }
inventory:
  - { name: acmecorp-ledger, ecosystem: pypi }
  - { name: acmecorp-features, ecosystem: pypi }
  - { name: acmecorp-hidden, ecosystem: pypi, disclose: never }
  - { name: acmecorp-stem, ecosystem: pypi, disclose: stem }
  - { name: github.com/acme-corp/tool, ecosystem: go }
`

beforeAll(async () => {
  world = await createWorld({ stock: demoStock(new Date()), inventory })
  file = path.join(world.folder, 'ask-all.yaml')
  const { urlOf } = world.sandbox.registries
  await writeFile(file, `${inventory}
sources: { github: { token: t, apiUrl: "${world.sandbox.github.apiUrl}", graphqlUrl: "${world.sandbox.github.graphqlUrl}" } }
registries: { askAll: true, pypi: { url: "${urlOf('pypi')}", requestsPerMinute: 6000 }, go: { url: "${urlOf('go')}" } }
`)
})
afterAll(() => world[Symbol.asyncDispose]())

const run = (args: readonly string[], config = file): Promise<Ended> => namesake([...args, '--config', config], { env: { DATABASE_URL: database.url }, cwd: world.folder })

describe('plan', () => {
  test('tells what each registry would learn, what not and why, and asks nobody', async () => {
    const { stdout, code } = await run(['plan'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^registries\.pypi: 4 lines, of which 2 asked now and 0 once found in public, at 127\.0\.0\.1:\d+$/m)
    expect(stdout).toMatch(/^ {2}not asked: acmecorp-hidden: disclose: never$/m)
    expect(stdout).toMatch(/^ {2}not asked: acmecorp-stem: disclose: stem, /m)
    expect(stdout).toMatch(/^ {2}not asked: github\.com\/acme-corp\/tool: a Go module path needs an explicit yes: registries\.go\.askPaths$/m)
    expect(world.sandbox.requests()).toEqual([])
  })

  test('without askAll a name is asked for once it is found', async () => {
    expect((await run(['plan'], world.configFile)).stdout).toMatch(/^registries\.pypi: 4 lines, of which 0 asked now and 2 once found in public/m)
  })
})

const listed = z.array(z.looseObject({
  identifier: z.string(), registry: z.string(), state: z.string(), claimable: z.string(), why: z.string(), version: z.string().nullable(), publishedAt: z.string().nullable(),
  checkedAt: z.iso.datetime(), dueAt: z.iso.datetime().nullable(), failure: z.string().nullable(), signals: z.array(z.looseObject({ signal: z.string(), weight: z.number(), reason: z.string() })),
}))

describe('claims', () => {
  test('before anybody was asked says so, exit code 0', async () => {
    expect(await run(['claims'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/No registry was asked/) })
  })

  test('--check asks for what may be asked, and nothing else; exit code 1 when a stranger holds a name', async () => {
    const { code, stdout, stderr } = await run(['claims', '--check'])
    expect([code, stdout]).toEqual([1, expect.stringMatching(/acmecorp-ledger\n {2}pypi: held by a stranger 99\.9\.9/)])
    expect(stderr).toMatch(/1 name absent: a second look/)
    const asked = JSON.stringify(world.sandbox.requests())
    expect(asked).toContain('acmecorp-ledger')
    expect(asked).not.toMatch(/acmecorp-hidden|acmecorp-stem|acme-corp\/tool/)
  })

  test('a stranger who holds a name that was never found in public is an alert too, once', async () => {
    const before = world.sandbox.slack.messages().length
    const notify = path.join(world.folder, 'notify.yaml')
    const { urlOf } = world.sandbox.registries
    await writeFile(notify, `${inventory.replace('acmecorp-features', 'acmecorp-pipeline')}
sources: { github: { token: t, apiUrl: "${world.sandbox.github.apiUrl}", graphqlUrl: "${world.sandbox.github.graphqlUrl}" } }
registries: { askAll: true, pypi: { url: "${urlOf('pypi')}", requestsPerMinute: 6000 } }
notify: { baseline: false, slack: { webhookUrl: "${world.sandbox.slack.webhookUrl}" } }
`)
    await database.database.sql`update settings set value = '{"state":"closed","at":"2026-01-01T00:00:00.000Z"}' where key = 'baseline'`
    world.sandbox.registries.publish({ registry: 'pypi', name: 'acmecorp-pipeline', versions: [{ version: '1.0.0', at: new Date().toISOString() }], publishers: ['eve'] })
    for (let time = 0; time < 2; time += 1) await run(['claims', '--check'], notify)
    const alerts = world.sandbox.slack.messages().slice(before)
    expect(alerts.map(({ text }) => text)).toEqual([expect.stringMatching(/A stranger has published acmecorp-pipeline on PyPI/)])
    expect(JSON.stringify(alerts)).not.toContain('triage')
  })

  test('--json prints an array, of one name when one is given', async () => {
    const { code, stdout } = await run(['claims', 'acmecorp-ledger', '--json'])
    expect(code).toBe(1)
    expect(listed.parse(JSON.parse(stdout))).toMatchObject([{ identifier: 'acmecorp-ledger', registry: 'pypi', state: 'stranger', claimable: 'no', version: '99.9.9', failure: null }])
    expect((await run(['claims', 'acmecorp-features'])).code).toBe(0)
  })

  test('a registry that cannot tell is exit code 2, and what it told before stays', async () => {
    world.sandbox.setFaults({ registryForbidden: true })
    const { code, stdout, stderr } = await run(['claims', '--check'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/not told: pypi: 2 names: .*403/)])
    expect(stdout).toMatch(/held by a stranger 99\.9\.9.*not told again/)
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { useDatabase } from '../support/database.ts'
import { namesake, type Ended } from './run-namesake.ts'

// Every step is a process of its own; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 })

const database = useDatabase()
let folder = ''
const remedies = z.array(z.strictObject({ title: z.string(), note: z.string(), file: z.string().nullable(), language: z.string(), text: z.string() }))

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-fix-'))
  await writeFile(path.join(folder, 'namesake.yaml'), 'organization: { name: Acme }\ninventory:\n  - { name: "@acme/auth", ecosystem: npm }\n  - { host: nexus.acme.example }\n')
})
afterAll(() => rm(folder, { recursive: true }))

const run = (...args: readonly string[]): Promise<Ended> => namesake(['fix', ...args], { cwd: folder, env: { DATABASE_URL: database.url } })

test('a name of the inventory gets what closes the hole, before anything leaked', async () => {
  const { code, stdout } = await run('@acme/auth')
  expect([code, stdout]).toEqual([0, expect.stringContaining('@acme:registry=https://nexus.acme.example/repository/npm-group/\n')])
  expect(remedies.parse(JSON.parse((await run('@acme/auth', '--json')).stdout)).map(({ file }) => file)).toContain('.npmrc')
})

test('a name that nobody knows ends with 2 and where to look', async () => {
  for (const asked of ['nobody', '4711']) {
    const { code, stderr } = await run(asked)
    expect([code, stderr]).toEqual([2, expect.stringContaining('"namesake findings" lists them')])
  }
})

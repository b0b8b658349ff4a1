import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { documents, identifiers, inferred, inferredPlaces } from '../../src/db/schema/index.ts'
import { useDatabase } from '../support/database.ts'
import { createWorld, type TestWorld } from '../support/world.ts'
import { namesake, type Ended } from './run-namesake.ts'

// Every step is a process of its own; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const database = useDatabase()
let world: TestWorld
const now = new Date('2026-11-01T00:00:00Z')

beforeAll(async () => {
  world = await createWorld()
  const { db } = database.database
  const document = { source: 'github-code', revision: 'r', contentHash: 'h', lineAnchor: '#L', title: 't', containerId: 'c', owner: null, author: null, publishedAt: null, truncated: false, matchedWith: 'm', firstSeenAt: now, lastSeenAt: now }
  const [place] = await db.insert(documents).values({ ...document, ref: 'R:a', url: 'https://github.example/jdoe/app/blob/r/package-lock.json', containerName: 'jdoe/app\u001b[2J', path: 'package-lock.json' }).returning()
  const row = { kind: 'package' as const, ecosystem: 'npm' as const, reason: 'resolved from artifactory.acme-corp.com, which is one of our hosts', state: 'candidate' as const, weak: false, firstSeenAt: now, lastSeenAt: now }
  const names = ['billing', 'ledger', ...Array.from({ length: 15 }, (_, at) => `public-${at}`)]
  const rows = await db.insert(inferred).values(names.map((name) => ({ ...row, name, key: name, weak: name.startsWith('public') }))).returning()
  await db.insert(inferredPlaces).values(rows.map(({ id }) => ({ inferredId: id, documentId: place?.id ?? 0n, line: 3, reason: row.reason, firstSeenAt: now })))
})
afterAll(() => world[Symbol.asyncDispose]())

const run = (...args: readonly string[]): Promise<Ended> =>
  namesake(['inventory', ...args], { env: { NAMESAKE_CONFIG: world.configFile, DATABASE_URL: database.url }, cwd: world.folder })

const listed = z.array(z.strictObject({
  id: z.string().regex(/^\d+$/), name: z.string(), kind: z.enum(['package', 'scope']), ecosystem: z.string().nullable(), reason: z.string(), weak: z.boolean(),
  state: z.enum(['candidate', 'accepted', 'rejected']), firstSeenAt: z.iso.datetime(), lastSeenAt: z.iso.datetime(), places: z.int(),
  place: z.strictObject({ url: z.url(), repository: z.string(), path: z.string().nullable(), line: z.int() }).nullable(),
  decidedAt: z.iso.datetime().nullable(), decidedBy: z.string().nullable(), decisionReason: z.string().nullable(),
}))

describe('inventory inferred', () => {
  test('shows a person every strong candidate with reason and place, and only some of the weak ones, last', async () => {
    const { code, stdout, stderr } = await run('inferred')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^billing {2}npm · #1\n {2}resolved from artifactory\.acme-corp\.com, which is one of our hosts\n {2}https:\/\/github\.example\/jdoe\/app\/blob\/r\/package-lock\.json#L3\n\nledger /)
    expect(stdout.match(/· weak$/gm)).toHaveLength(10)
    expect(stdout).toMatch(/… and 5 more weak candidates: namesake inventory inferred --all\n$/)
    expect(stdout).not.toContain('\u001b')
  })

  test('prints all of them as JSON', async () => {
    const { code, stdout } = await run('inferred', '--json')
    const names = listed.parse(JSON.parse(stdout))
    expect([code, names.length, names[0]?.name, names.at(-1)?.weak]).toEqual([0, 17, 'billing', true])
  })
})

describe('decisions', () => {
  test('a mistyped id in a list leaves nothing half done', async () => {
    const { code, stdout, stderr } = await run('accept', '1', '999')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/there is no inferred name 999; "namesake inventory inferred" lists them/)
    expect(await database.database.db.select().from(identifiers)).toEqual([])
  })

  test.each([
    [['reject', '2'], /--reason/],
    [['reject', '2', '--reason', ' '], /a reason is needed/],
    [['accept', 'billing'], /an id is a number/],
    [['accept'], /missing required argument/],
  ])('bad input is refused: %s', async (args, says) => {
    const { code, stderr } = await run(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(says)
  })

  test('accept, then reject, then neither again; --all shows who decided and why', async () => {
    expect(await run('accept', '#1', '--as', 'ann')).toMatchObject({ code: 0, stdout: 'billing is a line of the inventory now\n' })
    expect(await run('reject', '2', '--reason', 'a public package', '--as', 'bob')).toMatchObject({ code: 0, stdout: '#2 rejected\n' })
    expect(await database.database.db.select().from(identifiers)).toMatchObject([{ name: 'billing', origin: 'accepted', disclose: 'name' }])
    const again = await run('accept', '2')
    expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/the inferred name 2 was rejected already/)])
    expect((await run('inferred')).stdout).not.toMatch(/billing|ledger/)
    const { stdout } = await run('inferred', '--all')
    expect(stdout).toMatch(/^ {2}accepted by ann$/m)
    expect(stdout).toMatch(/^ {2}rejected by bob: a public package$/m)
  })
})

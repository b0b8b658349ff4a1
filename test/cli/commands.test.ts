import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { documents, findings, identifiers, occurrences } from '../../src/db/schema/index.ts'
import { leakMore } from '../../src/sandbox/world.ts'
import { createDatabase, useDatabase } from '../support/database.ts'
import { createWorld, type TestWorld } from '../support/world.ts'
import { namesake, type Ended } from './run-namesake.ts'

// Every step is a process of its own; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const database = useDatabase()
let world: TestWorld

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return namesake(args, { env: { NAMESAKE_CONFIG: world.configFile, DATABASE_URL: database.url, ...env }, cwd: world.folder })
}

/** The documented contract of `findings --json`, field by field. */
const finding = z.looseObject({
  id: z.string().regex(/^\d+$/),
  identifier: z.string().min(1),
  kind: z.enum(['package', 'scope', 'group', 'host', 'codename', 'other']),
  ecosystem: z.string().nullable(),
  state: z.enum(['open', 'acknowledged', 'resolved', 'dismissed']),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  reasons: z.array(z.string()).min(1),
  firstSeenAt: z.iso.datetime(),
  publicSince: z.iso.datetime(),
  publicSinceIsLowerBound: z.boolean(),
  claims: z.array(z.looseObject({
    registry: z.string(), state: z.string(), claimable: z.enum(['yes', 'no', 'unknown']), why: z.string(),
    version: z.string().nullable(), publishedAt: z.string().nullable(), checkedAt: z.iso.datetime(),
  })),
  occurrences: z.array(z.looseObject({
    id: z.string().regex(/^\d+$/),
    source: z.string(),
    url: z.url(),
    repository: z.string(),
    path: z.string().nullable(),
    line: z.int().min(1),
    column: z.int().min(1),
    role: z.enum(['dependency', 'own-name', 'resolved-url', 'registry-config', 'import', 'ci', 'stack-trace', 'code', 'prose']),
    snippet: z.string(),
    author: z.string().nullable(),
    introducedAt: z.iso.datetime().nullable(),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    status: z.enum(['live', 'gone', 'gone-from-head', 'unknown']),
    copies: z.int().min(0),
  })).min(1),
})
const report = z.strictObject({
  runs: z.int(), resumed: z.int(), requests: z.int(), documents: z.int(), tookMs: z.number(), newFindings: z.array(z.string()),
  incomplete: z.array(z.strictObject({ source: z.string(), query: z.string(), outcome: z.string(), reason: z.string() })),
  unsearchable: z.array(z.strictObject({ reason: z.string(), names: z.int(), sources: z.array(z.string()).min(1) })),
  inferred: z.int(), coverage: z.looseObject({ lines: z.int(), provenSince: z.iso.datetime().nullable() }),
  claims: z.strictObject({
    asked: z.int(), strangers: z.int(), claimable: z.int(), secondLooks: z.int(), due: z.int(), requests: z.int(),
    untold: z.array(z.strictObject({ registry: z.string(), names: z.int(), reason: z.string() })),
  }),
  delivered: z.int(), undelivered: z.int(), held: z.int(), unasked: z.int(), interrupted: z.boolean(),
})
const plan = z.array(z.strictObject({
  source: z.string(), destination: z.string(), discloses: z.string().min(1), requests: z.int(), oneByOne: z.int(), atLeastMs: z.int(), pageMs: z.int(),
  queries: z.array(z.strictObject({ text: z.string(), covers: z.array(z.string()).min(1), requests: z.int(), onTrial: z.boolean() })),
  checks: z.array(z.strictObject({ text: z.string(), covers: z.array(z.string()).min(1) })),
  doubts: z.array(z.strictObject({ subject: z.string(), reason: z.string() })),
  notSearched: z.array(z.strictObject({ names: z.array(z.string()), reason: z.string() })),
  blindSpots: z.array(z.string()).min(1),
}))
const checks = z.array(z.strictObject({ what: z.string(), state: z.enum(['ok', 'warning', 'failed']), says: z.array(z.string()) }))

describe('before the first sweep', () => {
  test('plan shows every query, who sees it, what stays unsearched and how long it takes, and sends nothing', async () => {
    // Nine searches a minute, as on github.com.
    const file = path.join(world.folder, 'slow.yaml')
    await writeFile(file, (await readFile(world.configFile, 'utf8')).replace(/searchesPerMinute: \d+/, 'searchesPerMinute: 9'))
    const { code, stdout, stderr } = await run(['plan', '--config', file])
    expect([code, stderr]).toEqual([0, ''])
    for (const text of ['"ACME"', '"acme-corp"', '"acmecorp"', '"artifactory.acme-corp.com"']) expect(stdout).toContain(text)
    expect(stdout).toMatch(/^github-code: 4 queries to 127\.0\.0\.1:\d+ instead of 6, one for each name$/m)
    expect(stdout).toMatch(/at least 27 s under the rate limit \(4 requests\); every further page of\s+results\s+takes\s+7 s\s+more/)
    expect(stdout).toMatch(/^ {2}not searched: HermesBuilder: disclose: never, matched locally only$/m)
    expect(stdout).toMatch(/^ {2}cannot see: branches/m)
    expect(stdout).toMatch(/1 line public on purpose: not searched/)
    expect(stdout).toMatch(/channel slack: 127\.0\.0\.1:\d+ gets/)
    expect(stdout).toMatch(/Nothing was sent\.\n$/)

    const [one] = plan.parse(JSON.parse((await run(['plan', '--json', '--config', file])).stdout))
    expect(one).toMatchObject({ source: 'github-code', atLeastMs: 26_667, requests: 4, oneByOne: 6 })
    expect(JSON.stringify(one?.queries).toLowerCase()).not.toContain('hermes')
    expect(one?.notSearched).toEqual([{ names: ['HermesBuilder'], reason: 'disclose: never, matched locally only' }])
    expect(world.sandbox.requests()).toEqual([])
  })

  test('plan without a source says that nobody would be asked', async () => {
    const file = path.join(world.folder, 'no-source.yaml')
    await writeFile(file, 'organization: { name: Acme Corp }\ninventory: [{ name: acme-corp-auth, ecosystem: npm }]\n')
    expect((await run(['plan', '--config', file])).stdout).toMatch(/^No source is configured/)
    expect((await run(['plan', '--json', '--config', file])).stdout).toBe('[]\n')
  })

  test('doctor finds everything in order, and nobody in Slack sees it', async () => {
    const { code, stdout } = await run(['doctor', '--json'])
    expect(checks.parse(JSON.parse(stdout)).map(({ state }) => state)).toEqual(Array.from({ length: 8 }, () => 'ok'))
    expect(code).toBe(0)
    expect(world.sandbox.requests().filter(({ path: asked }) => asked.startsWith('/services/'))).toHaveLength(1)
    expect(world.sandbox.slack.messages()).toEqual([])
  })

  test('no findings are told apart from nothing known', async () => {
    expect((await run(['findings'])).stdout).toMatch(/^No findings: nothing was swept yet/)
    expect((await run(['findings', '--json'])).stdout).toBe('[]\n')
  })

  test('inventory check proves the examples, before or behind --config', async () => {
    const { code, stdout } = await namesake(['--config', world.configFile, 'inventory', 'check'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^warning: .*all that the regular expression requires is "ACME"/m)
    expect(stdout).toMatch(/\d+ lines, \d+ patterns: in order\.\n$/)
    expect(await namesake(['inventory', 'check', '-c', world.configFile])).toMatchObject({ code: 0, stdout })
  })
})

describe('sweeps', () => {
  test('the first finds, exit code 1: results on stdout, progress on stderr, no colour', async () => {
    const { code, stdout, stderr } = await run(['sweep'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^CRITICAL /)
    expect(stdout).toMatch(/^\d+ new findings\. 5 queries swept in .* with \d+ requests; \d+ documents read\.$/m)
    expect(stdout).toMatch(/^1 notice delivered\.$/m)
    expect(stdout).toMatch(/^Of 9 names of the inventory: 7 public; 2 not found anywhere, proven on 20\d\d-\d\d-\d\d\.$/m)
    // An artifact of our group, and an image of our host.
    expect(stdout).toMatch(/^2 names are probably ours too: namesake inventory inferred$/m)
    expect(stderr).toMatch(/preparing the inventory/)
    expect(stderr).not.toMatch(/acme|hermes/i)
    expect(stdout + stderr).not.toContain('\u001b')
  })

  test('the next finds nothing new, exit code 0, and its JSON is a report', async () => {
    const { code, stdout } = await run(['sweep', '--json'])
    expect(report.parse(JSON.parse(stdout))).toMatchObject({ newFindings: [], incomplete: [], runs: 3, resumed: 0, undelivered: 0, interrupted: false })
    expect(code).toBe(0)
  })

  test('a leak in between is one new finding, and one alert', async () => {
    const before = world.sandbox.slack.messages().length
    const leak = await leakMore(path.join(world.folder, 'github'), new Date())
    await world.sandbox.reindex()
    const { code, stdout } = await run(['sweep'])
    expect(code).toBe(1)
    expect(stdout).toContain(leak.identifier)
    expect(stdout).toMatch(/^1 new finding\. /m)
    expect(world.sandbox.slack.messages().slice(before).map(({ text }) => text)).toEqual([expect.stringContaining(leak.identifier)])
  })

  test('results that GitHub calls incomplete are exit code 2 when nothing is new, with the reason', async () => {
    world.sandbox.setFaults({ incompleteFlag: true })
    try {
      const { code, stdout } = await run(['sweep', '--json'], { LOG_LEVEL: 'info' })
      const { incomplete, newFindings } = report.parse(JSON.parse(stdout))
      expect(newFindings).toEqual([])
      expect(incomplete.length).toBe(3)
      expect(incomplete.every(({ reason }) => reason !== '')).toBe(true)
      expect(code).toBe(2)
    } finally {
      world.sandbox.setFaults({})
    }
  })
})

describe('what was found', () => {
  test('findings --json keeps its contract', async () => {
    const { code, stdout } = await run(['findings', '--json'])
    const found = z.array(finding).parse(JSON.parse(stdout))
    expect(code).toBe(0)
    expect(found.map(({ identifier }) => identifier)).toEqual(expect.arrayContaining(['@acme-corp/auth-client', 'HermesBuilder', '@acme-corp/billing-events']))
    const order = ['critical', 'high', 'medium', 'low']
    const severities = found.map(({ severity }) => order.indexOf(severity))
    expect(severities).toEqual([...severities].sort((a, b) => a - b))
  })

  test('triage is all or nothing, told by id, and shows in findings', async () => {
    const [first, second] = z.array(finding).parse(JSON.parse((await run(['findings', '--json'])).stdout))
    const ids = [first?.id ?? '', second?.id ?? '']
    const refused = await run(['triage', ...ids, '999999', '--acknowledge'])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/there is no finding 999999/)
    expect((await run(['findings', '--state', 'acknowledged'])).stdout).toBe('No findings in these states.\n')

    expect(await run(['triage', `#${ids[0]}`, ids[0] ?? '', ids[1] ?? '', '--acknowledge', '--as', 'ann'])).toMatchObject({ code: 0, stdout: `#${ids[0]} acknowledged\n#${ids[1]} acknowledged\n` })
    const again = await run(['triage', ids[0] ?? '', '--acknowledge'])
    expect([again.code, again.stdout]).toEqual([2, ''])
    expect(again.stderr).toMatch(/is acknowledged; only one that is/)
    expect((await run(['triage', ids[1] ?? '', '--dismiss', 'a tutorial'])).stdout).toBe(`#${ids[1]} dismissed\n`)
    expect((await run(['findings', '--state', 'dismissed'])).stdout).toMatch(/ · dismissed\n[\s\S]*dismissed: a tutorial/)
  })

  test('an export as of a moment gives the same bytes after whatever happens later', async () => {
    const asOf = new Date().toISOString()
    const [json, csv, html, ocsf] = await Promise.all([[], ['--format', 'csv'], ['--format', 'html'], ['--format', 'ocsf']].map((format) => run(['export', '--as-of', asOf, ...format])))
    if (json === undefined || csv === undefined || html === undefined || ocsf === undefined) throw new Error('a command without an answer')
    expect([json.code, csv.code, html.code, ocsf.code]).toEqual([0, 0, 0, 0])
    const { names } = z.object({ names: z.array(z.object({ identifier: z.string() })).min(5) }).parse(JSON.parse(json.stdout))
    expect(html.stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/)
    expect(names.filter(({ identifier }) => !html.stdout.includes(`>${identifier}<`))).toEqual([])
    expect(ocsf.stdout.trim().split('\n').map((line) => z.looseObject({ class_uid: z.literal(2004), evidences: z.array(z.unknown()).min(1) }).parse(JSON.parse(line))).length).toBeGreaterThan(5)
    expect(z.looseObject({ found: z.int(), exposedAtEnd: z.int() }).parse(JSON.parse(json.stdout)).found).toBeGreaterThan(5)
    expect(csv.stdout.trim().split(/\r?\n/).length).toBeGreaterThan(5)
    const [open] = z.array(finding).parse(JSON.parse((await run(['findings', '--json', '--state', 'open'])).stdout))
    await run(['triage', open?.id ?? '', '--resolve'])

    const file = path.join(world.folder, 'report.csv')
    expect(await run(['export', '--as-of', asOf, '--format', 'csv', '--output', file])).toMatchObject({ code: 0, stdout: '' })
    expect(await readFile(file, 'utf8')).toBe(csv.stdout)
    expect((await run(['export', '--as-of', asOf])).stdout).toBe(json.stdout)
    expect((await run(['export'])).stdout).not.toBe(json.stdout)
  })
})

describe('migrate', () => {
  test('twice, and twice at once', async () => {
    await using empty = await createDatabase({ empty: true })
    const env = { DATABASE_URL: empty.url }
    const before = await run(['findings'], env)
    expect([before.code, before.stdout]).toEqual([2, ''])
    expect(before.stderr).toMatch(/run "namesake migrate", then start again/)
    const both = await Promise.all([run(['migrate'], env), run(['migrate'], env)])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    const lines = both.flatMap(({ stdout }) => stdout.trim().split('\n')).filter((line) => line.startsWith('applied'))
    expect(lines.length).toBeGreaterThan(0)
    expect(new Set(lines).size).toBe(lines.length)
    expect(await run(['migrate'], env)).toMatchObject({ code: 0, stdout: 'The schema is up to date.\n' })
  })
})

test('hostile text in the database cannot write on the terminal: no escapes, no bidi, no line of megabytes', async () => {
  await using hostile = await createDatabase()
  const { db } = hostile.database
  const evil = '\u001b[2J\u001b]8;;http://evil.example\u0007\u202egnp.exe\u2066\u009b31m\r\nCRITICAL fake\n'
  const now = new Date()
  const [identifier] = await db.insert(identifiers).values({
    form: 'name', kind: 'other', ecosystem: null, name: `acme${evil}`, key: 'acme', team: `team${evil}`, disclose: 'name', publicOnPurpose: false, near: [], createdAt: now,
  }).returning()
  const [document] = await db.insert(documents).values({
    source: 'github-code', ref: 'x:y', revision: 'r', contentHash: 'h', url: `http://example.org/${evil}`, lineAnchor: '#L', title: evil,
    containerId: 'x', containerName: `o/${evil}`, owner: 'o', path: `p/${evil}`, truncated: false, matchedWith: 'm', firstSeenAt: now, lastSeenAt: now,
  }).returning()
  const [row] = await db.insert(findings).values({
    identifierId: identifier?.id ?? 0n, state: 'open', severity: 'high', reasons: [`because${evil}`], publicSince: now, publicSinceIsLowerBound: true, firstSeenAt: now, updatedAt: now,
  }).returning()
  await db.insert(occurrences).values({
    findingId: row?.id ?? 0n, documentId: document?.id ?? 0n, contentHash: 'h', role: 'code', line: 1, column: 1, details: {}, mentionCount: 1, snippet: `${evil}${'A\u200b'.repeat(1_000_000)}`,
    mentions: [], author: `author${evil}`, introducedAt: null, status: 'live', firstSeenAt: now, lastSeenAt: now,
  })
  const { code, stdout, stderr } = await run(['findings', '--all'], { DATABASE_URL: hostile.url })
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(stdout.split('\n').every((line) => line.length < 2_500)).toBe(true)
  // A forged finding would begin a line of its own.
  expect(stdout.split('\n').filter((line) => line.startsWith('CRITICAL'))).toEqual([])
  expect(stdout).toContain('acme·[2J')
})

describe.concurrent('help teaches', () => {
  const commands = ['sweep', 'up', 'findings', 'triage', 'export', 'coverage', 'plan', 'inventory check', 'inventory inferred', 'inventory accept', 'inventory reject', 'doctor', 'recheck', 'notices', 'resend', 'mute', 'unmute', 'migrate', 'demo', 'sandbox']
  test.for(commands)('%s', async (name, { expect }) => {
    const { code, stdout, stderr } = await namesake([...name.split(' '), '--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Usage: namesake /)
    expect(stdout).toContain('--config <file>')
    expect(stdout).toMatch(/^Exit codes: 0 .*2 /m)
  })

  test('without a command it is the list of all, exit code 2', async ({ expect }) => {
    const { code, stderr } = await namesake([])
    expect(code).toBe(2)
    for (const name of commands) expect(stderr).toContain(`  ${name.split(' ')[0]} `)
  })
})

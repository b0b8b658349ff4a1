import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { notices, runs } from '../../src/db/schema/index.ts'
import { createDatabase, useDatabase, type TestDatabase } from '../support/database.ts'
import { createWorld, type TestWorld } from '../support/world.ts'
import { namesake, type Ended } from './run-namesake.ts'

// Every step is a process of its own; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

/** What must be in nothing that the program says: the token, the way of the webhook, passwords. */
const secrets = ['demo-token-for-loopback-only', 'not-the-right-token', 'notasecretnotasecretnota', 'swordfish']

const database = useDatabase()
let world: TestWorld
let good: string
let closedPort: number
let newer: TestDatabase

beforeAll(async () => {
  world = await createWorld()
  good = await readFile(world.configFile, 'utf8')
  closedPort = await unusedPort()
  await writeFile(path.join(world.folder, 'a-file'), '')
  await mkdir(path.join(world.folder, 'a-folder.csv'))
  newer = await createDatabase()
  await newer.database.sql`insert into schema_migrations (number, name, checksum) select max(number) + 1, '9999-of-next-year.sql', 'x' from schema_migrations`
})
afterAll(async () => {
  await newer.drop()
  await world[Symbol.asyncDispose]()
})

/** A port on which nobody listens. */
async function unusedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => { server.close(() => resolve()) })
  return port
}

interface Attempt {
  readonly args: readonly string[]
  /** Changes the good configuration. */
  readonly config?: (good: string) => string
  readonly env?: () => Record<string, string>
}

let written = 0

async function attempt({ args, config, env }: Attempt): Promise<Ended> {
  let file = world.configFile
  if (config !== undefined) {
    written += 1
    file = path.join(world.folder, `changed-${written}.yaml`)
    await writeFile(file, config(good))
  }
  const ended = await namesake(args, { env: { NAMESAKE_CONFIG: file, DATABASE_URL: database.url, ...env?.() }, cwd: world.folder })
  for (const secret of secrets) expect(ended.stdout + ended.stderr).not.toContain(secret)
  // Not a terminal: no colour, no cursor codes.
  expect(ended.stdout + ended.stderr).not.toContain('\u001b')
  return ended
}

function serverUrl(change: (url: URL) => void): Record<string, string> {
  const url = new URL(database.url)
  change(url)
  return { DATABASE_URL: url.href }
}

interface Case extends Attempt {
  readonly what: string
  /** What the one message has to say: where, what, and the way out. */
  readonly says: readonly RegExp[]
}

const cases: readonly Case[] = [
  { what: 'an unknown command', args: ['swep'], says: [/unknown command 'swep'/, /Did you mean sweep\?/] },
  { what: 'an unknown option', args: ['findings', '--jsn'], says: [/unknown option '--jsn'/, /Did you mean --json\?/] },
  { what: 'an unknown sub-command', args: ['inventory', 'chek'], says: [/unknown command 'chek'/, /Did you mean check\?/] },
  { what: 'a configuration that is not there', args: ['sweep', '--config', 'nowhere.yaml'], says: [/nowhere\.yaml: there is no such file/, /--config names it/, /namesake\.example\.yaml/] },
  { what: 'YAML that is none', args: ['plan'], config: () => 'organization: { name: "Acme\ninventory: [', says: [/changed-\d+\.yaml:\d+:\d+: /] },
  { what: 'a key twice', args: ['plan'], config: (text) => `${text}\ndataDir: other\n`, says: [/changed-\d+\.yaml:\d+:1: the key "dataDir" stands here twice/] },
  { what: 'an unknown key', args: ['sweep'], config: (text) => `${text}\nwebb: { port: 1 }\n`, says: [/changed-\d+\.yaml: webb: unknown key; did you mean "web"\?/] },
  { what: 'a value of the wrong type', args: ['up'], config: (text) => `${text}\nweb: { port: [abc] }\n`, says: [/web\.port: expected a number \(got a list\)/] },
  { what: 'a name that stands twice with different settings', args: ['inventory', 'check'], config: (text) => text.replace('  - { host', '  - { name: acme-corp-auth, ecosystem: npm, team: other }\n  - { host'), says: [/inventory\.4: the same name stands at .*inventory\.1/, /"acme-corp-auth"/] },
  { what: 'an example that does not match', args: ['inventory', 'check'], config: (text) => text.replace('ACME-LDG-2041', 'ACME-2041'), says: [/inventory\.6/, /ACME-2041/] },
  { what: 'an inventory file that is not there', args: ['plan'], config: (text) => `${text}\ninventoryFiles: [names.csv]\n`, says: [/inventoryFiles\.0: there is no such file/, /names\.csv/] },
  { what: 'an inventory file that is a folder', args: ['plan'], config: (text) => `${text}\ninventoryFiles: [a-folder.csv]\n`, says: [/inventoryFiles\.0: this is not a file/] },
  { what: 'a database that nobody serves', args: ['findings'], env: () => ({ DATABASE_URL: `postgres://namesake:swordfish@127.0.0.1:${closedPort}/namesake` }), says: [/database 127\.0\.0\.1:\d+: unreachable \(ECONNREFUSED\)/] },
  { what: 'a user that the database does not know', args: ['sweep'], env: () => serverUrl((url) => { url.username = 'nobody-we-know'; url.password = 'swordfish' }), says: [/database 127\.0\.0\.1:\d+: (?:wrong password for user "nobody-we-know"|user "nobody-we-know" may not log in)/] },
  { what: 'a database that does not exist', args: ['migrate'], env: () => serverUrl((url) => { url.pathname = '/namesake_nowhere' }), says: [/there is no database "namesake_nowhere"; create it, or mend database\.url/] },
  { what: 'a Redis that nobody serves', args: ['sweep'], env: () => ({ REDIS_URL: `redis://:swordfish@127.0.0.1:${closedPort}` }), says: [/Redis at 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/] },
  { what: 'a Redis address that is none', args: ['sweep'], env: () => ({ REDIS_URL: 'swordfish' }), says: [/environment: REDIS_URL/] },
  { what: 'a schema newer than the program', args: ['sweep'], env: () => ({ DATABASE_URL: newer.url }), says: [/the database is newer than this program/, /9999-of-next-year\.sql/] },
  { what: 'a data folder that is a file', args: ['findings'], config: (text) => text.replace('dataDir: data', 'dataDir: a-file'), env: () => ({ DATABASE_URL: '' }), says: [/data folder .*a-file: a file stands where a folder should be/, /choose another with dataDir, or set DATABASE_URL/] },
  { what: 'a finding that does not exist', args: ['triage', '999', '--resolve'], says: [/there is no finding 999/, /namesake findings/] },
  { what: 'an id that is none', args: ['triage', 'seven', '--resolve'], says: [/'seven' is invalid/, /a number, such as 7/] },
  { what: 'triage without a verb', args: ['triage', '7'], says: [/give exactly one of --acknowledge, --resolve, --dismiss <reason>, --reopen/] },
  { what: 'triage with two verbs', args: ['triage', '7', '--resolve', '--reopen'], says: [/give exactly one of --acknowledge/] },
  { what: 'a state that there is not', args: ['findings', '--state', 'open,closed'], says: [/"closed" is no state; there are open, acknowledged, resolved, dismissed/] },
  { what: 'a quarter that there is not', args: ['export', '--quarter', '2026-Q5'], says: [/'2026-Q5' is invalid/, /2026-Q4/] },
  { what: 'a day that there is not', args: ['export', '--as-of', '2026-02-31'], says: [/'2026-02-31' is invalid/, /2026-12-31T23:59:59Z/] },
  { what: 'a moment that has not come', args: ['export', '--as-of', '2999-01-01'], says: [/--as-of: a moment that has passed is expected \(got 2999-01-01T00:00:00\.000Z\)/] },
  { what: 'an export into a folder that is not there', args: ['export', '--output', 'no/such/folder/x.json'], says: [/--output: the file cannot be written: ENOENT \(got no\/such\/folder\/x\.json\)/] },
  { what: 'a process that there is not', args: ['doctor', '--alive', 'cooking'], says: [/--alive: give one of scheduler, search, fetch, claims, attribute, recheck, notify, web \(got cooking\)/] },
  { what: 'a port that there is not', args: ['demo', '--port', '99999'], says: [/a port from 0 to 65535/] },
]

describe.concurrent('bad input gets one clear message on stderr, exit code 2, and nothing on stdout', () => {
  test.for(cases)('$what', async ({ says, ...given }, { expect }) => {
    const { code, stdout, stderr } = await attempt(given)
    for (const sentence of says) expect(stderr).toMatch(sentence)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    // A stack is for bugs.
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3)
  })

  // Another server of the test machine may let everybody in: only the embedded one is known to ask for a password.
  test.skipIf(!inject('postgres').embedded)('a wrong database password', async ({ expect }) => {
    const ended = await attempt({ args: ['sweep'], env: () => serverUrl((url) => { url.password = 'swordfish' }) })
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toMatch(/wrong password for user "namesake"/)
  })
})

test('none of it searched, told or recorded anything', async () => {
  expect(world.sandbox.requests()).toEqual([])
  expect(await database.database.db.select().from(runs)).toEqual([])
  expect(await newer.database.db.select().from(runs)).toEqual([])
})

describe('doctor says what is wrong, and what to do about it', () => {
  const troubles: readonly Case[] = [
    { what: 'a wrong token', args: ['doctor'], config: (text) => text.replace(/token: "[^"]*"/, 'token: "not-the-right-token"'), says: [/✗ source github-code at 127/, /GitHub refused the token \(401\)/, /1 check failed/] },
    { what: 'a wrong webhook', args: ['doctor'], config: (text) => text.replace('/services/', '/services/X'), says: [/✗ channel slack at 127/, /no_service/, /namesake resend/, /1 check failed/] },
    { what: 'a wrong bot token', args: ['doctor'], config: (text) => text.replace(/webhookUrl: "([^"]*)\/services\/[^"]*"/, 'botToken: xoxb-wrong, channel: C0ALERTS, apiUrl: "$1/slack-api"'), says: [/✗ channel slack at 127/, /Slack refused auth\.test: invalid_auth/, /namesake resend/, /1 check failed/] },
    { what: 'no database', args: ['doctor'], env: () => ({ DATABASE_URL: `postgres://namesake:swordfish@127.0.0.1:${closedPort}/namesake` }), says: [/✗ database\n.*unreachable \(ECONNREFUSED\)/, /DATABASE_URL/, /✗ queue/, /✓ source/, /2 checks failed/] },
    { what: 'no Redis', args: ['doctor'], env: () => ({ REDIS_URL: `redis://:swordfish@127.0.0.1:${closedPort}` }), says: [/✓ database/, /✗ queue\n.*cannot be reached/, /REDIS_URL/, /1 check failed/] },
    { what: 'a newer schema', args: ['doctor'], env: () => ({ DATABASE_URL: newer.url }), says: [/✗ database\n.*newer than this program/] },
    { what: 'an inventory that is wrong', args: ['doctor'], config: (text) => text.replace('ACME-LDG-2041', 'ACME-2041'), says: [/✗ inventory\n.*ACME-2041/, /✓ database/] },
  ]
  test.concurrent.for(troubles)('$what', async ({ says, ...given }, { expect }) => {
    const { code, stdout } = await attempt(given)
    for (const sentence of says) expect(stdout).toMatch(sentence)
    expect(code).toBe(2)
  })

  test('a variable that is not set is a warning, and no failure', async () => {
    const { code, stdout } = await attempt({ args: ['doctor'], config: (text) => `${text}\ndatabase: { url: "\${NAMESAKE_NO_SUCH}" }\n` })
    expect(stdout).toMatch(/! configuration .*\n {4}database\.url counts as absent: the environment variable NAMESAKE_NO_SUCH is not set\n/)
    expect(stdout).toMatch(/In order, with 1 warning\.\n$/)
    expect(code).toBe(0)
  })

  test('a process that does not live', async () => {
    const { code, stdout } = await attempt({ args: ['doctor', '--alive', 'search'] })
    expect([code, stdout]).toEqual([2, 'no search lives\n'])
  })
})

describe('a sweep that could not do its work says so', () => {
  test('a refused token is one line, exit code 2, and no "nothing found" afterwards', async () => {
    await using troubled = await createDatabase()
    const env = () => ({ DATABASE_URL: troubled.url })
    const config = (text: string) => text.replace(/token: "[^"]*"/, 'token: "not-the-right-token"').replace(/, slack: \{[^}]*\}/, '')
    const { code, stdout } = await attempt({ args: ['sweep'], config, env })
    expect(code).toBe(2)
    expect(stdout).toMatch(/^0 new findings\. 4 queries/)
    expect(stdout.match(/GitHub refused the token \(401\)/g)).toHaveLength(1)
    const findings = await attempt({ args: ['findings'], config, env })
    expect(findings.stdout).toMatch(/^No findings, but not everything was looked at:\n {2}github-code: \d+ names: .*token/)
  })

  test('a dead webhook keeps the notice, and says it; once mended, it can be told', async () => {
    await using troubled = await createDatabase()
    const env = () => ({ DATABASE_URL: troubled.url })
    const broken = (text: string) => text.replace('/services/', '/services/X')
    const before = world.sandbox.slack.messages().length
    const first = await attempt({ args: ['sweep'], config: broken, env })
    expect(first.stdout).toMatch(/1 notice could not be delivered; "namesake doctor" says why/)
    expect(first.stdout).not.toMatch(/notices? delivered/)
    expect(first.code).toBe(1)
    expect((await troubled.database.db.select().from(notices)).map(({ state }) => state)).toEqual(['dead'])
    const doctor = await attempt({ args: ['doctor'], config: broken, env })
    expect(doctor.stdout).toMatch(/1 notice refused for good by a channel: nobody was told\..*"namesake resend"/)
    expect(world.sandbox.slack.messages().length).toBe(before)

    expect((await attempt({ args: ['resend'], env })).stdout).toMatch(/^1 notice waiting again/)
    const second = await attempt({ args: ['sweep'], env })
    expect(second.stdout).toMatch(/1 notice delivered/)
    expect(second.code).toBe(0)
    expect(world.sandbox.slack.messages().length).toBe(before + 1)
    expect((await attempt({ args: ['resend'], env })).stdout).toBe('No notice was refused.\n')
  })
})

/**
 * npm run bench api -- [--findings 100000] [--places 1000000] [--rounds 40] [--data folder] [--only words]
 *
 * A database with findings and places as a company has them after years (bench/fill-findings.ts), the web process as it is
 * deployed, and requests over HTTP, one after the other: milliseconds at the 50th, 95th and 99th percentile. Beside each the
 * bare SQL that answers the same question, asked in turn with it, and the processor time that a request costs web process
 * and database together, which a busy machine does not blur. `--data` keeps the database for the next time.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { makeApiToken } from '../src/accounts/make-api-token.ts'
import { openDatabase } from '../src/db/client.ts'
import { openEmbedded } from '../src/db/embedded.ts'
import { migrate } from '../src/db/migrate.ts'
import { accounts } from '../src/db/schema/index.ts'
import { freePort } from '../test/support/free-port.ts'
import { fill } from './fill-findings.ts'

const { values } = parseArgs({ options: {
  findings: { type: 'string', default: '100000' }, places: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '40' }, data: { type: 'string' }, only: { type: 'string', default: '' },
} })
const rounds = Number(values.rounds)
const say = (text: string) => process.stdout.write(`${text}\n`)
const folder = await mkdtemp(path.join(tmpdir(), 'namesake-bench-api-'))
const embedded = await openEmbedded({ dataDir: values.data ?? folder })
const database = openDatabase(embedded.url, { max: 2 })
const { sql } = database

interface Case {
  readonly what: string
  /** Path and query; a list continues by the cursor of its first page, so many pages on. */
  readonly address: string
  readonly pages?: number
  readonly bare: string
}

const page = (where: string, order = 'severity_rank desc, first_seen_at desc, id desc') => `select * from findings where ${where} order by ${order} limit 50`
const total = (where: string) => `select count(*) from findings where ${where}`
const has = (word: string) => `id in (select finding_id from finding_words where words @@ '${word}'::tsquery)`
const unsettled = 'state=open&state=acknowledged'
const isUnsettled = `state in ('open', 'acknowledged')`
const inSource = (source: string) => `source_set in (select id from source_sets where sources && array['${source}'])`

const filters: readonly (readonly [what: string, query: string, where: string])[] = [
  ['default view', unsettled, isUnsettled],
  ['no filter', '', 'true'],
  ['state', 'state=resolved', `state = 'resolved'`],
  ['severity', 'severity=low', `severity = 'low'`],
  ['claim', 'claim=stranger', `claim_state = 'stranger'`],
  ['claimable', 'claimable=yes', `claimable = 'yes'`],
  ['ecosystem', 'ecosystem=crates&ecosystem=none', `(ecosystem = 'crates' or ecosystem is null)`],
  ['team', 'team=team-36', `team = 'team-36'`],
  ['source', 'source=greenhouse', inSource('greenhouse')],
  ['role', 'role=own-name', 'role_bits & 2 <> 0'],
  ['assignee', 'assignee=me', 'assignee = 1'],
  ['proposed', 'proposed=yes', 'proposed_at is not null'],
  ['all together', 'state=open&severity=high&severity=critical&claim=unclaimed&claimable=yes&ecosystem=npm&team=team-12&source=github-gists&role=dependency&assignee=nobody&proposed=no',
    `state = 'open' and severity in ('high', 'critical') and claim_state = 'unclaimed' and claimable = 'yes' and ecosystem = 'npm' and team = 'team-12' and ${inSource('github-gists')} and role_bits & 1 <> 0 and assignee is null and proposed_at is null`],
]
const questions: readonly (readonly [what: string, q: string, where: string])[] = [
  ['a rare word', 'zeppelin', has('zeppelin')],
  ['a common word', 'acme', has('acme')],
  ['no hit', 'xyzzy', 'false'],
  ['two words', 'fraud wallet', `${has('fraud')} and ${has('wallet:*')}`],
  ['a common and a rare word', 'acme zeppelin', `${has('acme')} and ${has('zeppelin')}`],
  ['the beginning of a name', 'acme-corp-wall', `${has('acme')} and ${has('corp')} and ${has('wall:*')}`],
  ['a part of a word', 'oyalt', has('oyalt:*')],
  ['an author', 'dev17', has('dev17:*')],
]
const cases: readonly Case[] = [
  ...filters.map(([what, query, where]) => ({ what: `inbox, ${what}`, address: `/api/findings?${query}`, bare: page(where) })),
  ...([['newest', 'first_seen_at desc, id desc'], ['oldest', 'first_seen_at, id'], ['updated', 'updated_at desc, id desc']] as const)
    .map(([order, by]) => ({ what: `inbox, ${order} first`, address: `/api/findings?${unsettled}&order=${order}`, bare: page(isUnsettled, by) })),
  { what: 'inbox, 100 pages on', address: `/api/findings?${unsettled}`, pages: 100, bare: `${page(isUnsettled)} offset 5000` },
  ...filters.map(([what, query, where]) => ({ what: `counts, ${what}`, address: `/api/findings/counts?${query}`, bare: total(where) })),
  ...questions.map(([what, q, where]) => ({ what: `words, ${what}`, address: `/api/findings?q=${encodeURIComponent(q)}`, bare: page(where) })),
  ...questions.map(([what, q, where]) => ({ what: `counts, ${what}`, address: `/api/findings/counts?q=${encodeURIComponent(q)}`, bare: total(where) })),
  { what: 'finding with 5,000 places', address: '/api/findings/1', bare: 'select * from findings join identifiers on identifiers.id = identifier_id where findings.id = 1' },
  { what: 'finding with a handful', address: '/api/findings/77', bare: 'select * from findings join identifiers on identifiers.id = identifier_id where findings.id = 77' },
  { what: 'its 5,000 places, folded', address: '/api/findings/1/occurrences', bare: 'select o.*, d.* from occurrences o join documents d on d.id = o.document_id where o.finding_id = 1 and o.copy_of is null order by o.id limit 50' },
  { what: 'its 5,000 places, 20 pages on', address: '/api/findings/1/occurrences', pages: 20, bare: 'select o.*, d.* from occurrences o join documents d on d.id = o.document_id where o.finding_id = 1 and o.copy_of is null order by o.id limit 50 offset 1000' },
  { what: 'its history', address: '/api/findings/1/events', bare: 'select * from events where finding_id = 1 order by id desc limit 50' },
  { what: 'exposure of a quarter', address: '/api/exposure?quarter=2026-Q3', bare: 'select count(*) from events' },
]

/** Clock ticks of processes so far, in milliseconds; 0 where there is no /proc. */
function processorTime(pids: readonly number[]): number {
  let ticks = 0
  for (const pid of pids) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
      ticks += Number(fields[11]) + Number(fields[12])
    } catch {
      // It has ended, or this is no Linux.
    }
  }
  return ticks * 10
}

const at = (sorted: readonly number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
const percentiles = (times: readonly number[]) => {
  const sorted = [...times].sort((a, b) => a - b)
  return [at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99)] as const
}

const answered = z.object({ next: z.string().nullable().optional() })

try {
  await migrate(database)
  const [known] = await sql<{ count: bigint }[]>`select count(*) from findings`
  if (known?.count !== BigInt(values.findings)) {
    const began = performance.now()
    await fill(database, { findings: Number(values.findings), places: Number(values.places) }, (step) => say(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${step}`))
  }
  const now = new Date()
  const [account] = await database.db
    .insert(accounts)
    .values({ email: 'bench@acme-corp.example', name: 'Bench', role: 'viewer', createdAt: now })
    .onConflictDoUpdate({ target: accounts.email, set: { name: 'Bench' } })
    .returning()
  if (account === undefined) throw new Error('no account')
  const { token } = await makeApiToken(database.db, { account, name: `bench ${now.toISOString()}`, scopes: ['read'], expiresAt: new Date(now.getTime() + 86_400_000), now })
  const port = await freePort()
  const config = path.join(folder, 'namesake.yaml')
  await writeFile(config, `organization: { name: Acme Corp, domains: [acme-corp.example] }\nweb: { host: 127.0.0.1, port: ${port} }\ndataDir: data\n`)
  const web = spawn(process.execPath, [path.join(import.meta.dirname, '../workers/web.ts')], { env: { ...process.env, NAMESAKE_CONFIG: config, DATABASE_URL: embedded.url }, stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    const origin = `http://127.0.0.1:${port}`
    const ask = async (address: string) => {
      const response = await fetch(`${origin}${address}`, { headers: { authorization: `Bearer ${token}` } })
      const body = await response.text()
      if (response.status !== 200) throw new Error(`${address}: ${response.status} ${body.slice(0, 300)}`)
      return body
    }
    for (let tries = 0; ; tries += 1) {
      if (await fetch(`${origin}/health`).then(({ ok }) => ok, () => false)) break
      if (tries > 300) throw new Error('the web process does not answer')
      await pause(200)
    }
    const backends = async () => (await sql<{ pid: number }[]>`select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`).map(({ pid }) => pid)
    say(`${values.findings} findings, ${values.places} places; ${rounds} requests each, load ${loadavg().map((load) => load.toFixed(1)).join(' ')}`)
    say(`${'milliseconds'.padEnd(40)}${['p50', 'p95', 'p99', 'SQL p50', 'p95', 'ratio', 'processor'].map((head) => head.padStart(10)).join('')}`)
    const slow: string[] = []
    for (const { what, address, pages = 0, bare } of cases.filter((one) => one.what.includes(values.only))) {
      let cursor = ''
      for (let turned = 0; turned < pages; turned += 1) {
        const { next } = answered.parse(JSON.parse(await ask(`${address}${address.includes('?') ? '&' : '?'}${cursor}`)))
        if (typeof next !== 'string') break
        cursor = `cursor=${next}`
      }
      const asked = cursor === '' ? address : `${address}${address.includes('?') ? '&' : '?'}${cursor}`
      const [http, direct]: [number[], number[]] = [[], []]
      for (let warm = 0; warm < 3; warm += 1) await ask(asked)
      const pids = [web.pid ?? 0, ...(await backends())]
      const before = processorTime(pids)
      for (let round = 0; round < rounds; round += 1) {
        const began = performance.now()
        await ask(asked)
        http.push(performance.now() - began)
        const directly = performance.now()
        await sql.unsafe(bare)
        direct.push(performance.now() - directly)
      }
      const processor = (processorTime(pids) - before) / rounds
      const [p50, p95, p99] = percentiles(http)
      const [bare50, bare95] = percentiles(direct)
      if (p95 >= 100) slow.push(what)
      say(`${what.padEnd(40)}${[p50, p95, p99, bare50, bare95, p50 / bare50, processor].map((value) => value.toFixed(1).padStart(10)).join('')}`)
    }
    say(`load at the end ${loadavg().map((load) => load.toFixed(1)).join(' ')}; ${slow.length === 0 ? 'all under 100 ms at the 95th percentile' : `not under 100 ms at the 95th percentile: ${slow.join('; ')}`}`)
  } finally {
    web.kill('SIGTERM')
    await once(web, 'exit')
  }
} finally {
  await database.close()
  await embedded.close()
  await rm(folder, { recursive: true, force: true })
}

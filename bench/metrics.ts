/**
 * npm run bench metrics -- [--findings 100000] [--runs 1000000] [--documents 500000]
 *
 * How long a scrape of /metrics takes: a database of its own with so many findings, an alert each on two destinations,
 * claims, runs, documents and 10,000 names covered in four sources; the queue on the same PostgreSQL. Prints the first
 * scrape of a process, which counts everything, and the median and the worst of twenty further ones.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openDatabase } from '../src/db/client.ts'
import { openEmbedded } from '../src/db/embedded.ts'
import { migrate } from '../src/db/migrate.ts'
import { createLog } from '../src/log.ts'
import { openQueues } from '../src/queue/open.ts'
import { createMetrics } from '../src/telemetry/render-metrics.ts'

const { values: options } = parseArgs({
  options: { findings: { type: 'string', default: '100000' }, runs: { type: 'string', default: '1000000' }, documents: { type: 'string', default: '500000' } },
})
const [findings, runs, documents] = [Number(options.findings), Number(options.runs), Number(options.documents)]
const sources = ['github-code', 'github-issues', 'github-commits', 'stack-exchange']
const registries = ['npm', 'pypi', 'maven', 'rubygems', 'nuget', 'crates', 'packagist', 'go', 'docker']

const folder = mkdtempSync(path.join(tmpdir(), 'namesake-bench-'))
const server = await openEmbedded({ dataDir: folder })
const database = openDatabase(server.url)
const queues = await openQueues({ databaseUrl: server.url, log: createLog({ level: 'silent' }) })
try {
  await migrate(database)
  await fillDatabase()
  const metrics = createMetrics({
    db: database.db, queues, version: 'bench',
    queueNames: [...sources.flatMap((source) => ['search', 'fetch', 'attribute', 'recheck'].map((kind) => `${kind}.${source}`)), ...registries.map((registry) => `claims.${registry}`), 'notify.slack', 'notify.teams'],
    limits: new Map(sources.map((source) => [source, { search: { max: 9, perMs: 60_000 }, fetch: { max: 4_200, perMs: 3_600_000 } }])),
  })
  const scrape = async (): Promise<number> => {
    const began = performance.now()
    await metrics.render(new Date())
    return performance.now() - began
  }
  const first = await scrape()
  const times: number[] = []
  for (let round = 0; round < 20; round += 1) times.push(await scrape())
  times.sort((a, b) => a - b)
  process.stdout.write(`${findings} findings, ${runs} runs, ${documents} documents: first scrape ${first.toFixed(0)} ms, then median ${(times[10] ?? 0).toFixed(0)} ms, worst ${(times.at(-1) ?? 0).toFixed(0)} ms; ${(await metrics.render(new Date())).length} bytes\n`)
} finally {
  await queues.close()
  await database.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
}

async function fillDatabase(): Promise<void> {
  const { sql } = database
  const ago = sql.unsafe(`now() - random() * interval '700 days'`)
  await sql`insert into identifiers (form, kind, ecosystem, name, key, disclose, public_on_purpose, near, created_at)
    select 'name', 'package', 'npm', 'acme-corp-' || n, 'acme-corp-' || n, 'name', false, '[]', now() - interval '800 days' from generate_series(1, 10000) n`
  await sql`insert into identifiers (form, kind, ecosystem, name, key, disclose, public_on_purpose, near, pattern_id, created_at)
    select 'name', 'package', 'npm', 'acme-' || n, 'acme-' || n, 'name', false, '[]', 1, now() - interval '800 days' from generate_series(1, ${findings}::int) n`
  await sql`insert into findings (identifier_id, state, severity, reasons, first_seen_at, public_since, public_since_is_lower_bound, updated_at, places, live_places)
    select id, (array['open','acknowledged','resolved'])[1 + id % 3], (array['critical','high','medium','low'])[1 + id % 4], '[]', now(), now() - random() * interval '90 days', id % 5 = 0, now(), 3, 1
    from identifiers where pattern_id is not null`
  await sql`insert into notices (channel, kind, key, finding_id, state, created_at, delivered_at)
    select channel, 'leaked', id::text, id, 'delivered', now(), ${ago} from findings, unnest(array['slack','teams']) channel`
  await sql`insert into claims (identifier_id, registry, state, claimable, why, signals, told_at, asked_at, created_at)
    select id, 'npm', 'unclaimed', 'yes', 'absent', '[]', now(), now(), now() from identifiers`
  await sql`insert into watches (source, key, input, query, created_at) select (${sources}::text[])[1 + n % 4], n::text, '{}', 'q', now() from generate_series(1, 2000) n`
  await sql`insert into runs (watch_id, tick, trigger, outcome, pages, requests, started_at, finished_at)
    select 1 + n % 2000, to_timestamp(n), 'schedule', (array['complete','partial','failed'])[1 + n % 3], 1, 3, now(), ${ago} from generate_series(1, ${runs}::int) n`
  await sql`insert into documents (source, ref, revision, content_hash, url, line_anchor, title, container_id, container_name, truncated, matched_with, first_seen_at, last_seen_at)
    select (${sources}::text[])[1 + n % 4], n::text, 'r', 'h', 'u', '', 't', 'c', 'c', false, 'm', ${ago}, now() from generate_series(1, ${documents}::int) n`
  await sql`insert into coverage (identifier_id, source, complete_at, attempted_at) select id, source, ${ago}, now() from identifiers, unnest(${sources}::text[]) source where pattern_id is null`
  await sql`vacuum analyze`
}

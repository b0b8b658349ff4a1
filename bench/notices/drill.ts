import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import type { Database } from '../../src/db/client.ts'
import { acknowledge } from '../../src/findings/acknowledge.ts'
import { enqueueNotices } from '../../src/jobs/enqueue-notices.ts'
import { createLog } from '../../src/log.ts'
import type { slackSettings } from '../../src/notifiers/slack/settings.ts'
import { openQueues, type Queues, type RetryTuning } from '../../src/queue/open.ts'
import type { Faults } from '../../src/sandbox/faults.ts'
import { createRandom } from '../../src/sandbox/random.ts'
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts'
import { routingOf } from './routing.ts'

export interface DrillOptions {
  readonly database: Database
  readonly databaseUrl: string
  readonly redisUrl?: string
  /** Notices of new leaks, spread over the bot's channels and one webhook. */
  readonly notices: number
  readonly botChannels: number
  /** Milliseconds between two messages to a channel, ours: Slack's second is scaled along. */
  readonly everyMs: number
  readonly answerWithinMs: number
  readonly faults: Partial<Faults>
  /** Milliseconds that a notifier lives, about. */
  readonly lifeMs: number
  readonly retry: RetryTuning
  /** Milliseconds between two looks for what waits and is not queued; the service: a minute. */
  readonly mendMs: number
  readonly seed: number
  readonly onProgress?: (line: string) => void
}

export interface ChannelResult {
  readonly channel: string
  readonly notices: number
  readonly delivered: number
  /** Notices that no message tells: lost. */
  readonly lost: number
  /** Messages beyond the first of a notice. */
  readonly repeats: number
  /** What namesake itself counted as possible repeats. */
  readonly counted: number
  /** Messages that were closer than Slack's (scaled) second to the one before, and the smallest distance. */
  readonly tooClose: number
  readonly closestMs: number
  /** The most messages in any ten of Slack's (scaled) seconds. */
  readonly mostInTen: number
}

export interface DrillResult {
  readonly channels: readonly ChannelResult[]
  readonly kills: number
  readonly seconds: number
  readonly struck: Readonly<Record<string, number>>
  /** Messages that do not show the state of their finding. */
  readonly stale: number
  readonly acknowledged: number
}

/** Slack's second in our scale: we keep a tenth more. */
export const scaledSecond = (everyMs: number): number => Math.floor(everyMs / 1.1)

/**
 * Delivers many notices through a Slack that fails in every way it knows, by a notifier in a process of its own that is
 * killed (SIGKILL) again and again, while people acknowledge what was told; then counts in the channels.
 */
export async function runDrill(options: DrillOptions): Promise<DrillResult> {
  const { database, databaseUrl, redisUrl, botChannels, everyMs, onProgress = () => undefined } = options
  const rooms = Object.fromEntries(Array.from({ length: botChannels }, (_, index) => [`C0ROOM${index}`, `room-${index}`]))
  await using sandbox = await startSandbox({
    repositories: [], seed: options.seed, faults: options.faults,
    slack: { burst: 20, workspace: { channels: rooms, everyMs: scaledSecond(everyMs) } },
  })
  const folder = await mkdtemp(path.join(tmpdir(), 'namesake-drill-'))
  const queues = await openQueues({ databaseUrl, redisUrl: redisUrl ?? null, log: createLog({ level: 'silent' }), retry: options.retry })
  const channels = ['webhook', ...Object.keys(rooms).map((_, index) => (index === 0 ? 'slack' : `slack-c${index}`))]
  const notifier = new Notifier(path.join(folder, 'setup.json'))
  const began = performance.now()
  try {
    await writeFile(path.join(folder, 'setup.json'), JSON.stringify(setupOf(sandbox, options, Object.keys(rooms))))
    await addNotices(database, channels, options.notices)
    await notifier.start()
    const acknowledged = await untilDelivered({ database, queues, channels, notifier, options, onProgress })
    const seconds = (performance.now() - began) / 1_000
    return {
      channels: await countAll(database, sandbox, channels, Object.keys(rooms), scaledSecond(everyMs)),
      kills: notifier.kills, seconds, acknowledged,
      struck: Object.fromEntries([...Map.groupBy(sandbox.requests().flatMap(({ faults }) => faults), (fault) => fault)].map(([fault, all]) => [fault, all.length])),
      stale: await countStale(database, sandbox),
    }
  } finally {
    await notifier.end()
    await queues.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function setupOf(sandbox: Sandbox, { databaseUrl, redisUrl, everyMs, answerWithinMs, retry }: DrillOptions, rooms: readonly string[]): object {
  const { workspace, apiUrl, webhookUrl } = sandbox.slack
  const pace = { messageEveryMs: everyMs, answerWithinMs }
  const [channel = '', ...more] = rooms
  const bot: z.input<typeof slackSettings> = { ...pace, botToken: workspace.botToken, channel, apiUrl, channels: Object.fromEntries(more.map((room, index) => [`c${index + 1}`, room])) }
  const webhook: z.input<typeof slackSettings> = { ...pace, webhookUrl }
  return { databaseUrl, ...(redisUrl === undefined ? {} : { redisUrl }), bot, webhook, retry }
}

/** Findings with a place each, and a notice that waits, channel by channel in turn. */
async function addNotices({ sql }: Database, channels: readonly string[], count: number): Promise<void> {
  const at = new Date()
  await sql`
    with names as (
      insert into identifiers (form, kind, ecosystem, name, key, team, disclose, public_on_purpose, near, created_at)
      select 'name', 'package', 'npm', 'acme-corp-name-' || n, 'acme-corp-name-' || n, 'identity', 'name', false, '[]', ${at} from generate_series(1, ${count}::int) n
      returning id
    ), found as (
      insert into findings (identifier_id, state, severity, reasons, first_seen_at, public_since, public_since_is_lower_bound, updated_at)
      select id, 'open', 'high', '["it matters"]', ${at}, ${at}, false, ${at} from names
      returning id
    ), put as (
      insert into events (finding_id, verb, actor_kind, actor, state, facts, at) select id, 'found', 'system', 'namesake', 'open', '{}', ${at} from found
    ), page as (
      insert into documents (source, ref, revision, content_hash, url, line_anchor, title, container_id, container_name, path, truncated, matched_with, first_seen_at, last_seen_at)
      values ('github-code', 'drill', 'r1', 'hash', 'https://github.com/someone/shop/blob/4f2a/package.json', '#L', 'a file', 'R_1', 'someone/shop', 'package.json', false, 'digest', ${at}, ${at})
      returning id
    ), seen as (
      insert into occurrences (finding_id, document_id, line, "column", role, details, snippet, mentions, mention_count, content_hash, status, first_seen_at, last_seen_at)
      select found.id, page.id, 12, 3, 'dependency', '{}', 'the line', '[]', 1, 'hash', 'live', ${at}, ${at} from found, page
    )
    insert into notices (channel, kind, key, finding_id, state, created_at)
    select (${sql.array([...channels])}::text[])[1 + (row_number() over (order by id)) % ${channels.length}::int], 'leaked', id, id, 'pending', ${at} from found`
}

/** The process that is killed, and comes back. */
class Notifier {
  kills = 0
  #child: ChildProcess | undefined
  readonly #setup: string
  constructor(setup: string) {
    this.#setup = setup
  }

  async start(): Promise<void> {
    this.#child = fork(path.join(import.meta.dirname, 'child.ts'), [this.#setup], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    await once(this.#child, 'message')
  }

  async kill(): Promise<void> {
    await this.#stop('SIGKILL')
    this.kills += 1
    await this.start()
  }

  async end(): Promise<void> {
    await this.#stop('SIGKILL')
  }

  async #stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
}

interface Running {
  readonly database: Database
  readonly queues: Queues
  readonly channels: readonly string[]
  readonly notifier: Notifier
  readonly options: DrillOptions
  readonly onProgress: (line: string) => void
}

/** Until nothing waits: the clock's mending, people who acknowledge one in twenty, and the kills. Answers how many were acknowledged. */
async function untilDelivered({ database, queues, channels, notifier, options, onProgress }: Running): Promise<number> {
  const random = createRandom(options.seed)
  const outbox = { database, queues, routing: routingOf(channels), now: () => new Date() }
  let acknowledged = 0
  let deadline = performance.now() + options.lifeMs
  let mendAt = 0
  let last = ''
  for (;;) {
    if (performance.now() >= mendAt) {
      await enqueueNotices(outbox)
      mendAt = performance.now() + options.mendMs
    }
    const pending = await countPending(database)
    if (pending === 0) return acknowledged
    const told = await database.sql<{ id: string }[]>`
      select m.finding_id as id from delivered_messages m join findings f on f.id = m.finding_id where f.state = 'open' and m.finding_id % 19 = 0`
    for (const { id } of told) {
      await acknowledge(database.db, { findingId: BigInt(id), actor: { kind: 'user', name: 'ann@acme-corp.com' }, now: new Date() })
      acknowledged += 1
    }
    const line = `${pending} to go, ${notifier.kills} kills`
    if (line !== last) onProgress(line)
    last = line
    await wait(Math.min(250, options.lifeMs / 3))
    if (performance.now() < deadline) continue
    await notifier.kill()
    deadline = performance.now() + options.lifeMs * (0.5 + random())
  }
}

async function countPending({ sql }: Database): Promise<number> {
  const [row] = await sql<{ pending: number }[]>`select count(*)::int as pending from notices where state = 'pending'`
  return row?.pending ?? 0
}

async function countAll({ sql }: Database, sandbox: Sandbox, channels: readonly string[], rooms: readonly string[], second: number): Promise<ChannelResult[]> {
  const { workspace } = sandbox.slack
  const results: ChannelResult[] = []
  for (const [index, channel] of channels.entries()) {
    const room = index === 0 ? 'webhook' : (rooms[index - 1] ?? '')
    // A refresh changes a message, and is none.
    const rows = await sql<{ id: string; state: string; repeats: number; first: string; last: string }[]>`
      select string_agg(id::text, ',' order by id) as id, min(state) as state, sum(possible_repeats)::int as repeats, min(id)::text as first, max(id)::text as last
      from notices where channel = ${channel} and kind <> 'refresh' group by coalesce(delivered_at, created_at), finding_id, kind`
    const told = room === 'webhook'
      ? sandbox.slack.messages().map(({ text }) => /notice ([\d-]+)/.exec(text)?.[1] ?? '')
      : workspace.messages(room).map(({ metadata }) => noticeOf(metadata))
    const count = Map.groupBy(told, (id) => id)
    const copies = rows.map(({ first, last }) => count.get(first === last ? first : `${first}-${last}`)?.length ?? 0)
    const times = sandbox.requests()
      .filter(({ path: where, body }) => (room === 'webhook' ? where.startsWith('/services/') : /chat\.(?:postMessage|update)$/.test(where) && body.includes(`"${room}"`)))
      .map(({ at }) => at.getTime())
    const close = workspace.tooClose().filter((one) => one.room === room)
    results.push({
      channel, notices: rows.length, delivered: rows.filter(({ state }) => state === 'delivered').length,
      lost: copies.filter((one) => one === 0).length, repeats: copies.reduce((sum, one) => sum + Math.max(0, one - 1), 0), counted: rows.reduce((sum, { repeats }) => sum + repeats, 0),
      tooClose: close.length, closestMs: Math.min(...close.map(({ ms }) => ms), second), mostInTen: mostWithin(times, second * 10),
    })
  }
  return results
}

function mostWithin(times: readonly number[], ms: number): number {
  let most = 0
  let from = 0
  for (const [index, time] of times.entries()) {
    while (time - (times[from] ?? time) >= ms) from += 1
    most = Math.max(most, index - from + 1)
  }
  return most
}

function noticeOf(metadata: unknown): string {
  const text = JSON.stringify(metadata) ?? ''
  return /"notice":"([\d-]+)"/.exec(text)?.[1] ?? ''
}

/** Messages of acknowledged findings that do not say so. */
async function countStale({ sql }: Database, sandbox: Sandbox): Promise<number> {
  const rows = await sql<{ room: string; ts: string }[]>`
    select m.room, m.ts from delivered_messages m join findings f on f.id = m.finding_id where f.state = 'acknowledged' and m.ts is not null`
  return rows.filter(({ room, ts }) => !JSON.stringify(sandbox.slack.workspace.messages(room).find((message) => message.ts === ts)?.blocks ?? '').includes('*Acknowledged* by')).length
}

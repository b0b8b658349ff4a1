import { describe, expect, test } from 'vitest'
import type { Routing } from '../../src/contracts/routing.ts'
import { Permanent } from '../../src/errors.ts'
import { enqueueAll, enqueueDigests, enqueueNotices } from '../../src/jobs/enqueue-notices.ts'
import { notifyJob } from '../../src/jobs/notify.ts'
import { createLog } from '../../src/log.ts'
import { unrouted } from '../../src/notices/route.ts'
import { refuse } from '../../src/notifiers/refusal.ts'
import type { NewJob } from '../../src/queue/open.ts'
import { addFinding, addNotice, addPlace, now } from '../notices/outbox.ts'
import { createRecorder } from '../notices/recorder.ts'
import { useDatabase } from '../support/database.ts'

const opened = useDatabase({ truncate: true })
const db = () => opened.database.db
const routing: Routing = { ...unrouted(['slack', 'mail']), storm: { more: 2, withinMs: 60_000 } }

function start() {
  const jobs: { readonly queue: string; readonly job: NewJob }[] = []
  const lines: string[] = []
  const slack = createRecorder()
  const context = {
    database: opened.database,
    queues: { enqueue: (queue: string, added: readonly NewJob[]) => { jobs.push(...added.map((job) => ({ queue, job }))); return Promise.resolve() } },
    notifiers: new Map([['slack', slack]]),
    routing,
    organization: 'Acme Corp',
    now: () => now,
    log: createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } }),
  }
  return { context, jobs, lines, slack, handler: notifyJob(context, 'slack') }
}

async function addKinds(): Promise<void> {
  const findingId = await addFinding(db())
  await addNotice(db(), { kind: 'baseline', key: 'baseline' })
  await addNotice(db(), { kind: 'place', findingId, occurrenceId: await addPlace(db(), findingId) })
  for (let n = 0; n < 3; n += 1) await addNotice(db(), { findingId: await addFinding(db()) })
  for (let n = 0; n < 3; n += 1) await addNotice(db(), { findingId: await addFinding(db(), { severity: 'critical' }) })
}

describe('messages in the queue', () => {
  test('are jobs with ids alone, one for each message, and each is told by its job', async () => {
    await addKinds()
    const { context, jobs, handler, slack } = start()
    await enqueueNotices(context)
    await enqueueDigests(context, new Date(now.getTime() + 1))
    expect(jobs.map(({ queue, job }) => [queue, job.id, job.payload])).toEqual([
      ['notify.slack', 'notice-1', { notice: '1' }],
      ['notify.slack', 'storm-other', { storm: 'other' }],
      ['notify.slack', 'storm-loud', { storm: 'loud' }],
      ['notify.slack', 'digest', { digest: 1 }],
    ])
    for (const { job } of jobs) await handler.run(job.payload, AbortSignal.timeout(10_000))
    expect(slack.told.map(({ kind }) => kind)).toEqual(['baseline', 'storm', 'storm', 'digest'])
    expect(await enqueueAll(context)).toBe(0)
  })

  test('for one who does not come back are all of them, digests too', async () => {
    await addKinds()
    const { context } = start()
    expect(await enqueueAll(context)).toBe(4)
  })

  test('a digest of places that came after its moment is not put there', async () => {
    await addKinds()
    const { context, jobs } = start()
    await enqueueDigests(context, now)
    expect(jobs).toEqual([])
  })

  test('a destination that refused us for good stands in the log as an error, without names', async () => {
    await addNotice(db(), { findingId: await addFinding(db(), { name: 'acme-corp-auth-client' }) })
    const { handler, slack, lines } = start()
    const dead = refuse('destination', 'the webhook is gone (410)')
    slack.fail(dead)
    await expect(handler.run({ notice: '1' }, AbortSignal.timeout(10_000))).rejects.toBeInstanceOf(Permanent)
    await handler.giveUp?.({ notice: '1' }, dead)
    expect(lines.join('')).toMatch(/"level":"?(?:50|error).*a destination refused us for good/)
    expect(lines.join('')).not.toContain('acme-corp-auth-client')
  })
})

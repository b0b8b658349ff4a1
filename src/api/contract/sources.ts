import { z } from 'zod'
import { id, moment, page, paging, route, some } from './route.ts'

export const runOutcomes = ['complete', 'partial', 'throttled', 'failed', 'interrupted'] as const
export const watchStates = [...runOutcomes, 'never', 'going'] as const

export const runRow = z.strictObject({
  id, trigger: z.enum(['schedule', 'sweep', 'person']),
  /** Null: it goes on. */
  outcome: z.enum(runOutcomes).nullable(),
  /** Why it is not complete, one reason a line. */
  reason: z.string().nullable(),
  /** Results that the source claims; documents that were seen, and that could not be read. */
  counted: z.int().nullable(), seen: z.int(), unread: z.int(), requests: z.int(),
  startedAt: moment, finishedAt: moment.nullable(),
})
export type RunRow = z.output<typeof runRow>

export const watchRow = z.strictObject({
  id, source: z.string(),
  /** As the remote sees it. */
  query: z.string(),
  /** `check`: searches in full a name that a stem covers. */
  purpose: z.enum(['cover', 'check']),
  onTrial: z.boolean(),
  /** Lines of the inventory that it covers. */
  names: z.int(),
  /** Search requests of its last run. */
  price: z.int(),
  /** Null: due at once. */
  dueAt: moment.nullable(),
  goingSince: moment.nullable(),
  last: runRow.nullable(),
})
export type WatchRow = z.output<typeof watchRow>

export const sourceRow = z.strictObject({
  id: z.string(), title: z.string(),
  /** Host that sees the queries, and what leaves us. */
  destination: z.string(), discloses: z.string(), docs: z.string(),
  /** Where in the public it cannot look. */
  blindSpots: z.array(z.string()),
  /** Cron, in UTC. */
  schedule: z.string(), lastTickAt: moment.nullable(), nextTickAt: moment.nullable(),
  watches: z.int(), byOutcome: z.record(z.enum([...runOutcomes, 'never']), z.int()), going: z.int(),
  last: z.strictObject({ outcome: z.enum(runOutcomes), reason: z.string().nullable(), startedAt: moment, finishedAt: moment }).nullable(),
  /** Why last runs were not complete, the most frequent first. */
  troubles: z.array(z.strictObject({ reason: z.string(), watches: z.int(), at: moment })),
  /** Search requests until the next tick: allowed, done, and reserved for runs that go on. */
  budget: z.strictObject({ allowed: z.int(), done: z.int(), pending: z.int(), perMinute: z.number() }),
  /** Steps of runs that wait for their turn. */
  pending: z.strictObject({ searches: z.int(), fetches: z.int() }),
  /** Until when the destination asked us to stay away. */
  pausedUntil: moment.nullable(),
  coverage: z.strictObject({ proven: z.int(), partly: z.int(), never: z.int(), gaps: z.array(z.strictObject({ reason: z.string(), names: z.int() })) }),
  /** When its watches were planned, and whether that was for the inventory as it is now. */
  planned: z.strictObject({ at: moment.nullable(), upToDate: z.boolean() }),
})
export type SourceRow = z.output<typeof sourceRow>

const sourceId = z.strictObject({ id: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/) })

export const sourceRoutes = {
  'GET /api/sources': route({
    summary: 'Public places that are searched, and how that goes', role: 'viewer', scope: 'read',
    answer: z.strictObject({ items: z.array(sourceRow), /** Sources that no row of the configuration opens. */ unconfigured: z.array(z.strictObject({ id: z.string(), title: z.string() })) }),
  }),
  'GET /api/sources/{id}/watches': route({
    summary: 'Queries of a source with their last run', role: 'viewer', scope: 'read', params: sourceId,
    query: z.strictObject({ ...paging, state: some(watchStates), q: z.string().max(200).optional() }),
    answer: page(watchRow),
  }),
  'GET /api/watches/{id}/runs': route({ summary: 'The newest runs of a watch', role: 'viewer', scope: 'read', params: z.strictObject({ id }), answer: z.strictObject({ items: z.array(runRow) }) }),
  'POST /api/sources/{id}/run': route({
    summary: 'Run what is most pressing in a source now, within its limits', role: 'analyst', scope: 'triage', params: sourceId,
    answer: z.strictObject({ runs: z.int() }),
  }),
  'POST /api/watches/{id}/run': route({ summary: 'Run a watch now', role: 'analyst', scope: 'triage', params: z.strictObject({ id }), answer: z.strictObject({ run: id }) }),
} as const

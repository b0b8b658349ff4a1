import { z } from 'zod'
import { claimables } from '../../contracts/registry.ts'
import { reportFormats } from '../../metrics/report-formats.ts'
import { moment, page, paging, route } from './route.ts'
import { severities, states } from './findings.ts'

export const breakdowns = ['ecosystem', 'team', 'source', 'role', 'severity'] as const
/** A quarter of the fiscal calendar: 2026-Q4. */
const quarter = z.string().regex(/^\d{4}-Q[1-4]$/, 'a quarter such as 2026-Q4')

const movement = {
  exposedAtStart: z.int(), found: z.int(), reopened: z.int(), closed: z.int(), withdrawn: z.int(), exposedAtEnd: z.int(),
}
/** Null: no name has both moments. */
const hours = z.number().nullable()
const duration = z.strictObject({
  meanHours: hours, medianHours: hours, p75Hours: hours, p90Hours: hours, p95Hours: hours,
  /** Names of which both moments are known, and the others, which are in no figure. */
  known: z.int(), unknown: z.int(),
})
const claimability = z.strictObject({ yes: z.int(), no: z.int(), unknown: z.int(), notAsked: z.int() })
const covered = z.strictObject({ proven: z.int(), partly: z.int(), never: z.int() })

/** The numbers of a quarter: exactly those of the export as JSON, without the names. */
export const exposureNumbers = z.strictObject({
  quarter, from: moment, to: moment, timezone: z.string(),
  /** What was known at this moment; the export with it gives the same numbers for ever. */
  asOf: moment,
  /** False: the quarter goes on. */
  isWhole: z.boolean(),
  ...movement,
  dismissed: z.int(),
  claimable: z.strictObject({ exposedAtEnd: claimability, found: claimability }),
  mttd: duration, mtta: duration, mttr: duration, window: duration,
  foundBy: z.record(z.enum(breakdowns), z.record(z.string(), z.int())),
  by: z.record(z.enum(breakdowns), z.record(z.string(), z.strictObject({ ...movement, claimableAtEnd: z.int() }))),
  coverage: z.strictObject({ identifiers: z.int(), proven: z.int(), partly: z.int(), neverSwept: z.int(), bySource: z.record(z.string(), covered) }),
})
export type ExposureNumbers = z.output<typeof exposureNumbers>

export const exposedName = z.strictObject({
  findingId: z.string(), identifier: z.string(), kind: z.string().nullable(), ecosystem: z.string().nullable(), team: z.string().nullable(),
  source: z.string().nullable(), role: z.string().nullable(), severity: z.enum(severities).nullable(), state: z.enum(states), dismissedReason: z.string().nullable(),
  claimable: z.enum(claimables).nullable(),
  publicSince: moment.nullable(), publicSinceIsLowerBound: z.boolean(), firstSeenAt: moment,
  acknowledgedAt: moment.nullable(), resolvedAt: moment.nullable(), goneAt: moment.nullable(), closedAt: moment.nullable(),
  exposedAtStart: z.boolean(), foundInQuarter: z.boolean(), reopenedInQuarter: z.boolean(), exposedAtEnd: z.boolean(),
})
export type ExposedName = z.output<typeof exposedName>

export const exposureRoutes = {
  'GET /api/exposure': route({
    summary: 'The exposure of a quarter, and how it came there over the quarters before', role: 'viewer', scope: 'read',
    /** Absent: the one that goes on. */
    query: z.strictObject({ quarter: quarter.optional() }),
    answer: z.strictObject({
      exposure: exposureNumbers,
      /** Names that were exposed or found in the quarter. */
      names: z.int(),
      /** Oldest first; the asked one is the last, those before it as the export has them under `previous`. Quarters from before the first finding are left out. */
      trend: z.array(z.strictObject({ quarter, isWhole: z.boolean(), ...movement })),
      /** What can be asked for, newest first. */
      quarters: z.array(quarter),
    }),
  }),
  'GET /api/exposure/names': route({
    summary: 'The names of a quarter: those that are exposed at its end first, then the newest', role: 'viewer', scope: 'read',
    query: z.strictObject({ ...paging, quarter: quarter.optional() }),
    answer: page(exposedName).extend({ asOf: moment }),
  }),
  'GET /api/export': route({
    summary: 'The exposure of a quarter as a file', role: 'viewer', scope: 'read',
    query: z.strictObject({
      quarter: quarter.optional(), format: z.enum(reportFormats).default('json'),
      /** As it was known at this moment. Absent: now. */
      asOf: moment.optional(),
    }),
    answer: z.string(), media: 'application/octet-stream',
  }),
} as const

import type { z } from 'zod'
import { exposureRoutes } from './contract/exposure.ts'
import { findingRoutes } from './contract/findings.ts'
import { inventoryRoutes } from './contract/inventory.ts'
import { muteRoutes } from './contract/mutes.ts'
import type { Route } from './contract/route.ts'
import { sessionRoutes } from './contract/session.ts'
import { settingsRoutes } from './contract/settings.ts'
import { sourceRoutes } from './contract/sources.ts'

/**
 * Every route of the API by method and path: the one list. The server does not compile while a row has no handler, the
 * OpenAPI file is generated from it, and the page takes its types (and nothing else) from here.
 */
export const routes = {
  ...findingRoutes,
  ...exposureRoutes,
  ...inventoryRoutes,
  ...muteRoutes,
  ...sourceRoutes,
  ...sessionRoutes,
  ...settingsRoutes,
} as const satisfies Readonly<Record<`${'GET' | 'POST' | 'PATCH' | 'DELETE'} /${string}`, Route>>

export type Routes = typeof routes
export type RouteName = keyof Routes

type Part<R, Key extends string> = R extends Readonly<Record<Key, infer Schema extends z.ZodType>> ? Schema : undefined
/** What a caller hands in, before defaults. */
export type Input<Name extends RouteName> = {
  readonly [Key in 'params' | 'query' | 'body' as Part<Routes[Name], Key> extends undefined ? never : Key]: Part<Routes[Name], Key> extends infer Schema extends z.ZodType ? z.input<Schema> : never
}
/** What a handler gets. */
export type Parsed<Name extends RouteName> = {
  readonly [Key in 'params' | 'query' | 'body' as Part<Routes[Name], Key> extends undefined ? never : Key]: Part<Routes[Name], Key> extends infer Schema extends z.ZodType ? z.output<Schema> : never
}
export type Answer<Name extends RouteName> = z.output<Routes[Name]['answer']>

export type { ExposedName, ExposureNumbers } from './contract/exposure.ts'
export type { FindingDetail, FindingRow, EventRow, OccurrenceRow, TriageBody } from './contract/findings.ts'
export type { ImportDiff, InferredRow, InventoryDetail, InventoryLine } from './contract/inventory.ts'
export type { MuteRow } from './contract/mutes.ts'
export type { AccountRole, Problem, Scope } from './contract/route.ts'
export type { SessionRow, TokenRow } from './contract/session.ts'
export type { AccountRow, AuditRow } from './contract/settings.ts'
export type { RunRow, SourceRow, WatchRow } from './contract/sources.ts'

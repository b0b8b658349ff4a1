import type { Ecosystem } from './inventory.ts'

/** Kinds of news that rules send somewhere; what follows from a message (`changed`) goes where the message went. */
export const routedKinds = ['leaked', 'reopened', 'claim', 'place', 'baseline'] as const
export type RoutedKind = (typeof routedKinds)[number]

export const severityNames = ['critical', 'high', 'medium', 'low'] as const
export type SeverityName = (typeof severityNames)[number]

/** What a finding must be for a rule to take it: every list that is given has to have it. Nothing given: everything. */
export interface Criteria {
  readonly severity?: readonly SeverityName[] | undefined
  /** Owner of the identifier. */
  readonly team?: readonly string[] | undefined
  readonly ecosystem?: readonly Ecosystem[] | undefined
  /** Where it was found. */
  readonly source?: readonly string[] | undefined
}

/** One line of `notify.routes`. */
export interface Rule {
  readonly when: Criteria & { readonly kind?: readonly RoutedKind[] | undefined }
  readonly to: readonly string[]
  /** The rules behind it are asked as well. */
  readonly continue: boolean
}

export interface Destination {
  /** `slack`, `slack-payments`, `teams` … */
  readonly name: string
  /** It wakes people: digests and summaries go there only by a rule that names their kind. */
  readonly alertsOnly: boolean
  /** Many alerts at once are not gathered into one message for it. */
  readonly everySingle?: boolean
}

/** Time in which nobody is told, except of what is in `except`. */
export interface QuietHours {
  readonly timezone: string
  /** Minutes from midnight, on the wall clock; `to` at or before `from` is on the following day. */
  readonly from: number
  readonly to: number
  /** Days on which the hours begin, 0 is Sunday. */
  readonly days: readonly number[]
  /** Days that are quiet from midnight to midnight. */
  readonly wholeDays: readonly number[]
  readonly except: Criteria
}

/** From this many alerts for one destination within this time on they become one message. */
export interface Storm {
  readonly more: number
  readonly withinMs: number
}

/** Nobody has acknowledged a finding this long after it was told: then these are told too. */
export interface Escalation {
  readonly afterMs: number
  readonly when: Criteria
  readonly to: readonly string[]
}

/** Who is told what, and when: plain data, handed from the configuration to the verbs. */
export interface Routing {
  /** Every destination that is configured. */
  readonly destinations: readonly Destination[]
  readonly rules: readonly Rule[]
  readonly quietHours: QuietHours | null
  readonly storm: Storm
  readonly escalate: readonly Escalation[]
  /** Address of the page, for messages that show only a part. Absent: nobody said by which one people reach it. */
  readonly page?: string
}

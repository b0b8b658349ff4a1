import type { HttpClient } from './http.ts'

/** One place of a finding, as a message shows it. Text is raw; the notifier escapes for its own format. */
export interface NoticePlace {
  readonly url: string
  readonly container: string
  readonly path: string | null
  readonly line: number
  readonly role: string
  /** The line of the leak, unmasked; a notifier masks and shortens. */
  readonly snippet: string
  readonly author: string | null
  readonly introducedAt: Date | null
  readonly firstSeenAt: Date
}

/** What a registry holds under a name, as a message shows it. Text of the publisher is raw. */
export interface NoticeClaim {
  /** The registry as people call it: `npm`. */
  readonly registry: string
  readonly state: string
  readonly claimable: string
  readonly why: string
  readonly version: string | null
  readonly versionCount: number | null
  readonly firstPublishedAt: Date | null
  readonly publishedAt: Date | null
  readonly publishers: readonly string[]
  readonly installTimeCode: string | null
  /** Signs of an attack in words, the heaviest first. */
  readonly signals: readonly string[]
  /** When the registry told it. */
  readonly toldAt: Date
}

export interface NoticeFinding {
  /** Empty of a name that has no finding: only a claim of it is news. */
  readonly id: string
  readonly identifier: string
  readonly kind: string
  readonly ecosystem: string | null
  readonly team: string | null
  readonly severity: string
  /** Why it matters, in words, most important first. */
  readonly reasons: readonly string[]
  readonly places: readonly NoticePlace[]
  /** All places known, of which `places` are the first few. */
  readonly placeCount: number
  /** What the registries told, where they were asked. */
  readonly claims: readonly NoticeClaim[]
}

/**
 * What is said:
 * - `leaked`: one identifier became public (or returned: `reopened`)
 * - `baseline`: the first sweep, everything in one message
 * - `digest`: further places of findings that were announced before
 * - `claim`: a stranger has published under a name of ours (`taken`), has a version at or above ours, or one that runs
 *   code at installation: the loudest
 */
export type Notice =
  | { readonly kind: 'leaked' | 'reopened'; readonly id: string; readonly organization: string; readonly finding: NoticeFinding }
  | {
      readonly kind: 'claim'
      readonly news: 'taken' | 'version-above' | 'install-time-code'
      readonly id: string
      readonly organization: string
      readonly finding: NoticeFinding
      /** What made the news; `finding.claims` has what is known now. */
      readonly claim: NoticeClaim
    }
  | {
      readonly kind: 'baseline' | 'digest'
      readonly id: string
      readonly organization: string
      /** Worst first; at most the first 20. */
      readonly findings: readonly NoticeFinding[]
      readonly findingCount: number
      readonly placeCount: number
      /** Statements about what could not be looked at, in words. */
      readonly gaps: readonly string[]
    }

/**
 * A channel, opened with its settings.
 * @throws RetryLater (the destination says wait) | Transient | Permanent (`destination` or `message`)
 */
export interface OpenNotifier {
  /** Host that sees the messages. */
  readonly destination: string
  /** Messages in time that the destination takes. */
  readonly limit: { readonly max: number; readonly perMs: number }
  /** One outbound request. Resolves only when the destination acknowledged. */
  send(notice: Notice): Promise<void>
  /** The plainest possible form of the same notice, tried once after the message was refused. */
  sendPlain(notice: Notice): Promise<void>
  /** For `doctor`: sends nothing that a person would see, if the destination allows that; answers what was learnt. */
  check(): Promise<readonly string[]>
}

export interface Notifier<Settings> {
  readonly id: string
  readonly title: string
  readonly docs: string
  /** Null: not configured. */
  open(settings: Settings, environment: { readonly http: HttpClient; readonly now: () => Date }): OpenNotifier | null
}

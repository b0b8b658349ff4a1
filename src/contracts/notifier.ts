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

/** How a finding stands at the moment of the message. */
export interface NoticeStanding {
  readonly state: 'open' | 'acknowledged' | 'resolved' | 'dismissed'
  /** Who brought it into this state and when; null: it has been open from its birth. */
  readonly by: string | null
  readonly at: Date | null
  /** Why it was dismissed, in the words of whoever did. */
  readonly reason: string | null
  /** Why it looks resolved to the rechecks, which a person has to confirm; null: it does not. */
  readonly proposed: string | null
  /** Account that it is assigned to. */
  readonly assignee: string | null
}

/** What happened later to a finding that a channel was told of. */
export interface NoticeChange {
  /** `place`: new or back, or gone (`gone`); `claim`: a registry told something else than before. */
  readonly what: 'place' | 'gone' | 'claim' | 'acknowledged' | 'assigned' | 'resolved' | 'dismissed' | 'reopened' | 'proposed' | 'proposal-withdrawn' | 'suppressed'
  /** Account, login or Slack user; null: namesake itself. */
  readonly by: string | null
  readonly at: Date
  readonly reason: string | null
  /** Of `place` and `gone`. */
  readonly place: NoticePlace | null
  /** Of `claim`: as it was told then. */
  readonly claim: NoticeClaim | null
}

export interface NoticeFinding {
  /** A made-up name, planted to see how long this takes: the first word of every message about it is DRILL. */
  readonly drill: boolean
  /** Empty of a name that has no finding: only a claim of it is news. */
  readonly id: string
  readonly identifier: string
  readonly kind: string
  readonly ecosystem: string | null
  readonly team: string | null
  readonly severity: string
  /** Absent of a name that has no finding. */
  readonly firstSeenAt?: Date
  /** When it became public, where a source says so. */
  readonly publicSince?: Date
  /** Why it matters, in words, most important first. */
  readonly reasons: readonly string[]
  readonly places: readonly NoticePlace[]
  /** All places known, of which `places` are the first few. */
  readonly placeCount: number
  /** What the registries told, where they were asked. */
  readonly claims: readonly NoticeClaim[]
  /** Null of a name that has no finding. */
  readonly standing: NoticeStanding | null
}

/**
 * What is said:
 * - `leaked`: one identifier became public (or returned: `reopened`)
 * - `baseline`: the first sweep, everything in one message
 * - `digest`: further places of findings that were announced before
 * - `claim`: a stranger has published under a name of ours (`taken`), has a version at or above ours, or one that runs
 *   code at installation: the loudest
 * - `escalation`: nobody has acknowledged a finding in time, and these are told too
 * - `storm`: many alerts at once for one channel, in one message
 * - `operator`: a channel does not work, told by every other one
 * - `changed`: what happened since to a finding that this channel was told of, oldest first; only a channel that
 *   `follows` hears it
 */
export type Notice =
  | { readonly kind: 'leaked' | 'reopened'; readonly id: string; readonly organization: string; readonly finding: NoticeFinding }
  | {
      readonly kind: 'claim'
      /** `freed`: it was held, by whomever, and anybody can publish it now. */
      readonly news: 'taken' | 'version-above' | 'install-time-code' | 'freed'
      readonly id: string
      readonly organization: string
      readonly finding: NoticeFinding
      /** What made the news; `finding.claims` has what is known now. */
      readonly claim: NoticeClaim
    }
  | {
      readonly kind: 'changed'
      readonly id: string
      readonly organization: string
      readonly finding: NoticeFinding
      readonly changes: readonly NoticeChange[]
    }
  | {
      readonly kind: 'escalation'
      readonly id: string
      readonly organization: string
      readonly finding: NoticeFinding
      /** When it was told first; nobody has acknowledged it since. */
      readonly toldAt: Date
    }
  | {
      readonly kind: 'storm'
      readonly id: string
      readonly organization: string
      /** Worst first; at most the first 20. */
      readonly findings: readonly NoticeFinding[]
      readonly findingCount: number
      readonly placeCount: number
      /** How many alerts of each kind it stands for. */
      readonly alerts: Readonly<Record<'leaked' | 'reopened' | 'claim' | 'escalation', number>>
      /** Where all of them are shown; null: nobody said by which address people reach the page. */
      readonly page: string | null
    }
  | {
      readonly kind: 'operator'
      /** `dead`: refused us for good; `failing`: has taken nothing for long; `test`: somebody asked whether messages arrive. */
      readonly news: 'dead' | 'failing' | 'test'
      readonly id: string
      readonly organization: string
      /** The channel that it is about. */
      readonly about: string
      /** What it answered, in words, without names. */
      readonly reason: string
      readonly since: Date
      /** Notices that it refused, or that wait for it. */
      readonly untold: number
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

/** Where a message stands, in the destination's own ids. */
export interface Posted {
  /** Slack: the id of its channel. */
  readonly room: string
  /** Slack: the timestamp that is the message's id in its channel. */
  readonly ts: string
}

/**
 * What a destination can do whose messages can be answered, changed and looked for. Every method is one outbound
 * request. @throws as `OpenNotifier`
 */
export interface Threads {
  /** Where its messages stand: one that stands elsewhere, from before the configuration changed, is nobody's any more. */
  readonly room: string
  /** The notice as a message; under another one, if that is given: then one that is loud is shown in the channel too. */
  post(notice: Notice, form: { readonly plain: boolean; readonly under: Posted | null }): Promise<Posted>
  /** Makes a message show what is known now. */
  update(notice: Notice, posted: Posted): Promise<void>
  /**
   * Whether a message with the id of a notice is there, in the thread if one is given; `since`: when it was sent at the
   * earliest. Null: it is not. Whoever cannot tell throws.
   */
  find(noticeId: string, where: { readonly since: Date; readonly under: Posted | null }): Promise<Posted | null>
  /** Milliseconds after the last byte was sent within which a message that was taken is found. */
  readonly settlesMs: number
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
  /** Whether it hears of what happens later to a finding it was told of (`changed`). Absent: it does not. */
  readonly follows?: boolean
  /** It wakes people: digests and summaries go there only where a rule says so. Absent: it does not. */
  readonly alertsOnly?: boolean
  /** A machine that wants every alert by itself, however many there are at once. Absent: they may be gathered. */
  readonly everySingle?: boolean
  /** Absent: what is sent is sent, and cannot be found again. */
  readonly threads?: Threads
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
  /**
   * A destination each, by the suffix of its id: '' is the channel called like the notifier (`slack`), `payments` the
   * channel `slack-payments`. Empty: not configured. Suffixes are lower-case letters, digits and hyphens.
   */
  open(settings: Settings, environment: { readonly http: HttpClient; readonly now: () => Date }): ReadonlyMap<string, OpenNotifier>
}

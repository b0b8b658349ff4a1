import { z } from 'zod'
import { dismissals } from '../../contracts/dismissal.ts'
import { ecosystems, identifierKinds } from '../../contracts/inventory.ts'
import { roles } from '../../contracts/match.ts'
import { claimables, claimStates } from '../../contracts/registry.ts'
import { id, moment, page, paging, route, some, texts } from './route.ts'

export const states = ['open', 'acknowledged', 'resolved', 'dismissed'] as const
export const severities = ['critical', 'high', 'medium', 'low'] as const
export const statuses = ['live', 'gone', 'gone-from-head', 'unknown'] as const
export { dismissals } from '../../contracts/dismissal.ts'

const account = z.union([id, z.enum(['me', 'nobody'])])
const accountsOf = z.union([account, z.array(account).max(50)]).transform((value) => (Array.isArray(value) ? value : [value])).optional()

export const findingFilter = z.strictObject({
  state: some(states),
  severity: some(severities),
  claim: some(claimStates),
  claimable: some(claimables),
  ecosystem: some([...ecosystems, 'none']),
  /** Names of teams; `none`: without one. */
  team: texts,
  /** Ids of sources that have a place of it. */
  source: texts,
  role: some(roles),
  /** Accounts' ids; `me`; `nobody`. */
  assignee: accountsOf,
  /** Only those that a recheck proposes as resolved, or only the others. */
  proposed: z.enum(['yes', 'no']).optional(),
  /** In names, places (repository, path, URL), snippets, authors and comments; words, all of them must occur. */
  q: z.string().max(200).optional(),
})
/** `worst`: severity, then newest; the others: newest or oldest first. */
export const orders = ['worst', 'newest', 'oldest', 'updated'] as const

export const accountRef = z.strictObject({ id: z.string(), name: z.string() })
const claim = z.strictObject({
  registry: z.string(), state: z.enum(claimStates), claimable: z.enum(claimables), why: z.string(),
  version: z.string().nullable(), publishedAt: moment.nullable(), checkedAt: moment, failure: z.string().nullable(),
})

/** A line of the inbox. */
export const findingRow = z.strictObject({
  id, identifier: z.string(), kind: z.enum(identifierKinds), ecosystem: z.enum(ecosystems).nullable(), team: z.string().nullable(),
  state: z.enum(states), severity: z.enum(severities),
  /** Why it is that severe, most important first. */
  reasons: z.array(z.string()),
  /** One of `dismissals`, or what a person wrote at the command line. */
  dismissedReason: z.string().nullable(),
  /** Comes back to the inbox then; null: it is not dismissed, or for good. */
  dismissedUntil: moment.nullable(),
  assignee: accountRef.nullable(),
  /** The most alarming claim; null: no registry was asked. */
  claim: claim.pick({ registry: true, state: true, claimable: true }).nullable(),
  /** A place and its copies count once in `groups`; `livePlaces` are not known to be gone. */
  places: z.int(), groups: z.int(), livePlaces: z.int(),
  sources: z.array(z.string()),
  /** The worst place, in short. */
  place: z.strictObject({ source: z.string(), repository: z.string(), path: z.string().nullable(), line: z.int() }).nullable(),
  firstSeenAt: moment, publicSince: moment, publicSinceIsLowerBound: z.boolean(), updatedAt: moment,
  proposed: z.strictObject({ at: moment, reason: z.string() }).nullable(),
  /** A canary of a drill: no real leak. */
  drill: z.boolean(),
  /** What it looked like: sent back with a verb, so that a lost race is a conflict and no overwriting. Grows with every change. */
  version: z.string(),
})
export type FindingRow = z.output<typeof findingRow>

const person = z.strictObject({ name: z.string().nullable(), login: z.string().nullable(), relation: z.string(), reason: z.string() })

/** A place of a finding; `copies` other places are folded under it. */
export const occurrenceRow = z.strictObject({
  id, source: z.string(), url: z.string(), repository: z.string(), path: z.string().nullable(),
  line: z.int(), column: z.int(), role: z.enum(roles), details: z.record(z.string(), z.string()),
  snippet: z.string(),
  /** Where the name stands in the snippet: UTF-16 offsets, end exclusive. Empty: it is spelt across it. */
  highlights: z.array(z.strictObject({ start: z.int(), end: z.int() })),
  mentionCount: z.int(),
  /** Further mentions in the same document, the first 50. */
  mentions: z.array(z.strictObject({ line: z.int(), column: z.int(), role: z.enum(roles) })),
  status: z.enum(statuses), statusReason: z.string().nullable(), statusAt: moment.nullable(), checkedAt: moment.nullable(),
  author: person.nullable(), owner: person.nullable(),
  introducedAt: moment.nullable(),
  /** What speaks against the date. */
  doubts: z.array(z.string()),
  firstSeenAt: moment, lastSeenAt: moment,
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  licence: z.string().nullable(),
  /** Of the copies those that are not known to be gone: its own status may be another one. */
  liveCopies: z.int(),
  copies: z.int(), copyOf: id.nullable(), copyReason: z.string().nullable(),
  suppressed: z.strictObject({ id, reason: z.string(), until: moment }).nullable(),
})
export type OccurrenceRow = z.output<typeof occurrenceRow>

export const findingDetail = findingRow.extend({
  /** Why it matters, one sentence. */
  why: z.string(),
  /** The inventory line or pattern that covers it. */
  coveredBy: z.string(),
  disclose: z.string(),
  acknowledgedAt: moment.nullable(), resolvedAt: moment.nullable(),
  claims: z.array(claim.extend({
    signals: z.array(z.strictObject({ signal: z.string(), weight: z.number(), reason: z.string() })),
    publishers: z.array(z.string()), versionCount: z.int().nullable(), installTimeCode: z.string().nullable(),
    /** Newest first. */
    history: z.array(z.strictObject({ at: moment, state: z.enum(claimStates), claimable: z.enum(claimables), why: z.string(), news: z.string().nullable() })),
  })),
  /** What to paste, per ecosystem. Empty: nothing is known to help. */
  fixes: z.array(z.strictObject({
    title: z.string(),
    /** Why it helps and where it goes. */
    note: z.string(),
    /** Null: it is sent, or worked through. */
    file: z.string().nullable(),
    /** For the highlighting: ini, json, markdown, text, toml, xml, yaml. */
    language: z.string(), text: z.string(),
  })),
  /** How well it was looked for, per source: until when everything was seen, and in a note what stood in the way since. */
  coverage: z.array(z.strictObject({ source: z.string(), completeAt: moment.nullable(), note: z.string() })),
})
export type FindingDetail = z.output<typeof findingDetail>

export const eventRow = z.strictObject({
  id, at: moment, verb: z.string(),
  actor: z.strictObject({ kind: z.enum(['system', 'cli', 'user', 'slack', 'token']), name: z.string() }),
  state: z.enum(states), reason: z.string().nullable(), comment: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type EventRow = z.output<typeof eventRow>

const comment = z.string().trim().min(1).max(10_000).regex(/^[^\0]*$/)
/** What a person does to findings; each writes its event in the same transaction. */
export const triageBody = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('acknowledge'), comment: comment.optional() }),
  z.strictObject({ verb: z.literal('resolve'), comment: comment.optional() }),
  z.strictObject({
    /** `other` needs a comment. */
    verb: z.literal('dismiss'), reason: z.enum(dismissals), comment: comment.optional(),
    /** Comes back to the inbox then; absent: for good. */
    expiresAt: moment.optional(),
  }),
  z.strictObject({ verb: z.literal('reopen'), comment: comment.optional() }),
  /** Null: nobody. `me`: who asks. */
  z.strictObject({ verb: z.literal('assign'), assignee: z.union([id, z.literal('me')]).nullable() }),
  z.strictObject({ verb: z.literal('comment'), comment }),
  z.strictObject({ verb: z.literal('recheck') }),
  /** The name may be public: dismissed as `public-on-purpose`, and no place of it is news from now on. `reopen` takes it back. */
  z.strictObject({ verb: z.literal('mark-public'), reason: comment }),
  /** Every suppression of it is taken back. */
  z.strictObject({ verb: z.literal('unsuppress'), comment: comment.optional() }),
])
export type TriageBody = z.output<typeof triageBody>

/** What came of each; one that lost a race does not undo the others. */
export const triageResult = z.strictObject({
  results: z.array(z.strictObject({ id, outcome: z.enum(['done', 'conflict', 'not-found', 'invalid']), message: z.string().nullable(), finding: findingRow.nullable() })),
})

const ofFinding = z.strictObject({ id })

export const findingRoutes = {
  'GET /api/findings': route({
    summary: 'Findings, worst first, filtered', role: 'viewer', scope: 'read',
    query: findingFilter.extend({ ...paging, order: z.enum(orders).default('worst') }),
    answer: page(findingRow),
  }),
  'GET /api/findings/counts': route({
    summary: 'How many findings the filters leave, and how many each value of each filter would', role: 'viewer', scope: 'read',
    query: findingFilter,
    answer: z.strictObject({
      total: z.int(),
      /** Counted with the other filters in force, not its own. */
      by: z.record(z.enum(['state', 'severity', 'claim', 'ecosystem', 'team', 'source', 'role', 'assignee']), z.array(z.strictObject({ value: z.string(), label: z.string(), count: z.int() }))),
    }),
  }),
  'GET /api/findings/{id}': route({ summary: 'One finding with claims, fixes and coverage', role: 'viewer', scope: 'read', params: ofFinding, answer: findingDetail }),
  'GET /api/findings/{id}/occurrences': route({
    summary: 'Places of a finding: groups of copies folded, or the copies of one', role: 'viewer', scope: 'read', params: ofFinding,
    query: z.strictObject({ ...paging, copyOf: id.optional(), status: some(statuses) }),
    answer: page(occurrenceRow),
  }),
  'GET /api/findings/{id}/events': route({ summary: 'Everything that happened to a finding, newest first', role: 'viewer', scope: 'read', params: ofFinding, query: z.strictObject(paging), answer: page(eventRow) }),
  'POST /api/findings/triage': route({
    summary: 'One verb for up to 500 findings', role: 'analyst', scope: 'triage',
    body: z.strictObject({
      ids: z.array(id).min(1).max(500),
      /** Version of a finding as the person saw it, by id; a finding that changed since is a conflict. */
      versions: z.record(id, id).optional(),
      action: triageBody,
    }),
    answer: triageResult,
  }),
  'POST /api/findings/{id}/suppressions': route({
    // `content`: the same file. `region`: the same lines around the name too, in whatever file.
    summary: 'Keep this content, or these lines, quiet wherever they are copied', role: 'analyst', scope: 'triage', params: ofFinding,
    body: z.strictObject({ occurrence: id, scope: z.enum(['content', 'region']), reason: comment, expiresAt: moment }),
    answer: z.strictObject({ suppression: id, places: z.int(), finding: findingRow }),
  }),
  'DELETE /api/suppressions/{id}': route({ summary: 'Take a suppression back, with everything that the same decision made quiet', role: 'analyst', scope: 'triage', params: ofFinding, answer: z.strictObject({ places: z.int() }) }),
  'GET /api/live': route({
    summary: 'Server-sent events: `changed` with what kind of thing changed, so that the page asks again', role: 'viewer', scope: null,
    answer: z.string(), media: 'text/event-stream',
  }),
  'GET /api/views': route({ summary: 'Saved views: mine, and those that are shared', role: 'viewer', scope: null, answer: z.strictObject({ items: z.array(z.strictObject({ id, name: z.string(), query: z.string(), shared: z.boolean(), mine: z.boolean() })) }) }),
  'POST /api/views': route({ summary: 'Save a view', role: 'viewer', scope: null, body: z.strictObject({ name: z.string().trim().min(1).max(80), query: z.string().max(2_000), shared: z.boolean() }), answer: z.strictObject({ id }) }),
  'DELETE /api/views/{id}': route({ summary: 'Delete a view of mine', role: 'viewer', scope: null, params: ofFinding, answer: z.strictObject({}) }),
} as const

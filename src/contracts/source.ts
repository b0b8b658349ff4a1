import type { Document } from './document.ts'
import type { Json } from './json.ts'
import type { HttpClient } from './http.ts'
import type { Attribution, Place, Recheck } from './place.ts'

/** `max` requests in every `perMs` milliseconds, spaced evenly, over all workers together. */
export interface RateLimit {
  readonly max: number
  readonly perMs: number
}

/**
 * A text that may be sent to a source and the identifiers (database ids) that its results cover.
 * Disclosure rules are already applied: a name with `disclose: never` is in no term.
 */
export interface SearchTerm {
  readonly text: string
  readonly covers: readonly string[]
  /** Requests after which searching its names one by one is cheaper: then stop and say so. Absent: whatever it takes. */
  readonly worth?: number
}

/** One request series of a source: becomes a watch. */
export interface PlannedQuery {
  /** Stable: the same inventory and settings give the same key. */
  readonly key: string
  /** What the source needs to run it; stored with the watch, never put in a queue. */
  readonly input: Json
  /** For people (`plan`, run lists): the query as the remote will see it. */
  readonly text: string
  /** Identifiers (database ids) whose coverage this query proves. */
  readonly covers: readonly string[]
  /** `text` of the term that it searches; absent where a query is made of none. */
  readonly term?: string
}

/** A term that cannot be searched in this source at all, with the reason in words. */
export interface Unsearchable {
  readonly covers: readonly string[]
  readonly reason: string
}

/** Something the source says it has; the body is still to be fetched. */
export interface Hit {
  /** The `ref` of the document it will become. */
  readonly ref: string
  /** Content hash if the source tells it before the fetch: known content is not fetched again. */
  readonly contentHash: string | null
  /** Revision if the source tells it before the fetch, as `Document.revision` will have it: what was read at it is not fetched again. */
  readonly revision?: string | null
  /** What `fetch` needs to get it. */
  readonly locator: Json
  /** Owner/name of the container, for the ignore rules. */
  readonly container: string
  readonly path: string | null
}

/** A part of a query that brings more than the source shows: disjoint from the other parts, together they cover it. */
export interface Slice {
  /** Stable and distinct within the run: what was cut already is not cut again. */
  readonly key: string
  readonly input: Json
}

/** One page of answers. `complete` and `truncated` are claims about the query, not about the page. */
export interface SearchPage {
  /** Hits to fetch (may be empty). */
  readonly hits: readonly Hit[]
  /** Documents that came whole with the page. */
  readonly documents: readonly Document[]
  /** Token of the next page; null when this was the last that can be read. */
  readonly next: string | null
  /** These are searched instead of the rest of this query, which brings more than the source shows. Absent: none. */
  readonly slices?: readonly Slice[]
  /** To be fetched if the document that came with this page has one of our names. Absent: none. */
  readonly onMatch?: readonly OnMatch[]
  /** Results the source claims for the whole query; null when it does not say. */
  readonly counted: number | null
  /** Why results may be missing although every page was read (`incomplete_results`, cap of 1,000 …); null when none. */
  readonly shortfall: string | null
}

/** What to look at only when a document has one of our names: its comments, its former revisions. */
export interface OnMatch {
  readonly ref: string
  readonly hits: readonly Hit[]
}

/** A hit that is what it was by the remote's own word (304), and the documents that it brought then. */
export interface Unchanged {
  /** Fetched in full if one of the documents was not read with this inventory: its locator asks without conditions. */
  readonly hit: Hit
  readonly documents: readonly { readonly ref: string; readonly contentHash: string }[]
}

/**
 * The answer to one fetch of several hits. Every hit is in exactly one of the first four lists, or in `unchanged`; one
 * that only leads to others (a push to its files) is in none, and what it leads to is in `further`.
 */
export interface Fetched {
  readonly documents: readonly Document[]
  /** The source says cleanly that it is not there (any more). */
  readonly absent: readonly { readonly ref: string; readonly reason: string }[]
  /** Could not tell this time: to be asked again. */
  readonly retry: readonly Hit[]
  /** Cannot be read, ever (binary, over the size limit, blocked): recorded as not covered. */
  readonly unreadable: readonly { readonly ref: string; readonly reason: string }[]
  /** Absent: none. */
  readonly unchanged?: readonly Unchanged[]
  /** What the answers lead to (links, source maps): fetched once in a run, by ref. Absent: nothing. */
  readonly further?: readonly Hit[]
  /** Absent: nothing. */
  readonly onMatch?: readonly OnMatch[]
  /** Why something may be missing although every hit was read (a cap on pages or depth, say). Absent: nothing. */
  readonly shortfall?: string
}

/** What a source is asked to plan for. */
export interface Plannable {
  /** What may be sent to it. */
  readonly terms: readonly SearchTerm[]
  /** Every identifier (database id): what a source covers that is read whole and told nothing. */
  readonly everything: readonly string[]
}

/**
 * Small state of a source that outlives the process: validators of conditional requests, robots.txt, daily quotas.
 * The last writer wins. Nothing in it may be needed for correctness: without it the source asks once more.
 */
export interface Memory {
  get(key: string): Promise<Json | null>
  set(key: string, value: Json): Promise<void>
}

/** What the planner needs to know to search for stems that many names share instead of for each name. */
export interface StemFacts {
  /** Marks that the remote documents to separate words. Other marks are believed to do so only after a document proved it. */
  readonly separators: string
  /** Results in one request. */
  readonly perPage: number
  /** Results that it gives for one query at most. */
  readonly cap: number
}

/** A source, opened with its settings. It returns documents; it never matches, writes, notifies or sleeps. */
export interface OpenSource {
  /** Host that sees the queries. */
  readonly destination: string
  /** Cron expression of the sweep, in UTC. */
  readonly schedule: string
  /** `attribute` and `recheck`: of the methods of their name. */
  readonly limits: { readonly search: RateLimit; readonly fetch: RateLimit; readonly attribute?: RateLimit; readonly recheck?: RateLimit }
  /** Hits in one fetch request. */
  readonly batch: number
  /** Absent: names are searched one by one. */
  readonly stems?: StemFacts
  plan(plannable: Plannable): { readonly queries: readonly PlannedQuery[]; readonly unsearchable: readonly Unsearchable[] }
  /** One outbound request. `page` is null for the first. @throws the closed set of errors.ts */
  search(input: Json, page: string | null): Promise<SearchPage>
  /** One outbound request for at most `batch` hits. @throws the closed set of errors.ts */
  fetch(hits: readonly Hit[]): Promise<Fetched>
  /**
   * Who brought a place into the public and when. One outbound request; `progress` is null first, then the `next` of
   * the answer before. Absent: the source cannot tell. @throws the closed set of errors.ts
   */
  attribute?(place: Place, progress: Json | null): Promise<Attribution>
  /**
   * Whether a place is still public. One outbound request. `doubt`: the last answer was no clear one; a source that
   * can ask in another way does. Absent: the source cannot tell. @throws the closed set of errors.ts
   */
  recheck?(place: Place, doubt: boolean): Promise<Recheck>
  /** Questions about a place tell the remote the place's path: not asked where that would tell a name with `disclose: never`. Absent: false. */
  readonly tellsPaths?: boolean
  /** For `doctor`: one cheap request that proves that credentials work; answers what was learnt, in words. */
  check(): Promise<readonly string[]>
}

export interface SourceEnvironment {
  readonly http: HttpClient
  readonly now: () => Date
  /** Owners that are us: their own repositories are not leaks. */
  readonly organizations: readonly string[]
  readonly memory: Memory
  /** What all sources on one remote remember together (limits that are used up); absent: only within this process. */
  readonly shared?: (remote: string) => Memory
}

export interface Source<Settings> {
  readonly id: string
  readonly title: string
  /** Documentation of the remote's API. */
  readonly docs: string
  /** One sentence: what leaves us when this source is swept. */
  readonly discloses: string
  /** Where in the public it cannot look, for coverage statements. */
  readonly blindSpots: readonly string[]
  /** Null: not configured (its row of the settings is absent). */
  open(settings: Settings, environment: SourceEnvironment): OpenSource | null
}

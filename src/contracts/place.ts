import type { Document } from './document.ts'
import type { Json } from './json.ts'

/** A document that has some of our names, for questions about it that one request each can answer. */
export interface Place {
  readonly ref: string
  readonly revision: string
  readonly contentHash: string
  readonly path: string | null
  /** As the source put it into `Document.locator`. */
  readonly locator: Json
  /** 1-based lines of the mentions, ascending, each once. */
  readonly lines: readonly number[]
  /** Former contents that had our names: are they still to be had (in a history)? */
  readonly formerHashes: readonly string[]
}

/** Somebody who owns a place or wrote a line of it. No address is kept, only its domain. */
export interface Person {
  /** Survives renames; null: no account, or not told. */
  readonly id: string | null
  readonly login: string | null
  readonly name: string | null
  readonly kind: 'user' | 'organization' | 'unknown'
  readonly emailDomain: string | null
  /** Our organisations of which it is publicly a member; null: not told. */
  readonly memberOf: readonly string[] | null
  /** Employer by its own profile. */
  readonly company: string | null
}

/**
 * What a person is to the company, the strongest that can be proven:
 * - `own`: it is us
 * - `member`: public member of one of our organisations
 * - `known`: on the company's list of people (former employees, contractors)
 * - `email-domain`: wrote with an address of the company; whoever writes a commit chooses it
 * - `profile`: names the company in the profile
 * - `unknown`: nothing of that could be shown, which proves nothing
 */
export const relations = ['own', 'member', 'known', 'email-domain', 'profile', 'unknown'] as const
export type Relation = (typeof relations)[number]

/** A change of a place. Its dates are those that its author gave: nobody checks them. */
export interface Change {
  /** Stable id (a commit). */
  readonly id: string
  readonly author: Person
  readonly authoredAt: Date | null
  readonly committedAt: Date | null
}

/** What a place lies in (a repository), as it is now. */
export interface ContainerFacts {
  readonly id: string
  readonly name: string
  readonly owner: Person
  /** Id of what it is a copy of (a fork's parent); null: of nothing. */
  readonly parentId: string | null
  readonly createdAt: Date | null
  /** Last change of anything in it, by the remote's own clock. */
  readonly changedAt: Date | null
  /** For people: stars, forks, archived … */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

/** What one request told about who and when. Everything absent: not told by this one. */
export interface Attribution {
  /** Who wrote which of the lines that were asked for. */
  readonly lines?: readonly { readonly line: number; readonly change: Change }[]
  /** The last change of the whole file: it was public then, who wrote the line is not known. */
  readonly file?: Change
  readonly container?: ContainerFacts
  /** More about authors that an earlier request named, by id. */
  readonly people?: readonly Person[]
  /** The cheap answer stands in for a better one that could not be had this time. */
  readonly cheap?: boolean
  /** What to ask next, for the next request; null: that was all. */
  readonly next: Json | null
}

/**
 * Whether a place is still public:
 * - `present`: it is; with the document as it is now, unless only its hash could be compared
 * - `absent`: cleanly not there (`gone`), or not there while its former content still is (`gone-from-head`)
 * - `blocked`: taken down by the remote: gone, no second look needed
 * - `unknown`: anything else, never gone
 */
export type Recheck =
  | { readonly state: 'present'; readonly document: Document | null; readonly missing: readonly string[] }
  | { readonly state: 'absent'; readonly status: 'gone' | 'gone-from-head'; readonly reason: string }
  | { readonly state: 'blocked'; readonly reason: string }
  | { readonly state: 'unknown'; readonly reason: string }

import type { IdentifierKind, Ecosystem } from '../contracts/inventory.ts'
import type { Role } from '../contracts/match.ts'
import type { SourceText } from './source-text.ts'

/** A mention as a format sees it. Offsets into `SourceText.text`, end exclusive. */
export interface Place {
  readonly start: number
  readonly end: number
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
}

/**
 * What a format says about a mention. Words used as keys of `details`, the same in every format:
 *
 * | key        | value                                                                        |
 * | ---------- | ---------------------------------------------------------------------------- |
 * | `format`   | id of the format that was read                                               |
 * | `in`       | `code block`, `inline code`: a piece of code inside prose                    |
 * | `context`  | why it may be harmless: a test fixture, a placeholder … (see `context.ts`)    |
 * | `section`  | `runtime`, `dev`, `optional`, `peer`, `build`, `test`, `comment`, `description` … |
 * | `version`  | declared or locked version, or the specification as written                  |
 * | `registry` | host that the file says it comes from                                        |
 * | `url`      | without user, password, query and fragment                                   |
 * | `key`      | name of the setting                                                          |
 * | `command`  | `npm install`, `docker pull` …                                               |
 * | `language` | of an import, a stack trace or a code block                                  |
 * | `log`      | whose build log it is                                                        |
 * | `note`     | a fact in words that changes how much it matters                             |
 */
export interface Verdict {
  readonly role: Role
  readonly details: Readonly<Record<string, string>>
}

/** Says what a mention is; null: this format has nothing to say about that place. Never throws. */
export type Reader = (place: Place) => Verdict | null

/** One kind of file. A new one is a file in `formats/` and a line in `formats/all.ts`. */
export interface Format {
  /** Becomes `details.format`. */
  readonly id: string
  /** By the file's name alone. */
  claimsPath(file: SourceText): boolean
  /** By content, asked only when no format claims the path; `head` is the first 4,096 characters. */
  claimsContent(head: string, file: SourceText): boolean
  /** Reads the structure once; linear in the text, whatever the text is. */
  read(file: SourceText): Reader
}

/** A verdict without the details that there are none of. */
export function verdict(role: Role, details: Readonly<Record<string, string | null>> = {}): Verdict {
  const said: Record<string, string> = {}
  for (const key of Object.keys(details)) {
    const value = details[key]
    if (typeof value === 'string' && value !== '') said[key] = value
  }
  return { role, details: said }
}

/** Words for people inside a file for machines. */
export function comment(): Verdict {
  return verdict('prose', { section: 'comment' })
}

import { z } from 'zod'

/** What a person may do: each role may do what the ones before it may. */
export const accountRoles = ['viewer', 'analyst', 'administrator'] as const
export type AccountRole = (typeof accountRoles)[number]

/** What a personal API token may do, at most what its owner may. `triage` and `manage` include `read`. */
export const scopes = ['read', 'triage', 'manage'] as const
export type Scope = (typeof scopes)[number]

/** One route of the API: data, from which server, OpenAPI file, typed client and the table of refusals are made. */
export interface Route {
  /** One sentence for the OpenAPI file. */
  readonly summary: string
  /** The least that may call it. `nobody-yet`: before the login. */
  readonly role: AccountRole | 'nobody-yet'
  /** The scope that a token needs; null: no token may, only a person with a session. */
  readonly scope: Scope | null
  /** Parts of the path in braces (`{id}`). */
  readonly params?: z.ZodObject
  /** Texts of the address; a list is written as the key again and again. */
  readonly query?: z.ZodObject
  /** JSON. */
  readonly body?: z.ZodType
  /** Bytes of the body at most; absent: 1 MiB. */
  readonly maxBytes?: number
  /** JSON, or what stands in `media`. */
  readonly answer: z.ZodType
  /** Absent: application/json. */
  readonly media?: string
}

/** Keeps the exact types of the schemas while it checks the shape. */
export function route<const R extends Route>(row: R): R {
  return row
}

/** Decimal text: ids are bigint in the database. */
export const id = z.string().regex(/^[1-9]\d{0,18}$/)
/** ISO 8601, UTC. */
export const moment = z.iso.datetime()

/** A page of a list. `next` is opaque; null: this was the last page. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), next: z.string().nullable() })
}
/** What every paged list takes. A cursor holds for the filters that it was made with. */
export const paging = { cursor: z.string().max(500).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }

/** One or several of a closed list; the key again and again in the address. */
export const some = <const Words extends readonly [string, ...string[]]>(words: Words) => z.union([z.enum(words), z.array(z.enum(words))]).transform((value) => (Array.isArray(value) ? value : [value])).optional()
/** PostgreSQL knows no NUL. */
const text = z.string().max(200).regex(/^[^\0]*$/)
export const texts = z.union([text, z.array(text).max(50)]).transform((value) => (Array.isArray(value) ? value : [value])).optional()

/** RFC 9457, media type application/problem+json: every answer that is not 2xx. */
export const problem = z.strictObject({
  type: z.string(),
  /** Stable words: `conflict`, `not-found`, `invalid`, `not-allowed`, `no-session`, `too-many-requests`, `retry-later`, `wrong-host`, `failed`. */
  code: z.string(),
  title: z.string(),
  status: z.int(),
  /** What happened and the way out, for a person. */
  detail: z.string().optional(),
  /** Of `invalid`: which key, what was expected. */
  faults: z.array(z.strictObject({ key: z.string(), expected: z.string() })).optional(),
})
export type Problem = z.output<typeof problem>

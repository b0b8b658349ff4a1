import { z } from 'zod'

/**
 * One result of code search, only what is used. `description`, `owner.type` and `owner.node_id` are announced to
 * become null and are not read. https://docs.github.com/en/rest/search/search#search-code
 */
const searchItem = z
  .object({
    path: z.string().min(1).max(4096),
    sha: z.string().regex(/^[0-9a-f]{40,64}$/),
    url: z.string().optional().catch(undefined),
    html_url: z.string().optional().catch(undefined),
    repository: z.object({
      id: z.int().positive(),
      node_id: z.string().min(1).max(200).nullish().catch(null),
      full_name: z.string().regex(/^[^/\s]{1,100}\/[^/\s]{1,100}$/),
      private: z.boolean().nullish().catch(null),
    }),
  })
  .transform(({ path, sha, url, html_url, repository }) => ({
    path,
    oid: sha,
    repositoryId: String(repository.id),
    nodeId: repository.node_id ?? null,
    name: repository.full_name,
    isPrivate: repository.private === true,
    commit: commitIn(html_url, url),
    web: webOrigin(html_url),
  }))
export type SearchItem = z.output<typeof searchItem>

/** Strict about the envelope, lenient per item: what cannot be read is counted, so that it is not lost quietly. */
export const searchAnswer = z
  .object({ total_count: z.int().nonnegative(), incomplete_results: z.boolean(), items: z.array(z.unknown()).max(1_000) })
  .transform(({ total_count, incomplete_results, items }) => {
    const parsed = items.map((item) => searchItem.safeParse(item))
    const readable = parsed.flatMap((item) => (item.success ? [item.data] : []))
    return { total: total_count, incomplete: incomplete_results, delivered: items.length, readable }
  })

/** The commit that was indexed: in `html_url` (`/blob/<commit>/`) or in `url` (`?ref=<commit>`). */
function commitIn(htmlUrl: string | undefined, url: string | undefined): string | null {
  return /\/blob\/([0-9a-f]{40,64})\//.exec(htmlUrl ?? '')?.[1] ?? /[?&]ref=([0-9a-f]{40,64})(?:&|$)/.exec(url ?? '')?.[1] ?? null
}

function webOrigin(htmlUrl: string | undefined): string | null {
  if (htmlUrl === undefined || !URL.canParse(htmlUrl)) return null
  const { protocol, origin } = new URL(htmlUrl)
  return protocol === 'https:' || protocol === 'http:' ? origin : null
}

/** What `fetch` needs to get a hit; stored with the step, so old ones must stay readable. */
export const locator = z.object({
  /** Null: GitHub did not tell it; the file is fetched whole by REST. */
  nodeId: z.string().nullable(),
  repositoryId: z.string().regex(/^\d{1,20}$/),
  /** owner/name at the time of the search. */
  name: z.string(),
  oid: z.string(),
  /** The commit that was indexed; null: unknown. */
  commit: z.string().nullable(),
  path: z.string(),
  /** Origin of the web pages, for example `https://github.com`. */
  web: z.string(),
  /** Fetch it alone and in full, by REST. */
  whole: z.boolean(),
})
export type Locator = z.output<typeof locator>

/** The query of a watch. */
export const searchInput = z.object({ q: z.string() })

/** GraphQL integers above 2^53 arrive as bigint. */
const integer = z.union([z.int(), z.bigint()])

/** One alias of the batch: `node(id:)` with `object(oid:)`. */
export const repositoryNode = z.object({
    databaseId: integer.nullish().transform((id) => (id === null || id === undefined ? null : String(id))),
    nameWithOwner: z.string().regex(/^[^/\s]{1,100}\/[^/\s]{1,100}$/),
    isPrivate: z.boolean(),
    object: z
      .object({
        type: z.string(),
        oid: z.string(),
        byteSize: integer.nullish(),
        isBinary: z.boolean().nullish(),
        isTruncated: z.boolean().nullish(),
        text: z.string().nullish(),
      })
      .nullable(),
  })

/** https://docs.github.com/en/rest/git/blobs#get-a-blob */
export const blobAnswer = z.object({ sha: z.string(), size: z.int().nonnegative(), encoding: z.literal('base64'), content: z.string() })

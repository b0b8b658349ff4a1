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

/** A part of a query: bytes from and to, inclusive, and qualifiers that results fit or do not fit. */
const cut = z.object({
  size: z.tuple([z.int().nonnegative(), z.int().nonnegative()]).optional(),
  only: z.array(z.string()).optional(),
  without: z.array(z.string()).optional(),
})
export type Cut = z.output<typeof cut>

/** The query of a watch, or a part of it; `worth`: requests that it may take, see `SearchTerm`. */
export const searchInput = z.object({ q: z.string(), worth: z.number().optional(), cut: cut.optional() })
export type SearchInput = z.output<typeof searchInput>

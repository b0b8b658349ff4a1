import { z } from 'zod'
import { moment, pageUrl } from '../../remotes/github/parts.ts'

const id = z.string().regex(/^[0-9a-f]{10,64}$/)

export const gistList = z.array(z.unknown()).max(1_000)
/** One of a person's gists, without content. https://docs.github.com/en/rest/gists/gists#list-gists-for-a-user */
export const listedGist = z.object({ id, updated_at: moment })

/** What is remembered of a page of the list: what a 304 would say again. */
export const rememberedList = z.object({ etag: z.string().nullable(), gists: z.array(listedGist), more: z.boolean(), unreadable: z.boolean() })
export type RememberedList = z.output<typeof rememberedList>

/** What `fetch` needs, and a recheck; stored with the step and the document, so old ones must stay readable. */
export const gistLocator = z.object({ id, login: z.string(), updatedAt: z.string() })
export type GistLocator = z.output<typeof gistLocator>

/** Contents are cut at a megabyte, files at 300. https://docs.github.com/en/rest/gists/gists#get-a-gist */
export const gistAnswer = z.object({
  id,
  html_url: pageUrl,
  description: z.string().nullish(),
  created_at: moment,
  updated_at: moment,
  truncated: z.boolean().nullish().catch(null),
  files: z.record(z.string(), z.unknown()),
})
export type GistAnswer = z.output<typeof gistAnswer>
export const gistFile = z.object({ filename: z.string().min(1).max(1_000), content: z.string(), truncated: z.boolean().nullish().catch(null) })

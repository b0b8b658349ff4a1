import { z } from 'zod'
import { readEach } from '../../remotes/job-board/read-each.ts'

const text = z.string().nullish().catch(null)

/** A story, a comment or a job, as the search returns it. https://hn.algolia.com/api */
const found = z.object({
  objectID: z.string().regex(/^\d{1,20}$/),
  title: text,
  url: text,
  author: text,
  story_text: text,
  comment_text: text,
  story_id: z.union([z.int(), z.string()]).nullish().catch(null),
  story_title: text,
  created_at_i: z.int().positive(),
  updated_at: text,
})
export type Found = z.output<typeof found>

export const searchAnswer = z
  .object({ hits: z.array(z.unknown()), nbHits: z.int().nonnegative(), exhaustiveNbHits: z.boolean().nullish().catch(null) })
  .transform(({ hits, nbHits }) => ({ ...readEach(hits, found), delivered: hits.length, total: nbHits }))

/** One node of the tree of an item: a deleted one has neither author nor text. */
export const node = z.object({
  id: z.int().positive(),
  author: text,
  title: text,
  url: text,
  text,
  created_at_i: z.int().positive(),
  children: z.array(z.unknown()).nullish().catch(null),
})
export type Node = z.output<typeof node>

export const searchInput = z.union([z.object({ phrase: z.string() }), z.object({ hiring: z.literal(true) })])
export const itemLocator = z.string().regex(/^\d{1,20}$/)
/** Where the walk back in time is: seconds. */
export const pageToken = z.string().regex(/^\d{1,12}$/)

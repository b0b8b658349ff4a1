import { z } from 'zod'
import { readEach } from '../../remotes/job-board/read-each.ts'

const text = z.string().nullish().catch(null)
const seconds = z.int().nonnegative()

/** What is around every answer. An absent field is an empty one. https://api.stackexchange.com/docs/wrapper */
const wrapper = {
  has_more: z.boolean().optional(),
  quota_remaining: z.int().optional(),
  /** Seconds in which the same method must not be called. */
  backoff: z.int().nonnegative().optional(),
}

export function answerOf<Item extends z.ZodType>(item: Item) {
  return z
    .object({ items: z.array(z.unknown()), ...wrapper })
    .transform(({ items, has_more, quota_remaining, backoff }) => ({
      ...readEach(items, item),
      delivered: items.length,
      hasMore: has_more === true,
      quotaRemaining: quota_remaining ?? null,
      backoffSeconds: backoff ?? 0,
    }))
}

/** https://api.stackexchange.com/docs/error-handling; the status of the answer is 400 for all of them. */
export const refusal = z.object({ error_id: z.int(), error_name: z.string(), error_message: text })

/** https://api.stackexchange.com/docs/excerpt-search; an unknown type of item is unreadable, and counted. */
export const excerpt = z
  .object({ item_type: z.enum(['question', 'answer']), question_id: z.int().positive(), answer_id: z.int().positive().optional(), last_activity_date: seconds.optional() })
  .refine(({ item_type, answer_id }) => item_type === 'question' || answer_id !== undefined)
  .transform(({ item_type, question_id, answer_id, last_activity_date }) => ({
    post: item_type === 'answer' ? (answer_id ?? question_id) : question_id,
    revision: last_activity_date === undefined ? null : String(last_activity_date),
  }))

const owner = z.object({ user_id: z.int().optional(), display_name: text, link: text }).nullish().catch(null)

export const post = z.object({
  post_id: z.int().positive(),
  post_type: z.enum(['question', 'answer']),
  title: text,
  body: text,
  body_markdown: text,
  link: text,
  owner,
  creation_date: seconds,
  last_edit_date: seconds.optional().catch(undefined),
  last_activity_date: seconds.optional().catch(undefined),
  content_license: text,
})
export type Post = z.output<typeof post>

export const comment = z.object({
  comment_id: z.int().positive(),
  post_id: z.int().positive(),
  body: text,
  body_markdown: text,
  link: text,
  owner,
  creation_date: seconds,
  content_license: text,
})
export type Comment = z.output<typeof comment>

/** Votes to close or delete have neither body nor number. https://api.stackexchange.com/docs/types/revision */
export const revision = z.object({
  revision_number: z.int().positive().optional(),
  post_id: z.int().positive(),
  creation_date: seconds,
  title: text,
  body: text,
  user: owner,
  content_license: text,
})
export type Revision = z.output<typeof revision>

export const createdFilter = z.object({ filter: z.string().regex(/^[!\w()*.~-]{1,200}$/), filter_type: z.enum(['safe', 'unsafe', 'invalid']) })

export const searchInput = z.object({ site: z.string().regex(/^[a-z][a-z.]{0,60}$/), phrases: z.array(z.string()).min(1) })

/** What to fetch: posts by themselves; what hangs on a post that matched. */
export const locator = z.object({
  site: z.string().regex(/^[a-z][a-z.]{0,60}$/),
  kind: z.enum(['post', 'comments', 'history']),
  post: z.int().positive(),
  /** Of comments and history: 1 at first. */
  page: z.int().positive().default(1),
  /** Asked for by itself: pages of several posts together cannot be told apart. */
  alone: z.boolean().default(false),
  /** One of the post's comments; absent: all of them, or the post itself. */
  comment: z.int().positive().optional(),
})
export type Locator = z.output<typeof locator>

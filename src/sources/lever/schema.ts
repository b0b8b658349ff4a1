import { z } from 'zod'

const text = z.string().nullish().catch(null)

/** https://github.com/lever/postings-api; `createdAt` (milliseconds) is not documented there, and there is no date of the last change. */
export const posting = z.object({
  id: z.string().min(1).max(100),
  text: z.string(),
  hostedUrl: z.url({ protocol: /^https?$/ }),
  createdAt: z.number().nullish().catch(null),
  categories: z.unknown().optional(),
  country: text,
  opening: text,
  description: text,
  descriptionBody: text,
  /** Not part of the description. */
  lists: z.array(z.object({ text, content: text }).catch({ text: null, content: null })).nullish().catch(null),
  additional: text,
  salaryDescription: text,
})
export type LeverPosting = z.output<typeof posting>

/** A bare list; an error is an object. */
export const postingsAnswer = z.array(z.unknown())

import { z } from 'zod'
import { readEach } from '../../remotes/job-board/read-each.ts'

const text = z.string().nullish().catch(null)
export const externalPath = z.string().regex(/^\/[^?#\s]{1,500}$/)
const listed = z.object({ title: z.string(), externalPath })

/** What the site of a company asks for; not documented. `total` is right on the first page only. */
export const jobsAnswer = z
  .object({ total: z.int().nonnegative(), jobPostings: z.array(z.unknown()) })
  .transform(({ total, jobPostings }) => ({ ...readEach(jobPostings, listed), delivered: jobPostings.length, total }))

export const jobAnswer = z.object({
  jobPostingInfo: z.object({
    title: z.string(),
    jobDescription: text,
    jobReqId: text,
    location: text,
    additionalLocations: z.unknown().optional(),
    startDate: text,
    externalUrl: z.url({ protocol: /^https?$/ }).nullish().catch(null),
  }),
})

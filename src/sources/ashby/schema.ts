import { z } from 'zod'
import { readEach } from '../../remotes/job-board/read-each.ts'

const text = z.string().nullish().catch(null)

/** https://developers.ashbyhq.com/docs/public-job-posting-api */
const job = z.object({
  id: z.string().min(1).max(100),
  title: z.string(),
  jobUrl: z.url({ protocol: /^https?$/ }),
  isListed: z.boolean().nullish().catch(null),
  publishedAt: text,
  department: text,
  team: text,
  location: text,
  secondaryLocations: z.unknown().optional(),
  descriptionHtml: text,
  descriptionPlain: text,
  compensation: z.unknown().optional(),
})
export type Job = z.output<typeof job>

export const jobsAnswer = z.object({ jobs: z.array(z.unknown()) }).transform(({ jobs }) => readEach(jobs, job))

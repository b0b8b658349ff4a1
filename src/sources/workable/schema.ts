import { z } from 'zod'
import { readEach } from '../../remotes/job-board/read-each.ts'

const text = z.string().nullish().catch(null)

/** https://help.workable.com/hc/en-us/articles/115012771647; the widget of a careers page reads the same. */
const job = z.object({
  title: z.string(),
  shortcode: z.string().min(1).max(100),
  url: z.url({ protocol: /^https?$/ }),
  department: text,
  function: text,
  industry: text,
  locations: z.unknown().optional(),
  description: text,
  published_on: text,
  created_at: text,
})
export type Job = z.output<typeof job>

export const accountAnswer = z
  .object({ name: text, description: text, jobs: z.array(z.unknown()) })
  .transform(({ name, description, jobs }) => ({ name: name ?? '', description: description ?? '', ...readEach(jobs, job) }))

import { z } from 'zod'
import { readEach } from '../../remotes/job-board/read-each.ts'

const text = z.string().nullish().catch(null)
const named = z.object({ name: text }).catch({ name: null })
const names = z.array(named).nullish().catch(null)

/** https://developers.greenhouse.io/job-board.html#list-jobs; what a board may leave out is lenient. */
const job = z.object({
  id: z.int().positive(),
  title: z.string(),
  absolute_url: z.url({ protocol: /^https?$/ }),
  updated_at: text,
  first_published: text,
  /** HTML, escaped as a text inside of the JSON. */
  content: text,
  location: named.nullish().catch(null),
  departments: names,
  offices: z.array(z.object({ name: text, location: text }).catch({ name: null, location: null })).nullish().catch(null),
  /** Fields of the company's own: value is a text, a list, a number, an object. */
  metadata: z.array(z.object({ name: text, value: z.unknown().optional() }).catch({ name: null, value: null })).nullish().catch(null),
})
export type Job = z.output<typeof job>

export const jobsAnswer = z
  .object({ jobs: z.array(z.unknown()), meta: z.object({ total: z.int().nullish().catch(null) }).nullish().catch(null) })
  .transform(({ jobs, meta }) => ({ ...readEach(jobs, job), total: meta?.total ?? null }))

const question = z
  .object({ label: text, description: text, fields: z.array(z.object({ values: z.array(z.object({ label: text }).catch({ label: null })).nullish().catch(null) }).catch({ values: null })).nullish().catch(null) })
  .catch({ label: null, description: null, fields: null })
const questions = z.array(question).nullish().catch(null)

/** https://developers.greenhouse.io/job-board.html#retrieve-a-job */
export const jobAnswer = z.object({
  title: z.string(),
  absolute_url: z.url({ protocol: /^https?$/ }),
  first_published: text,
  updated_at: text,
  questions,
  location_questions: questions,
  compliance: z.array(z.object({ description: text, questions }).catch({ description: null, questions: null })).nullish().catch(null),
  pay_input_ranges: z.array(z.object({ title: text, blurb: text }).catch({ title: null, blurb: null })).nullish().catch(null),
})
export type JobDetail = z.output<typeof jobAnswer>
export type Question = z.output<typeof question>

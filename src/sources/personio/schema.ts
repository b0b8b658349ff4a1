import { z } from 'zod'
import { readEach } from '../../remotes/job-board/read-each.ts'

const text = z.string().nullish().catch(null)
const description = z.object({ name: text, value: text }).catch({ name: null, value: null })

/** https://developer.personio.de/docs/retrieving-open-job-positions */
const position = z.object({
  id: z.string().regex(/^\d{1,20}$/),
  name: z.string(),
  subcompany: text,
  office: text,
  additionalOffices: z.unknown().optional(),
  department: text,
  recruitingCategory: text,
  keywords: text,
  jobDescriptions: z.object({ jobDescription: z.array(description).optional() }).nullish().catch(null),
  createdAt: text,
})
export type Position = z.output<typeof position>

/** A feed without positions is an empty element. */
export const positionsAnswer = z
  .object({ 'workzag-jobs': z.union([z.object({ position: z.array(z.unknown()).optional() }), z.literal('')]) })
  .transform(({ 'workzag-jobs': jobs }) => readEach(jobs === '' ? [] : (jobs.position ?? []), position))

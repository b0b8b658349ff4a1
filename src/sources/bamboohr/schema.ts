import { z } from 'zod'
import { readEach } from '../../remotes/job-board/read-each.ts'

const text = z.string().nullish().catch(null)

/** What the careers page of a company asks for; not documented. */
const opening = z.object({ id: z.string().regex(/^\d{1,20}$/), jobOpeningName: z.string() })

export const listAnswer = z
  .object({ meta: z.object({ totalCount: z.int().nullish().catch(null) }).nullish().catch(null), result: z.array(z.unknown()) })
  .transform(({ meta, result }) => ({ ...readEach(result, opening), total: meta?.totalCount ?? null }))

export const detailAnswer = z.object({
  result: z.object({
    jobOpening: z.object({
      jobOpeningName: z.string(),
      jobOpeningShareUrl: z.url({ protocol: /^https?$/ }).nullish().catch(null),
      description: text,
      datePosted: text,
      departmentLabel: text,
      minimumExperience: text,
      compensation: text,
      location: z.unknown().optional(),
    }),
  }),
})

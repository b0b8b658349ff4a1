import { z } from 'zod'
import { readEach } from '../../remotes/job-board/read-each.ts'

const text = z.string().nullish().catch(null)
const posting = z.object({ id: z.string().regex(/^[\w-]{1,100}$/), releasedDate: text })

/** https://developers.smartrecruiters.com/docs/posting-api */
export const postingsAnswer = z
  .object({ offset: z.int(), limit: z.int(), totalFound: z.int().nonnegative(), content: z.array(z.unknown()) })
  .transform(({ totalFound, content }) => ({ ...readEach(content, posting), delivered: content.length, total: totalFound }))

const section = z.object({ title: text, text }).nullish().catch(null)

export const postingAnswer = z.object({
  name: z.string(),
  postingUrl: z.url({ protocol: /^https?$/ }),
  releasedDate: text,
  department: z.unknown().optional(),
  function: z.unknown().optional(),
  customField: z.unknown().optional(),
  jobAd: z.object({ sections: z.record(z.string(), section) }),
})

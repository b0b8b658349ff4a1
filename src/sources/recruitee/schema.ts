import { z } from 'zod'
import { readEach } from '../../remotes/job-board/read-each.ts'

const text = z.string().nullish().catch(null)

/** https://docs.recruitee.com/reference/offers; dates are `YYYY-MM-DD HH:MM:SS UTC`. */
const offer = z.object({
  id: z.int().positive(),
  title: z.string(),
  careers_url: z.url({ protocol: /^https?$/ }),
  department: text,
  location: text,
  description: text,
  requirements: text,
  /** The same once more in each language. */
  translations: z.record(z.string(), z.object({ title: text, description: text, requirements: text }).catch({ title: null, description: null, requirements: null })).nullish().catch(null),
  published_at: text,
  created_at: text,
})
export type Offer = z.output<typeof offer>

export const offersAnswer = z.object({ offers: z.array(z.unknown()) }).transform(({ offers }) => readEach(offers, offer))

import { z } from 'zod'

const text = z.string().nullish().catch(null)

/** What the board of a company serves to its widget; not documented. */
export const position = z.object({
  id: z.string().min(1).max(100),
  name: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  published_date: text,
  department: text,
})
export const positionsAnswer = z.array(z.unknown())

/** https://schema.org/JobPosting, what an ad's own page has of it. */
export const jobPosting = z.object({ description: text, title: text, qualifications: z.unknown().optional(), responsibilities: z.unknown().optional(), skills: z.unknown().optional() })
export const lead = z.object({ id: z.string(), url: z.url({ protocol: /^https?$/ }), name: z.string(), published: text })

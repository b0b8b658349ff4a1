import { z } from 'zod'

/** The query of a watch: which of the configured places it reads. */
export const pageInput = z.object({ start: z.string() })

/** What `fetch` needs to get a hit; stored with the step, so old ones must stay readable. */
export const locator = z.object({
  kind: z.enum(['page', 'sitemap']),
  url: z.string(),
  /** The start of the crawl that led there, as configured. */
  start: z.string(),
  /** Links from the start; of a sitemap: indexes above it. */
  depth: z.int().nonnegative(),
  /** Token of the crawl. */
  crawl: z.number(),
  /** Ask without conditions: what it was the last time was read with another inventory. */
  whole: z.boolean(),
})
export type Locator = z.output<typeof locator>

/** What a recheck needs of a document besides its ref, which is its address. */
export const documentLocator = z.object({ start: z.string() })

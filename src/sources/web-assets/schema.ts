import { z } from 'zod'

/** The query of a watch: which of the configured sites it reads. */
export const assetsInput = z.object({ site: z.string() })

/**
 * What is fetched:
 * - `page`: HTML, which leads to everything else
 * - `file`: a script, a style sheet, a licence text
 * - `map`: a source map
 * - `hidden-map`: where the source map of a script would be that names none
 * - `manifest`: JSON that lists files, where bundlers usually leave it
 */
export const kinds = ['page', 'file', 'map', 'hidden-map', 'manifest'] as const
export type Kind = (typeof kinds)[number]

/** What `fetch` needs to get a hit; stored with the step, so old ones must stay readable. */
export const locator = z.object({
  kind: z.enum(kinds),
  url: z.string(),
  /** The site as configured. */
  site: z.string(),
  /** Links from the site's front page. */
  depth: z.int().nonnegative(),
  /** Token of the crawl. */
  crawl: z.number(),
  /** Ask without conditions: what it was the last time was read with another inventory. */
  whole: z.boolean(),
})
export type Locator = z.output<typeof locator>

/** Addresses that something leads to, by what they are. */
export type Led = Readonly<Record<Kind, readonly string[]>>
export const nowhere: Led = { page: [], file: [], map: [], 'hidden-map': [], manifest: [] }

/** What a recheck needs of a document: the file that brought it. */
export const documentLocator = locator.pick({ kind: true, url: true, site: true })

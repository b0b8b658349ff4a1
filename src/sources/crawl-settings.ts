import { z } from 'zod'

/** A place of the web that is read from its address on, along links and sitemaps. */
export const crawlSettings = {
  url: z.url({ protocol: /^https?$/ }).describe('Where it begins'),
  within: z.enum(['path', 'host', 'site']).default('host').describe('How far it goes: below the path of the address, on its host, or on its whole registrable domain'),
  depth: z.int().min(0).max(20).default(3).describe('Links from the beginning; what lies deeper is told as a gap'),
  maxPages: z.int().min(1).max(20_000).default(1_000).describe('Pages of one sweep; what lies beyond is told as a gap'),
}

export const requestsPerMinute = z.int().min(1).max(6_000).default(60).describe('Requests in a minute, over all of these sites together; a Crawl-delay of theirs is obeyed besides')

import { z } from 'zod'
import { readEach } from '../../remotes/job-board/read-each.ts'

const text = z.string().nullish().catch(null)

/** An item of the RSS feed of a career site. */
const item = z.object({
  title: z.string(),
  link: z.url({ protocol: /^https?$/ }),
  guid: z.string().min(1).max(500),
  pubDate: text,
  description: text,
  'tt:department': text,
  'tt:role': text,
  'tt:division': text,
  'tt:locations': z.unknown().optional(),
})
export type Item = z.output<typeof item>

/** A channel without items is an empty element, and still a channel. */
export const feed = z
  .object({ rss: z.object({ channel: z.union([z.object({ title: text, description: text, item: z.array(z.unknown()).optional() }), z.literal('')]) }) })
  .transform(({ rss: { channel } }) => readEach(channel === '' ? [] : (channel.item ?? []), item))

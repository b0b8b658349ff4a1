import { XMLParser } from 'fast-xml-parser'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { z } from 'zod'
import { ContractBroken } from '../../errors.ts'
import { decodeText } from '../../net/decode-text.ts'

/** What a sitemap lists: https://www.sitemaps.org/protocol.html */
export interface Sitemap {
  readonly pages: readonly string[]
  /** Further sitemaps, of an index. */
  readonly sitemaps: readonly string[]
}

/** Bytes of a sitemap, decompressed; the protocol allows 50 MB, no company's has it. */
export const sitemapBytes = 16 * 1024 * 1024
/** The protocol's own number. */
const mostEntries = 50_000

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  isArray: (name) => name === 'url' || name === 'sitemap',
})
const entries = z
  .array(z.unknown())
  .catch([])
  .transform((list) => list.flatMap((one) => z.object({ loc: z.string() }).safeParse(one).data?.loc.trim() ?? []))
const shape = z.object({
  urlset: z.object({ url: entries.optional() }).catch({}).optional(),
  sitemapindex: z.object({ sitemap: entries.optional() }).catch({}).optional(),
})

/**
 * Reads a sitemap, an index of sitemaps, or a plain list of addresses; gzipped ones too, whether or not the server
 * says so. @throws ContractBroken what is none of these, or grows over the cap when decompressed
 */
export async function readSitemap(bytes: Uint8Array, contentType: string | null): Promise<Sitemap> {
  const text = decodeText(await inflated(bytes), contentType).trim()
  if (/^https?:\/\//.test(text)) return { pages: text.split(/\s+/).slice(0, mostEntries), sitemaps: [] }
  const parsed = shape.safeParse(parse(text))
  if (!parsed.success || (parsed.data.urlset === undefined && parsed.data.sitemapindex === undefined)) throw new ContractBroken('a sitemap cannot be read')
  return { pages: (parsed.data.urlset?.url ?? []).slice(0, mostEntries), sitemaps: (parsed.data.sitemapindex?.sitemap ?? []).slice(0, mostEntries) }
}

async function inflated(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: sitemapBytes })
  } catch {
    throw new ContractBroken('a gzipped sitemap is broken or too large')
  }
}

function parse(text: string): unknown {
  try {
    return parser.parse(text)
  } catch {
    // The parser's message quotes the text.
    throw new ContractBroken('a sitemap cannot be read')
  }
}

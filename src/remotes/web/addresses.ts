import { createHash } from 'node:crypto'
import { siteOf } from '../../net/addresses.ts'

/** How far from its start a crawl goes: below the start's path, its host, or the whole registrable domain. */
export const extents = ['path', 'host', 'site'] as const
export type Extent = (typeof extents)[number]

/** Parameters that tell where a reader came from, not what is shown. */
const tracking = /^(?:utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|_ga|_gl|gh_src|lever-source|lever-origin|ref|source)$/i
const longestAddress = 2_000

/**
 * The one spelling of an address under which a page is known: no fragment, no tracking parameters, the rest as it is.
 * Fails towards two spellings: then a page is read twice. Null for what is no address to be visited.
 */
export function canonical(address: string, base?: string): string | null {
  if (address.length > longestAddress || !URL.canParse(address, base)) return null
  const url = new URL(address, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  url.hash = ''
  const names = [...new Set(url.searchParams.keys())].filter((name) => tracking.test(name))
  // Writing the parameters back changes their spelling: only when there is a reason.
  for (const name of names) url.searchParams.delete(name)
  return url.href
}

/** Whether an address lies inside the extent around the start of a crawl. */
export function isInside(address: string, start: string, extent: Extent): boolean {
  const [url, home] = [new URL(address), new URL(start)]
  if (url.origin === home.origin) return extent !== 'path' || isBelow(url.pathname, home.pathname)
  // The other scheme of the same host is the same place to a reader.
  const sameHost = url.hostname === home.hostname && url.port === '' && home.port === ''
  if (sameHost) return extent !== 'path' || isBelow(url.pathname, home.pathname)
  return extent === 'site' && siteOf(url.hostname) === siteOf(home.hostname)
}

/** `/careers` holds `/careers`, `/careers/1` and `/careers.html`, not `/careersabc`. */
export function isBelow(path: string, start: string): boolean {
  const stem = start.replace(/\/+$/, '').replace(/\/[^/]*\.\w{1,5}$/, '')
  return path === stem || path.startsWith(`${stem}/`) || path.startsWith(`${stem}.`)
}

/** Whether an address by its ending is a file that has no text to be matched. */
export function isMedia(address: string): boolean {
  return /\.(?:png|jpe?g|gif|webp|avif|svgz?|ico|bmp|mp[34]|m4[av]|mov|webm|ogg|wav|pdf|docx?|xlsx?|pptx?|zip|gz|tgz|rar|7z|dmg|exe|msi|apk|woff2?|ttf|otf|eot|wasm)$/i.test(new URL(address).pathname)
}

/** Short, stable and telling nothing: an address may hold one of our names. */
export function digestOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}

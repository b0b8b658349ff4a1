import type { Document } from '../../contracts/document.ts'
import type { Visited } from '../../contracts/http.ts'
import { ContractBroken } from '../../errors.ts'
import { decodeText } from '../../net/decode-text.ts'
import { digestOf } from '../../remotes/web/addresses.ts'
import { readJobPostings, type JobPosting } from '../../remotes/html/job-posting.ts'
import { readHtml } from '../../remotes/html/read-html.ts'
import { readReferences } from '../../remotes/html/read-references.ts'

/** Bytes of a page; a larger one is made for machines. */
export const pageBytes = 5 * 1024 * 1024

export interface ReadPage {
  readonly document: Document
  readonly links: readonly string[]
  /** Why its text may lack something; null: nothing is missing. */
  readonly shortfall: string | null
}

/** What `readPage` needs to know of the place besides its answer. */
interface Place {
  readonly ref: string
  /** Where the crawl began, as configured. */
  readonly start: string
  readonly own: boolean
  readonly now: Date
}

/**
 * The document of a page: what a reader sees with addresses of links and descriptions, then what its structured data
 * says of job postings, then comments. Null: no text at all by its type (an image, a PDF).
 * @throws ContractBroken a page without any text, which is no answer: scripts build it, or something stands before it
 */
export function readPage(visited: Visited, place: Place): ReadPage | null {
  const type = (visited.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === '' || /^(?:text\/html|application\/xhtml\+xml)$/.test(type)) return readMarkup(visited, place)
  if (!/^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|yaml)$)/.test(type)) return null
  const text = decodeText(visited.bytes, visited.headers.get('content-type')).trim()
  if (text === '') throw new ContractBroken('a page without any text')
  return { document: documentOf(visited, place, { title: '', text, publishedAt: null, publishedAtIsLowerBound: false }), links: [], shortfall: null }
}

function readMarkup(visited: Visited, place: Place): ReadPage {
  const html = decodeText(visited.bytes, visited.headers.get('content-type'))
  const { title, links, comments } = readReferences(html, visited.url)
  const { postings, broken } = readJobPostings(html)
  const text = readHtml(html)
  if (text.replace(title, '').trim() === '' && postings.length === 0) throw new ContractBroken('a page without any text: scripts build it, perhaps; `sources.webAssets` reads scripts')
  return {
    document: documentOf(visited, place, {
      title: postings.length === 1 ? (postings[0]?.title ?? '') : title,
      text: [text, ...postings.map((posting) => posting.text), ...comments].join('\n'),
      ...datesOf(postings, place.now),
    }),
    links,
    shortfall: broken === 0 ? null : 'structured data of a page is broken and was not read; the text of the page was',
  }
}

/**
 * When the posting became public, by its own word. With several on one page nobody knows which one a name stands in: the
 * latest date is claimed, marked as a lower bound. A date in the future is no date.
 */
function datesOf(postings: readonly JobPosting[], now: Date): Pick<Document, 'publishedAt'> & { publishedAtIsLowerBound: boolean } {
  const dates = postings.flatMap(({ datePosted }) => (datePosted === null || datePosted > now ? [] : [datePosted.getTime()]))
  if (dates.length === 0) return { publishedAt: null, publishedAtIsLowerBound: false }
  return { publishedAt: new Date(Math.max(...dates)), publishedAtIsLowerBound: postings.length > 1 }
}

function documentOf(
  visited: Visited,
  { ref, own, start }: Place,
  { title, text, ...dates }: { title: string; text: string; publishedAt: Date | null; publishedAtIsLowerBound: boolean },
): Document {
  const { host, pathname } = new URL(ref)
  const bytes = new TextEncoder().encode(text)
  return {
    source: 'page',
    ref,
    revision: '',
    contentHash: digestOf(bytes),
    url: visited.url,
    lineAnchor: '',
    title: title === '' ? `${host}${pathname}` : title.slice(0, 300),
    container: { id: host, name: host, owner: null },
    path: null,
    text: bytes,
    truncated: false,
    author: null,
    ...dates,
    own,
    locator: { start },
  }
}

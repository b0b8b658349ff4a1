import type { Place, Recheck } from '../../contracts/place.ts'
import { NotFound, RetryLater } from '../../errors.ts'
import { forbidden } from '../../remotes/web/crawler.ts'
import type { PageContext } from './index.ts'
import { pageBytes, readPage } from './read-page.ts'
import { documentLocator } from './schema.ts'

/**
 * Whether a page is still there, and what it says now. Gone is only what the server says is gone, or what moved to
 * another site. @throws as a visit does: then nobody knows
 */
export async function recheckPage(context: PageContext, { ref, locator }: Place): Promise<Recheck> {
  const parsed = documentLocator.safeParse(locator)
  const place = parsed.success ? context.places.get(parsed.data.start) : undefined
  if (place === undefined) return { state: 'unknown', reason: 'it belongs to a place that is not configured any more' }
  try {
    const outcome = await context.crawler.visit({ url: ref, home: place.url, maxBytes: pageBytes })
    if (outcome.outcome === 'ask-again') throw new RetryLater('robots.txt was read first', context.now(), 'job')
    if (outcome.outcome === 'forbidden') return { state: 'unknown', reason: forbidden }
    if (outcome.outcome === 'elsewhere') return { state: 'absent', status: 'gone', reason: 'it redirects to another site' }
    const read = readPage(outcome.visited, { ref, start: place.url, own: place.own, now: context.now() })
    return read === null ? { state: 'absent', status: 'gone', reason: 'a file without text is in its place' } : { state: 'present', document: read.document, missing: [] }
  } catch (error) {
    if (error instanceof NotFound) return { state: 'absent', status: 'gone', reason: 'not there' }
    throw error
  }
}

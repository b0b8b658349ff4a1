import { createHash, timingSafeEqual } from 'node:crypto'
import type { Metrics } from './render-metrics.ts'

export interface Scrape {
  readonly status: 200 | 401 | 500
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The answer to `GET /metrics`, for whoever serves it. With a token only for who shows it (`Authorization: Bearer`),
 * compared in constant time. What cannot be read is an error, so that Prometheus says the target is down instead of
 * drawing zeros. `onFailure` hears the class of what went wrong, nothing of it is in the answer.
 */
export async function answerScrape(
  metrics: Metrics,
  request: { readonly token: string | null; readonly authorization: string | null; readonly now: Date; readonly onFailure: (error: unknown) => void },
): Promise<Scrape> {
  if (request.token !== null && !isSame(request.authorization ?? '', `Bearer ${request.token}`)) {
    return { status: 401, headers: { 'content-type': 'text/plain; charset=utf-8', 'www-authenticate': 'Bearer' }, body: 'a bearer token is needed: telemetry.metrics.token of the configuration\n' }
  }
  try {
    return { status: 200, headers: { 'content-type': metrics.contentType, 'cache-control': 'no-store' }, body: await metrics.render(request.now) }
  } catch (error) {
    request.onFailure(error)
    return { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'the numbers could not be read; the log says why\n' }
  }
}

function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

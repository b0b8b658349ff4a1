import type { HttpClient, HttpResponse } from '../contracts/http.ts'
import { RetryLater, Transient } from '../errors.ts'
import { retryAfter } from '../net/retry-after.ts'
import type { ZodType } from 'zod'

export interface Question<Body> {
  readonly url: string
  readonly accept?: string
  readonly schema?: ZodType<Body>
  readonly maxBytes?: number
  /** Statuses that mean "there is no such thing". Default 404. */
  readonly absent?: readonly number[]
  /** Statuses that the caller reads by itself. */
  readonly also?: readonly number[]
  /** POST of this value as JSON. */
  readonly json?: unknown
}

/**
 * One request to a registry, with the three answers apart: a body, a clean absence (null), an error of the closed set.
 * An absence is clean when it comes from the registry: a page for people, or a wish to wait, comes from something before it.
 * @throws RetryLater | Transient | Permanent | ContractBroken
 */
export async function question<Body = undefined>(http: HttpClient, now: () => Date, asked: Question<Body>): Promise<HttpResponse<Body> | null> {
  const absent = asked.absent ?? [404]
  const answer = await http.request<Body>({
    url: asked.url,
    headers: { accept: asked.accept ?? 'application/json' },
    accept: [...absent, ...(asked.also ?? [])],
    maxBytes: asked.maxBytes ?? 8 * 1024 * 1024,
    ...(asked.schema === undefined ? {} : { schema: asked.schema }),
    ...(asked.json === undefined ? {} : { method: 'POST' as const, json: asked.json }),
  })
  if (!absent.includes(answer.status)) return answer
  const host = new URL(asked.url).host
  const until = retryAfter(answer.headers, now())
  if (until !== null) throw new RetryLater(`${host}: asks to wait (${answer.status})`, until)
  if (isPage(answer)) throw new Transient(`${host}: a page for people instead of an answer (${answer.status})`)
  return null
}

/** HTML: what proxies, sign-in pages and outages answer. */
export function isPage({ headers, text }: Pick<HttpResponse<unknown>, 'headers' | 'text'>): boolean {
  return headers.get('content-type')?.includes('html') === true || /^\s*<(?:!doctype html|html)\b/i.test(text.slice(0, 1_000))
}

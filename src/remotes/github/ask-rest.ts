import type { ZodType } from 'zod'
import type { HttpResponse } from '../../contracts/http.ts'
import { RetryLater } from '../../errors.ts'
import type { GithubClient } from './client.ts'
import { learnFrom, ownStatuses, refusalOf } from './errors.ts'
import type { Resource } from './quota.ts'

export interface RestRequest<Body> {
  readonly resource: Resource
  /** Below the API's base URL, with its query: `/users/ann/gists?page=2`. */
  readonly path: string
  readonly schema: ZodType<Body>
  readonly headers?: Readonly<Record<string, string>>
  /** Statuses besides 2xx that mean something to the caller; `body` is undefined then. */
  readonly accept?: readonly number[]
  readonly maxBytes?: number
}

/**
 * One REST request: nothing is sent while its limit is known to be used up, and what the answer tells of limits is
 * remembered for every source on the account. A 403 or 429 that is a limit is one, whatever `accept` says.
 * @throws RetryLater | Transient | Permanent | ContractBroken
 */
export async function askRest<Body>(client: GithubClient, request: RestRequest<Body>): Promise<HttpResponse<Body>> {
  const { http, quota, now, apiUrl, headers } = client
  const { resource, path, schema, accept = [], maxBytes } = request
  await quota.admit(resource)
  try {
    const answer = await http.request({
      url: `${apiUrl}${path}`,
      headers: { ...headers, ...request.headers },
      schema,
      accept: [...ownStatuses, ...accept],
      ...(maxBytes === undefined ? {} : { maxBytes }),
    })
    // A good answer may have been the last one: then the next request must wait, this one is fine.
    quota.note(resource, answer.headers)
    if (answer.status >= 200 && answer.status < 300) return answer
    const refusal = refusalOf(answer, resource, quota, now())
    if (refusal instanceof RetryLater || !accept.includes(answer.status)) throw refusal
    return answer
  } catch (error) {
    learnFrom(error, resource, quota, now())
    throw error
  }
}

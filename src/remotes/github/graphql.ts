import { graphql, GraphqlResponseError } from '@octokit/graphql'
import { ContractBroken, NamesakeError, Transient } from '../../errors.ts'
import { atServerTime, retryAfter } from '../../net/retry-after.ts'
import type { GithubClient } from './client.ts'
import { learnFrom, meaningOf, refusalOf, type GraphqlMeaning } from './errors.ts'
import { resetOf } from './quota.ts'
import { graphqlData, graphqlErrors, rateLimit } from './schema.ts'

export interface GraphqlFault {
  /** The first part of the error's path; '' where it has none. */
  readonly alias: string
  readonly meaning: GraphqlMeaning
}

/** Data and errors may come together: what is null without a fault of its own is absent, all else could not be told. */
export interface GraphqlAnswer {
  readonly data: Readonly<Record<string, unknown>>
  readonly faults: readonly GraphqlFault[]
  /** Nothing remains of the limit, or the server asked to wait: until then. */
  readonly exhaustedUntil: Date | null
}

/**
 * One GraphQL request. Whoever asks admits it at the quota first, selects `rateLimit { remaining resetAt }` at the
 * root, and blocks the quota when `exhaustedUntil` or a fault says so.
 * @throws RetryLater | Transient | Permanent (the token) | ContractBroken when there is no answer in the promised form
 */
export async function askGraphql(client: GithubClient, query: string, variables: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer> {
  let headers = new Headers()
  const guarded: typeof fetch = async (input, init) => {
    const response = await client.http.fetch(input, init).catch((error: unknown) => {
      learnFrom(error, 'graphql', client.quota, client.now())
      throw error
    })
    headers = response.headers
    client.quota.note('graphql', headers)
    if (response.ok && response.headers.get('content-type')?.includes('json') === true) return response
    if (response.ok) throw new Transient('GitHub GraphQL: another thing than JSON where JSON was promised')
    throw refusalOf({ status: response.status, headers, text: await response.text() }, 'graphql', client.quota, client.now())
  }
  const { data, errors } = await callGraphql(query, {
    ...variables,
    url: client.graphqlUrl,
    headers: client.headers,
    request: { fetch: guarded, log: silent },
  })
  return readAnswer(data, errors, headers, client.now())
}

/** The library would write a deprecation notice of the server to the console. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }
function ignore(): void {}

/** Data and errors of an answer, both or one of them. The library throws away the data that came with errors, unless asked. */
async function callGraphql(query: string, options: Parameters<typeof graphql>[1] & { readonly url: string }): Promise<{ data: unknown; errors: unknown }> {
  const { url, ...rest } = options
  try {
    // Truncated JSON in a 200 resolves to undefined: data that tells of nothing.
    return { data: await graphql.defaults({ url })<unknown>(query, rest), errors: [] }
  } catch (error) {
    if (error instanceof GraphqlResponseError) return { data: error.data, errors: error.errors ?? [] }
    if (error instanceof NamesakeError) throw error
    // The library wraps what its fetch threw.
    if (error instanceof Error && error.cause instanceof NamesakeError) throw error.cause
    // Its own messages quote the answer, its properties hold our variables: nothing of it goes on.
    throw new Transient('GitHub GraphQL: the answer cannot be read')
  }
}

function readAnswer(data: unknown, errors: unknown, headers: Headers, now: Date): GraphqlAnswer {
  const parsedData = graphqlData.safeParse(data)
  const parsedErrors = graphqlErrors.safeParse(errors)
  if (!parsedData.success || !parsedErrors.success) throw new ContractBroken('GitHub GraphQL: the answer has neither data nor errors in the promised form')
  const limit = rateLimit.safeParse(parsedData.data['rateLimit'])
  const byBody = limit.success && limit.data.remaining === 0 ? atServerTime(new Date(limit.data.resetAt), headers, now) : null
  return {
    data: parsedData.data,
    faults: parsedErrors.data.map((error) => ({ alias: String(error.path?.[0] ?? ''), meaning: meaningOf(error) })),
    exhaustedUntil: retryAfter(headers, now) ?? resetOf(headers, now) ?? byBody,
  }
}

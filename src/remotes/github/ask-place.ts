import { boundWait } from '../../net/retry-after.ts'
import type { GithubClient } from './client.ts'
import { failureOf, type GraphqlMeaning } from './errors.ts'
import { askGraphql } from './graphql.ts'
import { unspecifiedWaitMs } from './quota.ts'

/** What one request about one place brought. */
export interface PlaceAnswer {
  /** What stands under the alias `place`; null: an error, or nothing. */
  readonly place: unknown
  readonly data: Readonly<Record<string, unknown>>
  /** What the errors beside it say; none: all of it can be believed. */
  readonly meanings: readonly GraphqlMeaning[]
  /** The error to throw when the answer is of no use. */
  failure(): Error
}

/** Every query below selects it, so that a used-up limit is known before the next request. */
export const rateLimitField = 'rateLimit { cost limit remaining resetAt used nodeCount }'

/**
 * One GraphQL request about one place, under the alias `place`.
 * @throws RetryLater a limit is used up | Transient | Permanent (the token) | ContractBroken
 */
export async function askPlace(client: GithubClient, query: string, variables: Readonly<Record<string, string>>): Promise<PlaceAnswer> {
  await client.quota.admit('graphql')
  const { data, faults, exhaustedUntil } = await askGraphql(client, query, variables)
  const meanings = faults.map(({ meaning }) => meaning)
  const until = exhaustedUntil ?? boundWait(unspecifiedWaitMs, client.now())
  if (exhaustedUntil !== null || meanings.includes('limit')) client.quota.block('graphql', until)
  if (meanings.includes('secondary-limit')) client.quota.block('all', until)
  const place = data['place'] ?? null
  const failure = () => failureOf(meanings, until)
  if (place === null && meanings.some((meaning) => ['limit', 'secondary-limit', 'token', 'query'].includes(meaning))) throw failure()
  return { place, data, meanings, failure }
}

/** What was asked for cannot be read: whether it is gone is the recheck's to find out. */
export function isClosed({ place, meanings }: PlaceAnswer): boolean {
  return place === null && meanings.every((meaning) => meaning === 'absent' || meaning === 'forbidden')
}

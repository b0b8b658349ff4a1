import { boundWait } from '../../net/retry-after.ts'
import type { GithubClient } from './client.ts'
import type { GraphqlMeaning } from './errors.ts'
import { askGraphql, type GraphqlAnswer } from './graphql.ts'
import { unspecifiedWaitMs } from './quota.ts'

export interface AdmittedAnswer extends GraphqlAnswer {
  readonly meanings: readonly GraphqlMeaning[]
  /** When a used-up limit is open again, if one is. */
  readonly until: Date
}

/**
 * One GraphQL request that respects what is known of used-up limits, and remembers what the answer tells of them.
 * Select `rateLimit { remaining resetAt }` at the root. Errors beside data are normal: the caller judges them.
 * @throws RetryLater | Transient | Permanent (the token) | ContractBroken when there is no answer in the promised form
 */
export async function admitGraphql(client: GithubClient, query: string, variables: Readonly<Record<string, unknown>>): Promise<AdmittedAnswer> {
  await client.quota.admit('graphql')
  const answer = await askGraphql(client, query, variables)
  const meanings = answer.faults.map(({ meaning }) => meaning)
  const until = answer.exhaustedUntil ?? boundWait(unspecifiedWaitMs, client.now())
  if (answer.exhaustedUntil !== null || meanings.includes('limit')) client.quota.block('graphql', until)
  if (meanings.includes('secondary-limit')) client.quota.block('all', until)
  return { ...answer, meanings, until }
}

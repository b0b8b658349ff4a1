import { z } from 'zod'
import type { Attribution, Place } from '../../contracts/place.ts'
import { ContractBroken } from '../../errors.ts'
import { account, personFields } from '../../remotes/github/account.ts'
import { askPlace, isClosed, rateLimitField } from '../../remotes/github/ask-place.ts'
import { dated, time } from '../../remotes/github/change.ts'
import type { GithubClient } from '../../remotes/github/client.ts'
import { gistLocator } from './schema.ts'

/** https://docs.github.com/en/graphql/reference/objects#gist */
const ownGist = z.object({ createdAt: time(), updatedAt: time(), isFork: z.boolean().nullish().catch(null), stargazerCount: z.int().nullish().catch(null) })

/**
 * Who published a gist and when, with what they are to the company: only its owner writes it. Of one that was changed
 * since only the last change is told: it was public then. @throws RetryLater | Transient | Permanent | ContractBroken
 */
export async function attributeGist(client: GithubClient, place: Place, organizations: readonly string[]): Promise<Attribution> {
  const stored = gistLocator.safeParse(place.locator)
  if (!stored.success) return { next: null }
  const { id, login } = stored.data
  const person = personFields(organizations)
  const answer = await askPlace(client, `query Gist($login:String!,$gist:String!${person.declarations}) {
  ${rateLimitField}
  place: user(login:$login) { type: __typename ...person gist(name:$gist) { createdAt updatedAt isFork stargazerCount } }
}
${person.fragment}`, { login, gist: id, ...person.variables })
  if (answer.meanings.length > 0) {
    if (isClosed(answer)) return { next: null }
    throw answer.failure()
  }
  const parsed = z.looseObject({ gist: ownGist.nullable() }).safeParse(answer.place)
  const owner = account.safeParse(answer.place)
  if (!parsed.success || !owner.success) throw new ContractBroken('GitHub GraphQL: the owner of a gist comes in another form than promised')
  const { gist } = parsed.data
  if (gist === null) return { next: null }
  const [createdAt, updatedAt] = [dated(gist.createdAt), dated(gist.updatedAt)]
  const changed = updatedAt !== null && updatedAt.getTime() !== createdAt?.getTime()
  const at = changed ? updatedAt : createdAt
  const change = { id, author: owner.data, authoredAt: at, committedAt: at }
  return {
    ...(changed ? { file: change } : { lines: place.lines.map((line) => ({ line, change })) }),
    container: {
      id: `gist:${id}`, name: `${owner.data.login ?? login}/gist:${id}`, owner: owner.data, parentId: null, createdAt, changedAt: updatedAt,
      facts: { stars: gist.stargazerCount ?? null, fork: gist.isFork ?? null, createdAt: createdAt?.toISOString() ?? null, lastPush: updatedAt?.toISOString() ?? null },
    },
    next: null,
  }
}

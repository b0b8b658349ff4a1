import { z } from 'zod'
import type { Recheck } from '../../contracts/place.ts'
import { Permanent } from '../../errors.ts'
import { askRest } from './ask-rest.ts'
import type { GithubClient } from './client.ts'

const repositoryAnswer = z.object({ id: z.int().positive(), private: z.boolean().nullish() })

/**
 * Whether a repository is public, by REST, which tells a takedown (451) from one that is not there (404); by id, which no
 * rename moves. https://docs.github.com/en/rest/repos/repos#get-a-repository
 */
export async function askRepository(client: GithubClient, repositoryId: string): Promise<Recheck> {
  const answer = await askRest(client, { resource: 'core', path: `/repositories/${repositoryId}`, schema: repositoryAnswer, accept: [403, 404, 410, 451] })
  const { status, text } = answer
  if (status === 451 || (status === 403 && text.slice(0, 1_000).includes('access blocked'))) return { state: 'blocked', reason: `GitHub blocks the repository (${status})` }
  if (status === 404 || status === 410) return { state: 'absent', status: 'gone', reason: `the repository is gone, or not public any more (${status})` }
  if (status === 403) return { state: 'unknown', reason: 'GitHub forbids reading the repository (403)' }
  if (status !== 200) throw new Permanent(`GitHub answers ${status} for a repository`)
  if (String(answer.body.id) !== repositoryId) return { state: 'unknown', reason: 'GitHub answered with another repository' }
  if (answer.body.private === true) return { state: 'absent', status: 'gone', reason: 'the repository is not public any more' }
  return { state: 'unknown', reason: 'the repository is there; what it holds was not asked for' }
}

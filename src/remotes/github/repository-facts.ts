import { z } from 'zod'
import type { ContainerFacts } from '../../contracts/place.ts'
import { account } from './account.ts'
import { dated, time } from './change.ts'
import { databaseId, fullName } from './parts.ts'

/** What is selected of a repository that `repositoryFacts` reads; its owner by the fragment `person` of `personFields`. */
export const factFields = `databaseId nameWithOwner isPrivate stargazerCount forkCount isArchived isFork createdAt pushedAt
    parent { databaseId nameWithOwner }
    owner { type: __typename login ...person ...on Organization { databaseId name } }`

export const repositoryFacts = z.object({
  databaseId,
  nameWithOwner: fullName,
  stargazerCount: z.int().nullish().catch(null),
  forkCount: z.int().nullish().catch(null),
  isArchived: z.boolean().nullish().catch(null),
  isFork: z.boolean().nullish().catch(null),
  createdAt: time(),
  pushedAt: time(),
  parent: z.object({ databaseId, nameWithOwner: z.string() }).nullish().catch(null),
  owner: account,
})

/** @param id as the documents of the source name their container */
export function containerOf(facts: z.output<typeof repositoryFacts>, id: string): ContainerFacts {
  return {
    id,
    name: facts.nameWithOwner,
    owner: facts.owner,
    parentId: facts.parent?.databaseId ?? null,
    createdAt: dated(facts.createdAt),
    changedAt: dated(facts.pushedAt),
    facts: {
      stars: facts.stargazerCount ?? null,
      forks: facts.forkCount ?? null,
      archived: facts.isArchived ?? null,
      fork: facts.isFork ?? null,
      parent: facts.parent?.nameWithOwner ?? null,
      createdAt: dated(facts.createdAt)?.toISOString() ?? null,
      lastPush: dated(facts.pushedAt)?.toISOString() ?? null,
    },
  }
}

import type { Attribution } from '../../contracts/place.ts'
import { ContractBroken } from '../../errors.ts'
import { account, personFields } from './account.ts'
import { askPlace, isClosed, rateLimitField } from './ask-place.ts'
import type { GithubClient } from './client.ts'
import { containerOf, factFields, repositoryFacts } from './repository-facts.ts'

/** Authors whose account is asked for, of one place. */
export const mostPeople = 20

export interface Repository {
  readonly nodeId: string
  readonly repositoryId: string
}

/** The last of the requests about a place in a repository: the repository, its owner and the accounts of the authors. */
export async function askFacts(client: GithubClient, { nodeId, repositoryId }: Repository, people: readonly string[], organizations: readonly string[]): Promise<Attribution> {
  const person = personFields(organizations)
  const variables = { id: nodeId, ...Object.fromEntries(people.map((id, index) => [`p${index}`, id])), ...person.variables }
  const answer = await askPlace(client, `query Facts($id:ID!${people.map((_, index) => `,$p${index}:ID!`).join('')}${person.declarations}) {
  ${rateLimitField}
  place: node(id:$id) { ...on Repository { ${factFields} } }
  ${people.map((_, index) => `p${index}: node(id:$p${index}) { type: __typename ...person }`).join('\n  ')}
}
${person.fragment}`, variables)
  if (answer.place === null && isClosed(answer)) return { next: null }
  const parsed = repositoryFacts.safeParse(answer.place)
  if (!parsed.success) {
    if (answer.meanings.length > 0) throw answer.failure()
    throw new ContractBroken('GitHub GraphQL: facts of a repository come in another form than promised')
  }
  const told = people.flatMap((_, index) => account.safeParse(answer.data[`p${index}`]).data ?? [])
  return { container: containerOf(parsed.data, repositoryId), people: told, next: null }
}

import type { Hono } from 'hono'
import type { SandboxEnv } from '../door.ts'
import type { Repository } from './catalogue.ts'
import { isInScope, isInTime, type Search } from './parse-search.ts'
import { readFacts } from './rest.ts'
import { answerSearch, holdsTerms } from './search-answer.ts'
import { describeRepository, type RepositoryFacts } from './shapes.ts'
import { admit, type Site } from './site.ts'

type Listed = readonly [Repository, RepositoryFacts]

function isWanted(site: Site, [repository, facts]: Listed, search: Search): boolean {
  const { fullName, description, topics, forkOf } = repository
  const fork = search.qualifiers.find(({ name }) => name === 'fork')?.value ?? 'false'
  if (forkOf !== null ? fork === 'false' : fork === 'only') return false
  return isInScope(search, fullName, false) && isInTime(search, { created: facts.createdAt, pushed: facts.pushedAt })
    && holdsTerms(site, search, `${repository.name}\n${description ?? ''}\n${topics.join(' ')}`)
}

/** `GET /search/repositories`: names, descriptions and topics; forks only if the query asks for them. */
export function serveRepositorySearch(app: Hono<SandboxEnv>, site: Site): void {
  app.get('/search/repositories', (context) =>
    admit(site, context, { bucket: 'search', endpoint: 'search/repositories' }, async () => {
      const open = site.catalogue.repositories.filter(({ state }) => state === 'public')
      const listed = await Promise.all(open.map(async (one): Promise<Listed> => [one, await readFacts(site, one)]))
      return answerSearch<Listed>(site, context, {
        find: (search) => listed.filter((one) => isWanted(site, one, search)),
        describe: ([repository, facts]) => ({ ...describeRepository(repository, facts, site.addresses), score: 1 }),
      })
    }))
}

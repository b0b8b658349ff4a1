import type { OpenSource, Source, SourceEnvironment } from '../../contracts/source.ts'
import { checkAccess } from '../../remotes/github/check.ts'
import { openGithub } from '../../remotes/github/client.ts'
import { createAttribute } from '../../remotes/github/files/attribute.ts'
import { batchSize, createFetchFiles } from '../../remotes/github/files/fetch-files.ts'
import { createRecheck } from '../../remotes/github/files/recheck.ts'
import { laterPart, shareOf } from '../../remotes/github/shares.ts'
import type { GithubRow, SourceSettings } from '../settings.ts'
import { planQueries } from './plan.ts'
import { searchPage, stemFacts } from './search.ts'

/**
 * GitHub code search: queries by REST, files by GraphQL, since each can do only the one.
 * Terms of use allow one machine account; more tokens to get around the limits are forbidden.
 */
export const githubCode = {
  id: 'github-code',
  title: 'GitHub code search',
  docs: 'https://docs.github.com/en/rest/search/search#search-code',
  discloses: 'GitHub learns the searched names, stems and prefixes, the logins of your organisations, and which files are read.',
  blindSpots: [
    'branches other than the default one, and history',
    'files of 384 KB and more',
    'forks, unless they have more stars than their parent (and then only on request)',
    'repositories without activity or search hits for a year, or with more than 500,000 files',
    'private repositories, gists, wikis, issues and discussions',
    'names that stand inside a longer word: GitHub does not say whether it finds them',
  ],
  open: (settings, environment) => (settings.github?.places.includes('code') === true ? open(settings.github, environment) : null),
} satisfies Source<SourceSettings>

function open(settings: GithubRow, environment: SourceEnvironment): OpenSource {
  const client = openGithub(settings, environment)
  const perHour = (max: number) => ({ max, perMs: 3_600_000 })
  return {
    destination: new URL(client.apiUrl).host,
    schedule: settings.schedule,
    limits: {
      search: { max: settings.searchesPerMinute, perMs: 60_000 },
      fetch: shareOf('graphql', 'code', perHour(settings.fetchesPerHour)),
      ...laterPart('code', settings),
    },
    batch: batchSize,
    stems: stemFacts,
    plan: ({ terms }) => planQueries(terms, environment.organizations),
    search: (input, page) => searchPage(client, input, page),
    fetch: createFetchFiles(client),
    attribute: createAttribute(client, environment.organizations),
    recheck: createRecheck(client),
    tellsPaths: true,
    check: () => checkAccess(client, settings.searchesPerMinute),
  }
}

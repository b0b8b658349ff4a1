import type { OpenSource, Source, SourceEnvironment } from '../../contracts/source.ts'
import { Permanent } from '../../errors.ts'
import { checkAccess } from '../../remotes/github/check.ts'
import { openGithub } from '../../remotes/github/client.ts'
import { expandPeople, planPeople, readPeople } from '../../remotes/github/people.ts'
import { laterPart, partOf, shareOf } from '../../remotes/github/shares.ts'
import type { GithubRow, SourceSettings } from '../settings.ts'
import { attributeGist } from './attribute-gist.ts'
import { fetchGist, listGists, recheckGist } from './read-gists.ts'

/** The public gists of people on the roster. Nobody can search gists by API; scraping the site is against its terms. */
export const githubGists = {
  id: 'github-gists',
  title: 'GitHub gists of people on the roster',
  docs: 'https://docs.github.com/en/rest/gists/gists#list-gists-for-a-user',
  discloses: 'GitHub learns whose gists are read; it learns no name of yours.',
  blindSpots: [
    'gists of everybody else: there is no search of gists',
    'secret gists, former revisions, and comments',
    'files after their first megabyte, or the first 300 files',
  ],
  open: (settings, environment) => (settings.github?.places.includes('gists') === true ? open(settings.github, environment) : null),
} satisfies Source<SourceSettings>

function open(settings: GithubRow, environment: SourceEnvironment): OpenSource {
  const client = openGithub(settings, environment)
  const { memory, organizations } = environment
  const core = partOf(shareOf('core', 'gists', { max: settings.requestsPerHour, perMs: 3_600_000 }), 0.5)
  return {
    destination: new URL(client.apiUrl).host,
    schedule: settings.schedule,
    limits: { search: core, fetch: core, ...laterPart('gists', settings) },
    batch: 1,
    plan: ({ everything }) => planPeople(everything, organizations, settings.people, 'the gists of each'),
    search: async (input, page) => {
      const stored = readPeople(input)
      if (page !== null && !/^(?:[2-9]|[12]\d|30)$/.test(page)) throw new Permanent('GitHub: the stored page is not one that this version can ask for')
      return stored.people === 'one' ? listGists(client, memory, stored.login, page) : expandPeople(client, stored, settings.people)
    },
    fetch: (hits) => fetchGist(client, hits),
    attribute: (place) => attributeGist(client, place, organizations),
    recheck: (place) => recheckGist(client, place),
    check: () => checkAccess(client, null),
  }
}

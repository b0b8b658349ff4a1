import type { Json } from '../../contracts/json.ts'
import type { OpenSource, Plannable, SearchPage, Source, SourceEnvironment } from '../../contracts/source.ts'
import { checkAccess } from '../../remotes/github/check.ts'
import { openGithub } from '../../remotes/github/client.ts'
import { planDated, readDated } from '../../remotes/github/dated-search.ts'
import { laterPart, lowerOf, partOf, shareOf } from '../../remotes/github/shares.ts'
import type { GithubRow, SourceSettings } from '../settings.ts'
import { attributeSaid, recheckSaid } from './ask-said.ts'
import { fetchComments } from './comments.ts'
import { discussionsSearch, searchDiscussions } from './search-discussions.ts'
import { issueSearch, searchIssues } from './search-issues.ts'

/** What people say to each other on GitHub: issues and pull requests by REST, discussions by GraphQL. */
export const githubIssues = {
  id: 'github-issues',
  title: 'GitHub issues, pull requests and discussions',
  docs: 'https://docs.github.com/en/rest/search/search#search-issues-and-pull-requests',
  discloses: 'GitHub learns the searched names, stems and prefixes, the logins of your organisations, and whose comments are read.',
  blindSpots: [
    'comments of an issue of which GitHub shows title or body as the match, while neither has one of our names',
    'former versions of edited texts, deleted comments, and images',
    'summaries of reviews, commit comments, and what a pull request changes: code search sees it once it is merged',
    'projects, wikis, releases and private repositories',
    'names that stand inside a longer word: GitHub does not say whether it finds them',
  ],
  open: (settings, environment) => (settings.github?.places.includes('issues') === true ? open(settings.github, environment) : null),
} satisfies Source<SourceSettings>

function open(settings: GithubRow, environment: SourceEnvironment): OpenSource {
  const client = openGithub(settings, environment)
  const { organizations } = environment
  // Half of the GraphQL points for searches of discussions, half for their comments.
  const graphql = partOf(shareOf('graphql', 'issues', { max: settings.fetchesPerHour, perMs: 3_600_000 }), 0.5)
  return {
    destination: new URL(client.apiUrl).host,
    schedule: settings.schedule,
    limits: {
      search: lowerOf(shareOf('search', 'issues', { max: settings.otherSearchesPerMinute, perMs: 60_000 }), graphql),
      fetch: lowerOf(shareOf('core', 'issues', { max: settings.requestsPerHour, perMs: 3_600_000 }), graphql),
      ...laterPart('issues', settings),
    },
    batch: 1,
    plan: ({ terms }: Plannable) => {
      const issues = planDated(terms, issueSearch, organizations, 'issues')
      const discussions = planDated(terms, discussionsSearch, organizations, 'discussions')
      return { queries: [...issues.queries, ...discussions.queries.map((query) => ({ ...query, text: `discussions: ${query.text}` }))], unsearchable: issues.unsearchable }
    },
    search: (input: Json, page: string | null): Promise<SearchPage> => {
      // Both throw what is wrong with a stored query.
      return Promise.resolve().then(() => {
        const stored = readDated(input)
        return stored.kind === 'discussions' ? searchDiscussions(client, stored, page, organizations) : searchIssues(client, stored, page, organizations)
      })
    },
    fetch: (hits) => fetchComments(client, hits),
    attribute: (place) => attributeSaid(client, place, organizations),
    recheck: (place) => recheckSaid(client, place),
    check: () => checkAccess(client, null),
  }
}

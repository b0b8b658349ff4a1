import { z } from 'zod'
import type { Document } from '../../contracts/document.ts'
import type { Fetched, OpenSource, SearchPage, Source, SourceEnvironment } from '../../contracts/source.ts'
import { checkAccess } from '../../remotes/github/check.ts'
import { openGithub, type GithubClient } from '../../remotes/github/client.ts'
import { datedStems, planDated, readDated, searchDated, type DatedInput, type DatedSearch } from '../../remotes/github/dated-search.ts'
import { home, pageUrl, writer } from '../../remotes/github/parts.ts'
import { laterPart, shareOf } from '../../remotes/github/shares.ts'
import { ownerOf, textDocument } from '../../remotes/github/text-document.ts'
import type { GithubRow, SourceSettings } from '../settings.ts'
import { attributeCommit, recheckCommit, type CommitLocator } from './ask-commit.ts'

const commitSearch = { always: 'is:public', date: 'committer-date' } as const satisfies DatedSearch

/** https://docs.github.com/en/rest/search/search#search-commits */
const commitItem = z
  .object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/), html_url: pageUrl, author: writer, commit: z.object({ message: z.string(), author: z.object({ name: z.string() }).nullish().catch(null) }), repository: home })
  .transform(({ sha, html_url, author, commit, repository }) => ({ sha, url: html_url, author: author ?? commit.author?.name ?? null, message: commit.message, repository }))

/** Messages of commits, which come whole with the search. */
export const githubCommits = {
  id: 'github-commits',
  title: 'GitHub commit messages',
  docs: 'https://docs.github.com/en/rest/search/search#search-commits',
  discloses: 'GitHub learns the searched names, stems and prefixes, and the logins of your organisations.',
  blindSpots: [
    'commits of branches other than the default one, and of forks',
    'what a commit changed: only its message is searched',
    'when a message became public: the dates of a commit are whatever its author wrote',
    'names that stand inside a longer word: GitHub does not say whether it finds them',
  ],
  open: (settings, environment) => (settings.github?.places.includes('commits') === true ? open(settings.github, environment) : null),
} satisfies Source<SourceSettings>

function open(settings: GithubRow, environment: SourceEnvironment): OpenSource {
  const client = openGithub(settings, environment)
  const { organizations } = environment
  const later = laterPart('commits', settings)
  return {
    destination: new URL(client.apiUrl).host,
    schedule: settings.schedule,
    limits: {
      search: shareOf('search', 'commits', { max: settings.otherSearchesPerMinute, perMs: 60_000 }),
      // Nothing is ever fetched.
      fetch: { max: 1, perMs: 60_000 },
      ...later,
    },
    batch: 1,
    stems: datedStems,
    plan: ({ terms }) => planDated(terms, commitSearch, organizations),
    search: async (input, page) => searchCommits(client, readDated(input), page, organizations),
    fetch: (hits): Promise<Fetched> => Promise.resolve({ documents: [], absent: [], retry: [], unreadable: hits.map(({ ref }) => ({ ref, reason: 'commit messages come with the search' })) }),
    attribute: (place, progress) => attributeCommit(client, place, progress, organizations),
    recheck: (place, doubt) => recheckCommit(client, place, doubt),
    check: () => checkAccess(client, null),
  }
}

async function searchCommits(client: GithubClient, input: DatedInput, page: string | null, organizations: readonly string[]): Promise<SearchPage> {
  const { items, ...rest } = await searchDated(client, { path: '/search/commits', search: commitSearch, item: commitItem }, input, page, organizations)
  const strangers = items.filter(({ repository }) => !repository.isPrivate && !client.own.has(ownerOf(repository.name).toLowerCase()))
  return { ...rest, hits: [], documents: strangers.map(documentOf) }
}

/** The same commit may be in several repositories: each is a place of its own, with equal content. */
function documentOf({ sha, url, author, message, repository }: z.output<typeof commitItem>): Document {
  const locator: CommitLocator | null = repository.nodeId === null ? null : { nodeId: repository.nodeId, repositoryId: repository.id, sha }
  return textDocument({
    source: 'github-commits', ref: `${repository.id}@${sha}`, revision: sha, url, title: `${repository.name}@${sha.slice(0, 7)}`,
    container: { id: repository.id, name: repository.name, owner: ownerOf(repository.name) },
    text: message, author,
    // The dates of a commit are forgeable, and say nothing of when it was pushed.
    publishedAt: null, ...(locator === null ? {} : { locator }),
  })
}

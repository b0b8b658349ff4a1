import { z } from 'zod'
import type { Document } from '../../contracts/document.ts'
import type { Fetched, OpenSource, SearchPage, Source, SourceEnvironment } from '../../contracts/source.ts'
import { checkAccess } from '../../remotes/github/check.ts'
import { openGithub, type GithubClient } from '../../remotes/github/client.ts'
import { datedStems, planDated, readDated, searchDated, type DatedInput, type DatedSearch } from '../../remotes/github/dated-search.ts'
import { fullName, moment, pageUrl } from '../../remotes/github/parts.ts'
import { shareOf } from '../../remotes/github/shares.ts'
import { ownerOf, textDocument } from '../../remotes/github/text-document.ts'
import type { GithubRow, SourceSettings } from '../settings.ts'

/** Names, descriptions and topics are searched where no `in:` says otherwise; forks only on request. */
const repositorySearch = { always: 'is:public fork:true', date: 'created' } as const satisfies DatedSearch

/** https://docs.github.com/en/rest/search/search#search-repositories */
const repositoryItem = z
  .object({
    id: z.int().positive(), full_name: fullName, private: z.boolean().nullish().catch(null), html_url: pageUrl, updated_at: moment,
    description: z.string().nullish().catch(null), homepage: z.string().nullish().catch(null), topics: z.array(z.string()).nullish().catch(null),
  })
  .transform(({ id, full_name, private: hidden, html_url, updated_at, description, homepage, topics }) => ({
    id: String(id), name: full_name, isPrivate: hidden === true, url: html_url, updatedAt: updated_at,
    text: [full_name.slice(full_name.indexOf('/') + 1), description ?? '', homepage ?? '', (topics ?? []).join('\n')].filter((line) => line !== '').join('\n'),
  }))

/** What repositories are called and say of themselves, which comes whole with the search. */
export const githubRepositories = {
  id: 'github-repositories',
  title: 'GitHub repository names',
  docs: 'https://docs.github.com/en/rest/search/search#search-repositories',
  discloses: 'GitHub learns the searched names, stems and prefixes, and the logins of your organisations.',
  blindSpots: [
    'former names and descriptions',
    'READMEs: code search reads them',
    'names that stand inside a longer word: GitHub does not say whether it finds them',
  ],
  open: (settings, environment) => (settings.github?.places.includes('repositories') === true ? open(settings.github, environment) : null),
} satisfies Source<SourceSettings>

function open(settings: GithubRow, environment: SourceEnvironment): OpenSource {
  const client = openGithub(settings, environment)
  const { organizations } = environment
  return {
    destination: new URL(client.apiUrl).host,
    schedule: settings.schedule,
    limits: {
      search: shareOf('search', 'repositories', { max: settings.otherSearchesPerMinute, perMs: 60_000 }),
      // Nothing is ever fetched.
      fetch: { max: 1, perMs: 60_000 },
    },
    batch: 1,
    stems: datedStems,
    plan: ({ terms }) => planDated(terms, repositorySearch, organizations),
    search: async (input, page) => searchRepositories(client, readDated(input), page, organizations),
    fetch: (hits): Promise<Fetched> => Promise.resolve({ documents: [], absent: [], retry: [], unreadable: hits.map(({ ref }) => ({ ref, reason: 'repositories come with the search' })) }),
    check: () => checkAccess(client, null),
  }
}

async function searchRepositories(client: GithubClient, input: DatedInput, page: string | null, organizations: readonly string[]): Promise<SearchPage> {
  const { items, ...rest } = await searchDated(client, { path: '/search/repositories', search: repositorySearch, item: repositoryItem }, input, page, organizations)
  const strangers = items.filter(({ name, isPrivate }) => !isPrivate && !client.own.has(ownerOf(name).toLowerCase()))
  return { ...rest, hits: [], documents: strangers.map(documentOf) }
}

/** It said so at its last change, and may have said so before. */
function documentOf({ id, name, url, updatedAt, text }: z.output<typeof repositoryItem>): Document {
  return textDocument({
    source: 'github-repositories', ref: id, revision: updatedAt, url, title: name,
    container: { id, name, owner: ownerOf(name) },
    text, author: ownerOf(name), publishedAt: new Date(updatedAt), publishedAtIsLowerBound: true,
  })
}

import type { Document } from '../../contracts/document.ts'
import type { Hit, SearchPage } from '../../contracts/source.ts'
import type { GithubClient } from '../../remotes/github/client.ts'
import { searchDated, type DatedInput, type DatedSearch } from '../../remotes/github/dated-search.ts'
import { ownerOf, textDocument } from '../../remotes/github/text-document.ts'
import { issueItem, type CommentsLocator, type IssueItem, type SaidLocator } from './schema.ts'

/** The advanced search is asked for outright: whether it is the default has changed. */
export const issueSearch = { always: 'is:public', date: 'created' } as const satisfies DatedSearch

/**
 * One page of issues and pull requests: title and body come with it. Comments are fetched at once where the search
 * says that one of them matched, else only if title or body has one of our names.
 */
export async function searchIssues(client: GithubClient, input: DatedInput, page: string | null, organizations: readonly string[]): Promise<SearchPage> {
  const { items, ...rest } = await searchDated(client, {
    path: '/search/issues', search: issueSearch, item: issueItem, parameters: { advanced_search: 'true' },
    headers: { accept: 'application/vnd.github.text-match+json' },
  }, input, page, organizations)
  // An issue that moved between two pages comes twice.
  const strangers = [...new Map(items.map((item) => [item.id, item])).values()].filter(({ repository }) => !client.own.has(ownerOf(repository).toLowerCase()))
  return {
    ...rest,
    documents: strangers.map(documentOf),
    hits: strangers.filter(({ commentMatched }) => commentMatched).flatMap(commentHits),
    onMatch: strangers.filter(({ commentMatched }) => !commentMatched).map((item) => ({ ref: refOf(item), hits: commentHits(item) })),
  }
}

function refOf({ id }: IssueItem): string {
  return `issue:${id}`
}

/** Written when it was created, by GitHub's own word; an edit may have put a name into it later. */
function documentOf(item: IssueItem): Document {
  const { nodeId, repository, title, body, url, author, createdAt, updatedAt } = item
  return textDocument({
    source: 'github-issues', ref: refOf(item), revision: updatedAt, url, title: `${repository}: ${title}`,
    // The number of the repository is not told; the issue's own number survives renames.
    container: { id: repository.toLowerCase(), name: repository, owner: ownerOf(repository) },
    text: `${title}\n\n${body}`, author, publishedAt: new Date(createdAt),
    ...(nodeId === null ? {} : { locator: { nodeId } satisfies SaidLocator }),
  })
}

/** Remarks on the lines of a pull request are a list of their own, which its count of comments does not tell of. */
function commentHits(item: IssueItem): readonly Hit[] {
  const hits = item.comments === 0 ? [] : [hitOf(item, 'issues')]
  return item.isPull ? [...hits, hitOf(item, 'pulls')] : hits
}

function hitOf(item: IssueItem, kind: 'issues' | 'pulls'): Hit {
  const { repository, number, title, url, updatedAt } = item
  const locator: CommentsLocator = { kind, repository, number, title, url, updatedAt, page: 1 }
  return { ref: `${refOf(item)}:${kind === 'issues' ? 'comments' : 'remarks'}`, contentHash: null, revision: updatedAt, locator, container: repository, path: null }
}

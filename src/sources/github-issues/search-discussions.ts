import type { Document } from '../../contracts/document.ts'
import type { Hit, SearchPage } from '../../contracts/source.ts'
import { ContractBroken } from '../../errors.ts'
import { admitGraphql } from '../../remotes/github/admit-graphql.ts'
import type { GithubClient } from '../../remotes/github/client.ts'
import { halve, queryOf, reachable, type DatedInput, type DatedSearch } from '../../remotes/github/dated-search.ts'
import { failureOf } from '../../remotes/github/errors.ts'
import { ownerOf, textDocument } from '../../remotes/github/text-document.ts'
import { discussionNode, discussionSearch, type CommentsLocator, type DiscussionNode, type SaidLocator } from './schema.ts'

export const discussionsSearch = { always: 'is:public', date: 'created' } as const satisfies DatedSearch

/** About one point: comments are only counted. */
const query = `query Discussions($q:String!,$after:String) {
  rateLimit { cost limit remaining resetAt used nodeCount }
  search(query:$q, type:DISCUSSION, first:50, after:$after) {
    discussionCount pageInfo { hasNextPage endCursor }
    nodes { ...on Discussion {
      id title body url createdAt updatedAt author { login } repository { databaseId nameWithOwner isPrivate } comments(first:1) { totalCount }
    } }
  }
}`

/**
 * One page of discussions, by GraphQL: REST cannot search them. What matched is not told, so that the comments of
 * every discussion that has some are fetched. https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions
 */
export async function searchDiscussions(client: GithubClient, input: DatedInput, page: string | null, organizations: readonly string[]): Promise<SearchPage> {
  const q = queryOf(input, discussionsSearch, organizations)
  const { data, meanings, until } = await admitGraphql(client, query, { q, after: page })
  if (data['search'] === undefined || data['search'] === null) throw failureOf(meanings, until)
  const answer = discussionSearch.safeParse(data['search'])
  if (!answer.success) throw new ContractBroken('GitHub GraphQL: discussions come in another form than promised')
  const { discussionCount, pageInfo, nodes } = answer.data
  const parsed = nodes.map((node) => discussionNode.safeParse(node))
  const readable = parsed.flatMap((one) => (one.success ? [one.data] : []))
  const strangers = readable.filter(({ repository, isPrivate }) => !isPrivate && !client.own.has(ownerOf(repository).toLowerCase()))
  const found = { documents: strangers.map(documentOf), hits: strangers.filter(({ comments }) => comments > 0).map(hitOf), counted: discussionCount }
  const slices = page === null && discussionCount > reachable ? halve(input, client.now()) ?? [] : []
  if (slices.length > 0) return { ...found, next: null, slices, shortfall: null }
  // An empty cursor would be the first page again.
  const next = pageInfo.hasNextPage && (pageInfo.endCursor ?? '') !== '' ? pageInfo.endCursor ?? null : null
  const reasons: string[] = []
  if (discussionCount > reachable) reasons.push('more than 1,000 results, of which GitHub gives only the first 1,000')
  if (readable.length < nodes.length || meanings.length > 0) reasons.push('GitHub delivered results in a form that cannot be read')
  if (pageInfo.hasNextPage && next === null) reasons.push('GitHub delivered fewer results than it counted')
  return { ...found, next, shortfall: reasons.length === 0 ? null : reasons.join('; ') }
}

function refOf({ id }: DiscussionNode): string {
  return `discussion:${id}`
}

/** A comment may not move the date of its discussion: their number counts too. */
function revisionOf({ updatedAt, comments }: DiscussionNode): string {
  return `${updatedAt}+${comments}`
}

function documentOf(node: DiscussionNode): Document {
  const { id: nodeId, repository, repositoryId, title, body, url, author, createdAt } = node
  return textDocument({
    source: 'github-issues', ref: refOf(node), revision: revisionOf(node), url, title: `${repository}: ${title}`,
    container: { id: repositoryId, name: repository, owner: ownerOf(repository) },
    text: `${title}\n\n${body}`, author, publishedAt: new Date(createdAt), locator: { nodeId } satisfies SaidLocator,
  })
}

function hitOf(node: DiscussionNode): Hit {
  const { id, repository, repositoryId, title, url } = node
  const revision = revisionOf(node)
  const locator: CommentsLocator = { kind: 'discussion', repository, repositoryId, nodeId: id, title, url, updatedAt: revision, after: null }
  return { ref: `${refOf(node)}:comments`, contentHash: null, revision, locator, container: repository, path: null }
}

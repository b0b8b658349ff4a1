import { z } from 'zod'
import { fullName, integer, moment, nodeId, pageUrl, writer } from '../../remotes/github/parts.ts'

/**
 * One result of the search of issues and pull requests, only what is used. Its repository stands only in an address.
 * https://docs.github.com/en/rest/search/search#search-issues-and-pull-requests
 */
export const issueItem = z
  .object({
    id: z.int().positive(),
    node_id: nodeId,
    number: z.int().positive(),
    title: z.string(),
    body: z.string().nullish(),
    html_url: pageUrl,
    repository_url: z.string(),
    user: writer,
    created_at: moment,
    updated_at: moment,
    comments: z.int().nonnegative().nullish().catch(null),
    pull_request: z.unknown().optional(),
    text_matches: z.array(z.object({ object_type: z.string().nullish() }).catch({})).nullish().catch(null),
  })
  .transform(({ id, node_id, number, title, body, html_url, repository_url, user, created_at, updated_at, comments, pull_request, text_matches }, context) => {
    const repository = fullName.safeParse(/\/repos\/([^/]+\/[^/]+)$/.exec(repository_url)?.[1])
    if (!repository.success) context.addIssue({ code: 'custom', message: 'no repository' })
    const kinds = (text_matches ?? []).map(({ object_type }) => object_type ?? '')
    return {
      id: String(id), nodeId: node_id, number, title, body: body ?? '', url: html_url, repository: repository.data ?? '', author: user,
      createdAt: created_at, updatedAt: updated_at,
      /** Null: GitHub does not say. */
      comments: comments ?? null,
      isPull: pull_request !== undefined && pull_request !== null,
      /** What matched may be a comment: it says so, or says nothing at all. */
      commentMatched: kinds.length === 0 || kinds.some((kind) => kind.endsWith('Comment')),
    }
  })
export type IssueItem = z.output<typeof issueItem>

/** One comment of an issue, or one remark on the lines of a pull request. */
export const commentItem = z.object({
  id: z.int().positive(), node_id: nodeId, body: z.string().nullish(), html_url: pageUrl, user: writer, created_at: moment, updated_at: moment,
})
/** Strict about the envelope, lenient per comment. */
export const commentList = z.array(z.unknown()).max(1_000)

/** What finds something that was said again, whatever its repository is called then; stored with the document, so old ones must stay readable. */
export const saidLocator = z.object({ nodeId: z.string().min(1).max(200) })
export type SaidLocator = z.output<typeof saidLocator>

/** What `fetch` needs to get the comments of something; stored with the step, so old ones must stay readable. */
export const commentsLocator = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['issues', 'pulls']), repository: fullName, number: z.int().positive(), title: z.string(), url: pageUrl,
    updatedAt: z.string(), page: z.int().positive(),
  }),
  z.object({
    kind: z.literal('discussion'), repository: fullName, repositoryId: z.string(), nodeId: z.string(), title: z.string(), url: pageUrl,
    updatedAt: z.string(), after: z.string().min(1).nullable(),
  }),
])
export type CommentsLocator = z.output<typeof commentsLocator>

const author = writer
const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() })

/** https://docs.github.com/en/graphql/reference/objects#discussion */
export const discussionNode = z
  .object({
    id: z.string().min(1).max(200), title: z.string(), body: z.string(), url: pageUrl, createdAt: moment, updatedAt: moment, author,
    repository: z.object({ databaseId: integer.nullish(), nameWithOwner: fullName, isPrivate: z.boolean() }),
    comments: z.object({ totalCount: z.int().nonnegative() }),
  })
  .transform(({ repository, comments, ...node }) => ({
    ...node, repository: repository.nameWithOwner, repositoryId: String(repository.databaseId ?? repository.nameWithOwner),
    isPrivate: repository.isPrivate, comments: comments.totalCount,
  }))
export type DiscussionNode = z.output<typeof discussionNode>

export const discussionSearch = z.object({ discussionCount: z.int().nonnegative(), pageInfo, nodes: z.array(z.unknown()).max(100) })

const said = { id: z.string().min(1).max(200), body: z.string(), url: pageUrl, createdAt: moment, updatedAt: moment, author }
export const remark = z.object(said)
export const remarkWithReplies = z.object({ ...said, replies: z.object({ totalCount: z.int().nonnegative(), nodes: z.array(z.unknown()).max(100) }) })
export const discussionComments = z.object({ comments: z.object({ pageInfo, nodes: z.array(z.unknown()).max(100) }) })

import type { Document } from '../../contracts/document.ts'
import type { Fetched, Hit } from '../../contracts/source.ts'
import { ContractBroken, Transient } from '../../errors.ts'
import { admitGraphql } from '../../remotes/github/admit-graphql.ts'
import { askRest } from '../../remotes/github/ask-rest.ts'
import type { GithubClient } from '../../remotes/github/client.ts'
import { failureOf } from '../../remotes/github/errors.ts'
import { ownerOf, textDocument } from '../../remotes/github/text-document.ts'
import { commentItem, commentList, commentsLocator, discussionComments, remark, remarkWithReplies, type CommentsLocator, type SaidLocator } from './schema.ts'

const nothing: Fetched = { documents: [], absent: [], retry: [], unreadable: [] }
const perPage = 100
/** Answers to one comment of a discussion that come with it. */
const repliesShown = 50
const unreadableComments = 'comments came in a form that cannot be read'

/**
 * `fetch` of the opened source: one page of the comments of one conversation, each a document of its own. The hit
 * itself becomes an empty document: it says that the comments were read as of its revision.
 * @throws RetryLater | Transient | Permanent (the token) | ContractBroken
 */
export async function fetchComments(client: GithubClient, hits: readonly Hit[]): Promise<Fetched> {
  const [hit, ...later] = hits
  if (hit === undefined) return nothing
  const parsed = commentsLocator.safeParse(hit.locator)
  const fetched = !parsed.success
    ? { ...nothing, unreadable: [{ ref: hit.ref, reason: 'stored by a version that this one cannot read' }] }
    : parsed.data.kind === 'discussion' ? await fetchRemarks(client, hit, parsed.data) : await fetchList(client, hit, parsed.data)
  return { ...fetched, retry: [...fetched.retry, ...later] }
}

interface Said {
  /** Null: not told. */
  readonly nodeId: string | null
  readonly ref: string
  readonly body: string
  readonly url: string
  readonly author: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

function documentsOf(hit: Hit, locator: CommentsLocator, said: readonly Said[]): readonly Document[] {
  const { repository, title } = locator
  const container = { id: locator.kind === 'discussion' ? locator.repositoryId : repository.toLowerCase(), name: repository, owner: ownerOf(repository) }
  const common = { source: 'github-issues', title: `${repository}: ${title}`, container }
  const comments = said.map(({ nodeId, ref, body, url, author, createdAt, updatedAt }) =>
    textDocument({ ...common, ref, revision: updatedAt, url, text: body, author, publishedAt: new Date(createdAt), ...(nodeId === null ? {} : { locator: { nodeId } satisfies SaidLocator }) }))
  return [...comments, textDocument({ ...common, ref: hit.ref, revision: locator.updatedAt, url: locator.url, text: '', author: null, publishedAt: null })]
}

/** https://docs.github.com/en/rest/issues/comments and https://docs.github.com/en/rest/pulls/comments */
async function fetchList(client: GithubClient, hit: Hit, locator: Extract<CommentsLocator, { kind: 'issues' | 'pulls' }>): Promise<Fetched> {
  const { kind, repository, number, page } = locator
  const answer = await askRest(client, {
    resource: 'core', path: `/repos/${repository}/${kind}/${number}/comments?per_page=${perPage}&page=${page}`,
    schema: commentList, accept: [404, 410, 451],
  })
  if (answer.status !== 200) return { ...nothing, absent: [{ ref: hit.ref, reason: 'the conversation, or its repository, is gone or not public any more' }] }
  const parsed = answer.body.map((one) => commentItem.safeParse(one))
  const said = parsed.flatMap((one): Said[] => (one.success
    ? [{ nodeId: one.data.node_id, ref: `${kind === 'issues' ? 'comment' : 'remark'}:${one.data.id}`, body: one.data.body ?? '', url: one.data.html_url, author: one.data.user, createdAt: one.data.created_at, updatedAt: one.data.updated_at }]
    : []))
  const next: Hit = { ...hit, ref: `${hit.ref.replace(/:page-\d+$/, '')}:page-${page + 1}`, locator: { ...locator, page: page + 1 } }
  return {
    ...nothing,
    documents: documentsOf(hit, locator, said),
    ...(answer.body.length < perPage ? {} : { further: [next] }),
    ...(said.length < parsed.length ? { shortfall: unreadableComments } : {}),
  }
}

const query = `query Remarks($id:ID!,$after:String) {
  rateLimit { cost limit remaining resetAt used nodeCount }
  discussion: node(id:$id) { ...on Discussion { comments(first:100, after:$after) {
    pageInfo { hasNextPage endCursor }
    nodes { id body url createdAt updatedAt author { login } replies(first:${repliesShown}) { totalCount nodes { id body url createdAt updatedAt author { login } } } }
  } } }
}`

/** https://docs.github.com/en/graphql/reference/objects#discussioncomment */
async function fetchRemarks(client: GithubClient, hit: Hit, locator: Extract<CommentsLocator, { kind: 'discussion' }>): Promise<Fetched> {
  const { data, meanings, until } = await admitGraphql(client, query, { id: locator.nodeId, after: locator.after })
  const node = data['discussion']
  if (node === undefined || node === null) {
    if (meanings.length > 0 && meanings.every((meaning) => meaning === 'absent')) return { ...nothing, absent: [{ ref: hit.ref, reason: 'the discussion is gone or not public any more' }] }
    throw meanings.length === 0 ? new Transient('GitHub GraphQL brought nothing') : failureOf(meanings, until)
  }
  const parsed = discussionComments.safeParse(node)
  if (!parsed.success) throw new ContractBroken('GitHub GraphQL: comments come in another form than promised')
  const { pageInfo, nodes } = parsed.data.comments
  const said: Said[] = []
  let lost = meanings.length > 0
  let cut = false
  for (const one of nodes) {
    const comment = remarkWithReplies.safeParse(one)
    if (!comment.success) {
      lost = true
      continue
    }
    const { replies, ...first } = comment.data
    const answers = replies.nodes.map((reply) => remark.safeParse(reply))
    lost ||= answers.some((answer) => !answer.success)
    cut ||= replies.totalCount > replies.nodes.length
    for (const { id, ...rest } of [first, ...answers.flatMap((answer) => (answer.success ? [answer.data] : []))]) said.push({ nodeId: id, ref: `discussion-comment:${id}`, ...rest })
  }
  const after = pageInfo.hasNextPage && (pageInfo.endCursor ?? '') !== '' ? pageInfo.endCursor ?? null : null
  const shortfalls = [...(lost ? [unreadableComments] : []), ...(cut ? [`a comment of a discussion has more than ${repliesShown} answers`] : [])]
  const next: Hit = { ...hit, ref: `${hit.ref.replace(/:after-.*$/, '')}:after-${after ?? ''}`, locator: { ...locator, after } }
  return {
    ...nothing,
    documents: documentsOf(hit, locator, said),
    ...(after === null ? {} : { further: [next] }),
    ...(shortfalls.length === 0 ? {} : { shortfall: shortfalls.join('; ') }),
  }
}

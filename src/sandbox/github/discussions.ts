import { lastChange, type Comment, type Conversation } from '../publications.ts'
import { nodeId, type Repository } from './catalogue.ts'
import { connect, type Connection, type Paging } from './graphql-connection.ts'
import { accountNode, repositoryNode, typedError, type QueryContext } from './graphql-nodes.ts'
import { conversationId, openConversations, pathOf, remarkNodeId } from './issue-search.ts'
import { isInScope, isInTime, parseSearch } from './parse-search.ts'
import { holdsTerms } from './search-answer.ts'
import type { Site } from './site.ts'

/** A discussion as the executor reads it: members are fields, connections are resolved beside it. */
export interface DiscussionNode {
  readonly __typename: 'Discussion'
  readonly conversation: Conversation
  readonly home: Repository
}

export interface RemarkNode {
  readonly __typename: 'DiscussionComment'
  readonly remark: Comment
  readonly discussion: DiscussionNode
}

function idOf({ conversation, home }: DiscussionNode): number {
  return conversationId(`${home.fullName}#${conversation.number}`)
}

/** GitHub's node ids of discussions begin with D_; ours hold repository and number. */
export function discussionNodeId(node: DiscussionNode): string {
  return nodeId('D', node.home.id, `${node.conversation.number}`)
}

function discussions(site: Site): DiscussionNode[] {
  return openConversations(site).filter(({ conversation }) => conversation.kind === 'discussion')
    .map(({ conversation, repository }) => ({ __typename: 'Discussion', conversation, home: repository }))
}

export function findDiscussion(site: Site, id: string): DiscussionNode | null {
  return discussions(site).find((node) => discussionNodeId(node) === id) ?? null
}

/** A comment of a discussion, or an answer to one. */
export function findRemark(site: Site, id: string): RemarkNode | null {
  for (const discussion of discussions(site)) {
    for (const comment of discussion.conversation.comments) {
      for (const remark of [comment, ...(comment.replies ?? [])]) {
        if (remarkNodeId('DC', discussion.home, discussion.conversation.number, remark) === id) return { __typename: 'DiscussionComment', remark: { ...remark }, discussion }
      }
    }
  }
  return null
}

/** `search(type: DISCUSSION)`: titles, bodies and comments. At most 1,000 can be reached. */
export function searchDiscussions(site: Site, query: string, paging: Paging) {
  const search = parseSearch(query)
  if (search.terms.length === 0) throw typedError('INVALID', 'A query must be given.')
  const found = discussions(site).filter(({ conversation, home }) => {
    const said = conversation.comments.flatMap(({ body, replies }) => [body, ...(replies ?? []).map((reply) => reply.body)])
    return isInScope(search, home.fullName, false) && isInTime(search, { created: conversation.createdAt, updated: lastChange(conversation) })
      && holdsTerms(site, search, [conversation.title, conversation.body ?? '', ...said].join('\n'))
  })
  const page = connect(found.slice(0, 1_000), paging)
  return { ...page, discussionCount: found.length, issueCount: 0, repositoryCount: 0, userCount: 0, codeCount: 0, wikiCount: 0 }
}

type Resolver<Source> = (source: Source, args: Readonly<Record<string, unknown>>, context: QueryContext) => unknown

export function writer(site: Site, login: string): unknown {
  const account = site.catalogue.account(login)
  return account === null ? null : accountNode(account)
}

/** The arguments of a connection; the executor has checked their types. */
const pagingOf = (args: Readonly<Record<string, unknown>>): Paging => args as Paging

export const discussionFields: Readonly<Record<string, Resolver<DiscussionNode>>> = {
  id: (node) => discussionNodeId(node),
  databaseId: (node) => idOf(node) % 2_000_000_000,
  number: ({ conversation }) => conversation.number,
  title: ({ conversation }) => conversation.title,
  body: ({ conversation }) => conversation.body ?? '',
  bodyText: ({ conversation }) => conversation.body ?? '',
  url: ({ conversation, home }, _args, { site }) => `${site.addresses.htmlUrl}/${home.fullName}/${pathOf(conversation)}`,
  createdAt: ({ conversation }) => conversation.createdAt,
  updatedAt: ({ conversation }) => lastChange(conversation),
  lastEditedAt: ({ conversation }) => conversation.editedAt ?? null,
  author: ({ conversation }, _args, { site }) => writer(site, conversation.author),
  editor: ({ conversation }, _args, { site }) => (conversation.editedAt === undefined ? null : writer(site, conversation.author)),
  repository: ({ home }, _args, { site }) => repositoryNode(site, home),
  comments: (discussion, args): Connection<RemarkNode> =>
    connect(discussion.conversation.comments.map((remark): RemarkNode => ({ __typename: 'DiscussionComment', remark, discussion })), pagingOf(args)),
}

export const remarkFields: Readonly<Record<string, Resolver<RemarkNode>>> = {
  id: ({ remark, discussion }) => remarkNodeId('DC', discussion.home, discussion.conversation.number, remark),
  databaseId: ({ remark, discussion }) => conversationId(`${discussion.home.fullName}#${discussion.conversation.number} ${remark.author} ${remark.createdAt}`) % 2_000_000_000,
  body: ({ remark }) => remark.body,
  bodyText: ({ remark }) => remark.body,
  createdAt: ({ remark }) => remark.createdAt,
  updatedAt: ({ remark }) => remark.updatedAt ?? remark.createdAt,
  lastEditedAt: ({ remark }) => remark.updatedAt ?? null,
  author: ({ remark }, _args, { site }) => writer(site, remark.author),
  editor: ({ remark }, _args, { site }) => (remark.updatedAt === undefined ? null : writer(site, remark.author)),
  discussion: ({ discussion }) => discussion,
  url: ({ remark, discussion: { conversation, home } }, _args, { site }) =>
    `${site.addresses.htmlUrl}/${home.fullName}/${pathOf(conversation)}#discussioncomment-${conversationId(`${home.fullName}#${conversation.number} ${remark.author} ${remark.createdAt}`) % 2_000_000_000}`,
  replies: ({ remark, discussion }, args): Connection<RemarkNode> =>
    connect((remark.replies ?? []).map((reply): RemarkNode => ({ __typename: 'DiscussionComment', remark: { ...reply }, discussion })), pagingOf(args)),
}

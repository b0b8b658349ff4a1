import { lastChange, type Comment, type Conversation } from '../publications.ts'
import { nodeId, type Repository } from './catalogue.ts'
import { writer } from './discussions.ts'
import { repositoryNode, type QueryContext } from './graphql-nodes.ts'
import { conversationId, openConversations, pathOf, remarkNodeId } from './issue-search.ts'
import type { Site } from './site.ts'

/** An issue or a pull request as the executor reads it. */
export interface IssueNode {
  readonly __typename: 'Issue' | 'PullRequest'
  readonly conversation: Conversation
  readonly home: Repository
}

/** A comment on one of them, or a remark on the lines of a pull request. */
export interface IssueRemarkNode {
  readonly __typename: 'IssueComment' | 'PullRequestReviewComment'
  readonly remark: Comment
  readonly above: IssueNode
}

/** By GitHub's node ids `I_`, `PR_`, `IC_` and `PRRC_`. */
export function findIssueNode(site: Site, id: string): IssueNode | IssueRemarkNode | null {
  for (const { conversation, repository: home } of openConversations(site)) {
    if (conversation.kind === 'discussion') continue
    const node: IssueNode = { __typename: conversation.kind === 'pull' ? 'PullRequest' : 'Issue', conversation, home }
    if (issueNodeId(node) === id) return node
    const comment = conversation.comments.find((one) => remarkNodeId('IC', home, conversation.number, one) === id)
    if (comment !== undefined) return { __typename: 'IssueComment', remark: comment, above: node }
    const remark = conversation.reviewComments.find((one) => remarkNodeId('PRRC', home, conversation.number, one) === id)
    if (remark !== undefined) return { __typename: 'PullRequestReviewComment', remark, above: node }
  }
  return null
}

function issueNodeId({ conversation: { kind, number }, home }: IssueNode): string {
  return nodeId(kind === 'pull' ? 'PR' : 'I', home.id, `${number}`)
}

type Resolver<Source> = (source: Source, args: Readonly<Record<string, unknown>>, context: QueryContext) => unknown

export const issueFields: Readonly<Record<string, Resolver<IssueNode>>> = {
  id: (node) => issueNodeId(node),
  number: ({ conversation }) => conversation.number,
  title: ({ conversation }) => conversation.title,
  body: ({ conversation }) => conversation.body ?? '',
  url: ({ conversation, home }, _args, { site }) => `${site.addresses.htmlUrl}/${home.fullName}/${pathOf(conversation)}`,
  createdAt: ({ conversation }) => conversation.createdAt,
  updatedAt: ({ conversation }) => lastChange(conversation),
  lastEditedAt: ({ conversation }) => conversation.editedAt ?? null,
  author: ({ conversation }, _args, { site }) => writer(site, conversation.author),
  editor: ({ conversation }, _args, { site }) => (conversation.editedAt === undefined ? null : writer(site, conversation.author)),
  repository: ({ home }, _args, { site }) => repositoryNode(site, home),
}

export const issueRemarkFields: Readonly<Record<string, Resolver<IssueRemarkNode>>> = {
  id: ({ __typename, remark, above }) => remarkNodeId(__typename === 'IssueComment' ? 'IC' : 'PRRC', above.home, above.conversation.number, remark),
  body: ({ remark }) => remark.body,
  url: ({ __typename, remark, above: { conversation, home } }, _args, { site }) =>
    `${site.addresses.htmlUrl}/${home.fullName}/${pathOf(conversation)}#${__typename === 'IssueComment' ? 'issuecomment-' : 'discussion_r'}${conversationId(`${home.fullName}#${conversation.number} ${remark.author} ${remark.createdAt}`)}`,
  createdAt: ({ remark }) => remark.createdAt,
  updatedAt: ({ remark }) => remark.updatedAt ?? remark.createdAt,
  lastEditedAt: ({ remark }) => remark.updatedAt ?? null,
  author: ({ remark }, _args, { site }) => writer(site, remark.author),
  editor: ({ remark }, _args, { site }) => (remark.updatedAt === undefined ? null : writer(site, remark.author)),
  repository: ({ above }, _args, { site }) => repositoryNode(site, above.home),
  issue: ({ above }) => above,
  pullRequest: ({ above }) => above,
}

import { createHash } from 'node:crypto'
import type { Hono } from 'hono'
import type { SandboxEnv } from '../door.ts'
import { lastChange, type Comment, type Conversation } from '../publications.ts'
import { nodeId, type Repository } from './catalogue.ts'
import { compileNeedle, findAll, foldCase } from './find-words.ts'
import { isInScope, isInTime, type Search } from './parse-search.ts'
import { answerSearch, holdsTerms, linkHeader, parsePositive } from './search-answer.ts'
import { describeUser } from './shapes.ts'
import { admit, notFound, type Answer, type Site } from './site.ts'

/** A number that stays the same for the same thing, beyond 32 bits as such ids are today. */
export function conversationId(text: string): number {
  return 3_000_000_000 + (createHash('sha256').update(text).digest().readUInt32BE(0) % 1_000_000_000)
}

/** Of whom nobody says more than the login: a ghost, or somebody who commits nothing. */
export function describeWriter(site: Site, login: string): unknown {
  const account = site.catalogue.account(login)
  return account === null ? { login, id: conversationId(`account ${login}`), node_id: '', type: 'User', html_url: `${site.addresses.htmlUrl}/${login}` } : describeUser(account, site.addresses)
}

/** The address of a conversation for people, below the repository. */
export function pathOf({ kind, number }: Pick<Conversation, 'kind' | 'number'>): string {
  return `${{ issue: 'issues', pull: 'pull', discussion: 'discussions' }[kind]}/${number}`
}

/** Conversations of repositories that the public can read, with them. */
export function openConversations(site: Site): readonly { readonly conversation: Conversation; readonly repository: Repository }[] {
  return site.publications.conversations().flatMap((conversation) => {
    const repository = site.catalogue.named(conversation.repository)?.repository
    return repository?.state === 'public' ? [{ conversation, repository }] : []
  })
}

/** Ours hold repository, number, author and moment, so that they survive a rename. */
export function remarkNodeId(prefix: 'IC' | 'PRRC' | 'DC', repository: Repository, number: number, { author, createdAt }: Pick<Comment, 'author' | 'createdAt'>): string {
  return nodeId(prefix, repository.id, `${number}:${author}:${createdAt}`)
}

function describeComment(site: Site, repository: Repository, conversation: Conversation, comment: Comment, review: boolean) {
  const id = conversationId(`${repository.fullName}#${conversation.number} ${comment.author} ${comment.createdAt}`)
  const kind = review ? 'pulls' : 'issues'
  return {
    id,
    node_id: remarkNodeId(review ? 'PRRC' : 'IC', repository, conversation.number, comment),
    url: `${site.addresses.apiUrl}/repos/${repository.fullName}/${kind}/comments/${id}`,
    html_url: `${site.addresses.htmlUrl}/${repository.fullName}/${pathOf(conversation)}#${review ? 'discussion_r' : 'issuecomment-'}${id}`,
    issue_url: `${site.addresses.apiUrl}/repos/${repository.fullName}/issues/${conversation.number}`,
    body: comment.body,
    user: describeWriter(site, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt ?? comment.createdAt,
    author_association: 'NONE',
    ...(review ? { path: 'package.json', diff_hunk: '@@ -1 +1 @@', commit_id: '0'.repeat(40) } : {}),
  }
}

interface Open {
  readonly conversation: Conversation
  readonly repository: Repository
}

/** At most two fragments, of title, body and comments in this order, as for code. */
function describeMatches(site: Site, { conversation, repository }: Open, search: Search) {
  const issueUrl = `${site.addresses.apiUrl}/repos/${repository.fullName}/issues/${conversation.number}`
  const texts = [
    { object_url: issueUrl, object_type: 'Issue', property: 'title', text: conversation.title },
    { object_url: issueUrl, object_type: 'Issue', property: 'body', text: conversation.body ?? '' },
    ...conversation.comments.map((comment) => {
      const { url, body } = describeComment(site, repository, conversation, comment, false)
      return { object_url: url, object_type: 'IssueComment', property: 'body', text: body }
    }),
  ]
  return texts.flatMap(({ text, ...where }) => {
    const spans = search.terms.flatMap((term) => {
      const needle = compileNeedle(term, site.tokenisation)
      return needle === null ? [] : findAll(foldCase(Buffer.from(text)), needle, 5)
    })
    if (spans.length === 0) return []
    return [{ ...where, fragment: text.slice(0, 400), matches: spans.map(({ start, end }) => ({ text: Buffer.from(text).toString('utf8', start, end), indices: [start, end] })) }]
  }).slice(0, 2)
}

function describeIssue(site: Site, open: Open, search: Search, withMatches: boolean): unknown {
  const { conversation, repository } = open
  const { number, kind, title, body, author, createdAt } = conversation
  const url = `${site.addresses.apiUrl}/repos/${repository.fullName}/issues/${number}`
  const html = `${site.addresses.htmlUrl}/${repository.fullName}/${pathOf(conversation)}`
  return {
    url, html_url: html, repository_url: `${site.addresses.apiUrl}/repos/${repository.fullName}`, comments_url: `${url}/comments`,
    id: conversationId(`${repository.fullName}#${number}`), node_id: nodeId(kind === 'pull' ? 'PR' : 'I', repository.id, `${number}`),
    number, title, body, user: describeWriter(site, author), labels: [], state: 'open', locked: false, assignees: [], milestone: null,
    comments: conversation.comments.length, created_at: createdAt, updated_at: lastChange(conversation), closed_at: null,
    author_association: 'NONE', score: 1,
    ...(kind === 'pull' ? { pull_request: { url: url.replace('/issues/', '/pulls/'), html_url: html, merged_at: null } } : {}),
    ...(withMatches ? { text_matches: describeMatches(site, open, search) } : {}),
  }
}

function isWanted(site: Site, { conversation, repository }: Open, search: Search, advanced: boolean): boolean {
  const kind = search.qualifiers.findLast(({ name, value }) => (name === 'is' || name === 'type') && /^(?:issue|pr|pull-request)$/.test(value))?.value
  if (conversation.kind === 'discussion' || (kind === 'issue' && conversation.kind !== 'issue') || (kind !== undefined && kind !== 'issue' && conversation.kind !== 'pull')) return false
  const text = [conversation.title, conversation.body ?? '', ...conversation.comments.map(({ body }) => body)].join('\n')
  return isInScope(search, repository.fullName, advanced) && holdsTerms(site, search, text)
    && isInTime(search, { created: conversation.createdAt, updated: lastChange(conversation) })
}

/** The comments of an issue or pull request, or the remarks on a pull request's lines; oldest first. */
export function answerComments(site: Site, url: URL, repository: Repository, kind: 'issues' | 'pulls', number: number): Answer {
  const found = openConversations(site).find((one) => one.repository === repository && one.conversation.number === number && one.conversation.kind !== 'discussion')
  if (found === undefined) return notFound('https://docs.github.com/rest/issues/comments#list-issue-comments')
  const { conversation } = found
  const all = kind === 'issues' ? conversation.comments : conversation.reviewComments
  const perPage = Math.min(100, parsePositive(url.searchParams.get('per_page'), 30))
  const page = parsePositive(url.searchParams.get('page'), 1)
  const shown = all.slice((page - 1) * perPage, page * perPage)
  return {
    status: 200,
    json: shown.map((comment) => describeComment(site, repository, conversation, comment, kind === 'pulls')),
    headers: linkHeader(`${site.addresses.apiUrl}${url.pathname}`, url.searchParams, page, Math.ceil(all.length / perPage)),
  }
}

/** `GET /search/issues`: titles, bodies and comments of issues and pull requests. */
export function serveIssueSearch(app: Hono<SandboxEnv>, site: Site): void {
  app.get('/search/issues', (context) =>
    admit(site, context, { bucket: 'search', endpoint: 'search/issues' }, () => {
      const advanced = new URL(context.req.url).searchParams.get('advanced_search') === 'true'
      const withMatches = context.req.header('accept')?.includes('text-match') === true
      return answerSearch<Open>(site, context, {
        find: (search) => openConversations(site).filter((one) => isWanted(site, one, search, advanced)),
        describe: (one, search) => describeIssue(site, one, search, withMatches),
        // A member that libraries have taken for the items.
        extra: { search_type: 'lexical' },
      })
    }))
}


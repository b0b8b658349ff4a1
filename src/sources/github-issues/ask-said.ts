import { z } from 'zod'
import type { Document } from '../../contracts/document.ts'
import type { Attribution, ContainerFacts, Person, Place, Recheck } from '../../contracts/place.ts'
import { ContractBroken } from '../../errors.ts'
import { account, personFields } from '../../remotes/github/account.ts'
import { askPlace, isClosed, rateLimitField, type PlaceAnswer } from '../../remotes/github/ask-place.ts'
import { dated, time } from '../../remotes/github/change.ts'
import type { GithubClient } from '../../remotes/github/client.ts'
import { databaseId, fullName, moment, pageUrl } from '../../remotes/github/parts.ts'
import { containerOf, factFields, repositoryFacts } from '../../remotes/github/repository-facts.ts'
import { ownerOf, textDocument } from '../../remotes/github/text-document.ts'
import { saidLocator } from './schema.ts'

const actor = z.object({ login: z.string().max(100) }).loose().nullish().catch(null)
const named = z.object({ databaseId, nameWithOwner: fullName, isPrivate: z.boolean() })
/** What is not told of it, or in another form, costs only the facts. */
const home = z.unknown().transform((told, context) => {
  const found = named.safeParse(told)
  if (found.success) return { ...found.data, facts: repositoryFacts.safeParse(told).data ?? null }
  context.addIssue({ code: 'custom', message: 'no repository' })
  return z.NEVER
})
const topic = z.object({ title: z.string(), repository: home.optional() })

/** An issue, a pull request, a discussion, or a comment on one: https://docs.github.com/en/graphql/reference/interfaces#comment */
const said = z.object({
  type: z.string(), title: z.string().optional(), body: z.string(), url: pageUrl, createdAt: moment, updatedAt: moment,
  lastEditedAt: moment.nullish().catch(null), author: actor, editor: actor,
  comments: z.object({ totalCount: z.int().nonnegative() }).optional(),
  issue: topic.optional(), pullRequest: topic.optional(), discussion: topic.optional(), repository: home.optional(),
}).transform(({ issue, pullRequest, discussion, repository, ...rest }, context) => {
  const above = issue ?? pullRequest ?? discussion
  const found = repository ?? above?.repository
  if (found === undefined) context.addIssue({ code: 'custom', message: 'no repository' })
  return { ...rest, topic: above?.title ?? null, repository: found ?? z.NEVER }
})
type Said = z.output<typeof said>

const saidFields = 'body url createdAt updatedAt lastEditedAt author { ...who } editor { ...who }'

/** Asked by its own id, so that neither a rename nor a transfer of the repository moves it. */
async function askSaid(client: GithubClient, nodeId: string, organizations: readonly string[]): Promise<PlaceAnswer> {
  const person = personFields(organizations)
  return askPlace(client, `query Said($id:ID!${person.declarations}) {
  ${rateLimitField}
  place: node(id:$id) { type: __typename
    ...on Issue { title ${saidFields} repository { ...home } }
    ...on PullRequest { title ${saidFields} repository { ...home } }
    ...on Discussion { title ${saidFields} comments(first:1) { totalCount } repository { ...home } }
    ...on IssueComment { ${saidFields} issue { title } repository { ...home } }
    ...on PullRequestReviewComment { ${saidFields} pullRequest { title } repository { ...home } }
    ...on DiscussionComment { ${saidFields} discussion { title repository { ...home } } }
  }
}
fragment home on Repository { ${factFields} }
fragment who on Actor { type: __typename login ...person }
${person.fragment}`, { id: nodeId, ...person.variables })
}

function read(answer: PlaceAnswer): Said {
  const parsed = said.safeParse(answer.place)
  if (!parsed.success) throw new ContractBroken('GitHub GraphQL: what somebody said comes in another form than promised')
  return parsed.data
}

/**
 * Whether something that was said is still public, as it is now. What an edit took out stands in the history of edits,
 * which GitHub shows to everybody: https://docs.github.com/en/communities/moderating-comments-and-conversations/tracking-changes-in-a-comment
 */
export async function recheckSaid(client: GithubClient, place: Place): Promise<Recheck> {
  const stored = saidLocator.safeParse(place.locator)
  if (!stored.success) return { state: 'unknown', reason: 'stored by a version that this one cannot read' }
  const answer = await askSaid(client, stored.data.nodeId, [])
  if (answer.meanings.length > 0) {
    const [meaning] = answer.meanings
    if (answer.place !== null || answer.meanings.length > 1) throw answer.failure()
    if (meaning === 'absent') return { state: 'absent', status: 'gone', reason: 'it is deleted, or its repository is not public any more' }
    if (meaning === 'forbidden') return { state: 'unknown', reason: 'GitHub forbids reading the repository' }
    throw answer.failure()
  }
  const found = read(answer)
  if (found.repository.isPrivate) return { state: 'absent', status: 'gone', reason: 'the repository is not public any more' }
  return { state: 'present', document: documentOf(place, stored.data.nodeId, found), missing: [] }
}

/** As search and comments make it: equal texts have equal hashes. */
function documentOf({ ref }: Place, nodeId: string, { type, title, topic: above, body, url, createdAt, updatedAt, author, comments, repository }: Said): Document {
  return textDocument({
    source: 'github-issues', ref, url, author: author?.login ?? null, publishedAt: new Date(createdAt),
    revision: comments === undefined ? updatedAt : `${updatedAt}+${comments.totalCount}`,
    title: `${repository.nameWithOwner}: ${title ?? above ?? ''}`,
    container: { id: containerIdOf(type, repository), name: repository.nameWithOwner, owner: ownerOf(repository.nameWithOwner) },
    text: title === undefined ? body : `${title}\n\n${body}`, locator: { nodeId },
  })
}

/** REST does not tell the number of the repository of an issue: there its name is the id. */
function containerIdOf(type: string, { databaseId: id, nameWithOwner }: Said['repository']): string {
  return type.startsWith('Discussion') && id !== null ? id : nameWithOwner.toLowerCase()
}

/**
 * Who said it and when, by GitHub's own clock. Of a text that was edited since only the last edit is told: it was public
 * then, who wrote the line is not known. @throws RetryLater | Transient | Permanent | ContractBroken
 */
export async function attributeSaid(client: GithubClient, place: Place, organizations: readonly string[]): Promise<Attribution> {
  const stored = saidLocator.safeParse(place.locator)
  if (!stored.success) return { next: null }
  const answer = await askSaid(client, stored.data.nodeId, organizations)
  if (answer.meanings.length > 0) {
    if (isClosed(answer)) return { next: null }
    throw answer.failure()
  }
  const { type, author, editor, createdAt, lastEditedAt, repository } = read(answer)
  // A push says nothing of when somebody said something.
  const container: { container?: ContainerFacts } = repository.facts === null ? {} : { container: { ...containerOf(repository.facts, containerIdOf(type, repository)), changedAt: null } }
  if (lastEditedAt !== null && lastEditedAt !== undefined) {
    const at = dated(time().parse(lastEditedAt))
    return { file: { id: stored.data.nodeId, author: personOf(editor ?? author), authoredAt: at, committedAt: at }, ...container, next: null }
  }
  const at = dated(time().parse(createdAt))
  const change = { id: stored.data.nodeId, author: personOf(author), authoredAt: at, committedAt: at }
  return { lines: place.lines.map((line) => ({ line, change })), ...container, next: null }
}

const nobody: Person = { id: null, login: null, name: null, kind: 'unknown', emailDomain: null, memberOf: null, company: null }

/** Bots and accounts that are gone are no users: all that is known of them is what they are called. */
function personOf(found: Said['author']): Person {
  const known = account.safeParse(found)
  return known.success ? known.data : { ...nobody, login: found?.login ?? null }
}

import { z } from 'zod'
import type { Json } from '../../../contracts/json.ts'
import type { Attribution, Change, ContainerFacts, Person, Place } from '../../../contracts/place.ts'
import { ContractBroken, Transient } from '../../../errors.ts'
import type { GithubClient } from '../client.ts'
import { askPlace, rateLimitField, type PlaceAnswer } from './ask-place.ts'
import { databaseId, fullName, locator, type Locator } from './schema.ts'

/** Authors whose account is asked for, of one file. */
const mostPeople = 20

const progress = z.discriminatedUnion('step', [
  z.object({ step: z.literal('history') }),
  z.object({ step: z.literal('facts'), people: z.array(z.string().max(200)).max(mostPeople) }),
])

interface Target {
  readonly client: GithubClient
  readonly place: Place
  readonly stored: Locator
  readonly nodeId: string
}

/**
 * Who brought the lines of a file into the public and when: one blame by itself, since blame is what GitHub answers
 * last within its ten seconds; the last commit of the file where that fails; then the repository, its owner and the
 * accounts of the authors. https://docs.github.com/en/graphql/reference/objects#blame
 * @throws RetryLater | Transient | Permanent | ContractBroken
 */
export function createAttribute(client: GithubClient, organizations: readonly string[]): (place: Place, progress: Json | null) => Promise<Attribution> {
  return async (place, asked) => {
    const stored = locator.safeParse(place.locator)
    const step = asked === null ? null : progress.safeParse(asked)
    if (!stored.success || stored.data.nodeId === null || step?.success === false) return nothing
    const target = { client, place, stored: stored.data, nodeId: stored.data.nodeId }
    if (step === null) return askBlame(target)
    return step.data.step === 'history' ? askHistory(target) : askFacts(target, step.data.people, organizations)
  }
}

const nothing: Attribution = { next: null }
const actor = '{ name email date user { id databaseId login } }'

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text)).nullish().catch(null)

const commit = z
  .object({
    oid: z.string(),
    authoredDate: time,
    committedDate: time,
    author: z
      .object({
        name: z.string().nullish().catch(null),
        email: z.string().nullish().catch(null),
        user: z.object({ id: z.string(), databaseId, login: z.string() }).nullish().catch(null),
      })
      .nullish()
      .catch(null),
  })
  .transform(({ oid, authoredDate, committedDate, author }) => ({
    nodeId: author?.user?.id ?? null,
    change: { id: oid, author: authorOf(author ?? {}), authoredAt: dated(authoredDate), committedAt: dated(committedDate) } satisfies Change,
  }))

/** The beginning of the epoch stands for a date that nobody gave. */
function dated(date: Date | null | undefined): Date | null {
  return date === null || date === undefined || date.getTime() <= 0 ? null : date
}

interface Actor {
  readonly name?: string | null | undefined
  readonly email?: string | null | undefined
  readonly user?: { readonly databaseId: string | null; readonly login: string } | null | undefined
}

function authorOf({ name, email, user }: Actor): Person {
  const domain = /@(?<domain>[^@\s]{1,253})$/.exec(email ?? '')?.groups?.['domain']?.toLowerCase() ?? null
  return {
    id: user?.databaseId ?? null,
    login: user?.login ?? null,
    name: name?.slice(0, 200) ?? null,
    kind: user === null || user === undefined ? 'unknown' : 'user',
    // GitHub's own addresses tell nothing of an employer.
    emailDomain: domain === 'users.noreply.github.com' ? null : domain,
    memberOf: null,
    company: null,
  }
}

const blameAnswer = z.object({
  object: z.object({
    file: z.object({ oid: z.string() }).nullish(),
    blame: z.object({ ranges: z.array(z.object({ startingLine: z.int(), endingLine: z.int(), commit })) }),
  }).nullable(),
})

async function askBlame(target: Target): Promise<Attribution> {
  const { place, stored, nodeId } = target
  let answer: PlaceAnswer
  try {
    answer = await askPlace(target.client, `query Blame($id:ID!,$revision:String!,$path:String!) {
  ${rateLimitField}
  place: node(id:$id) { ...on Repository { object(expression:$revision) { ...on Commit {
    file(path:$path) { oid }
    blame(path:$path) { ranges { startingLine endingLine commit { oid authoredDate committedDate author ${actor} } } }
  } } } }
}`, { id: nodeId, revision: stored.commit ?? 'HEAD', path: stored.path })
  } catch (error) {
    // A time-out, whatever it looks like: asking the same again costs points and fails the same way.
    if (error instanceof Transient) return { cheap: true, next: { step: 'history' } }
    throw error
  }
  if (answer.meanings.length > 0) return isClosed(answer) ? nothing : { cheap: true, next: { step: 'history' } }
  const parsed = blameAnswer.safeParse(answer.place)
  if (!parsed.success) throw new ContractBroken('GitHub GraphQL: a blame comes in another form than promised')
  const { object } = parsed.data
  // Lines of another version would name the wrong people.
  if (object === null || object.file?.oid !== place.contentHash) return { next: { step: 'facts', people: [] } }
  const people = new Set<string>()
  const lines = place.lines.flatMap((line) => {
    const range = object.blame.ranges.find(({ startingLine, endingLine }) => startingLine <= line && line <= endingLine)
    if (range === undefined) return []
    if (range.commit.nodeId !== null && people.size < mostPeople) people.add(range.commit.nodeId)
    return [{ line, change: range.commit.change }]
  })
  return { lines, next: { step: 'facts', people: [...people] } }
}

/** The repository cannot be read: whether it is gone is the recheck's to find out. */
function isClosed({ place, meanings }: PlaceAnswer): boolean {
  return place === null && meanings.every((meaning) => meaning === 'absent' || meaning === 'forbidden')
}

const historyAnswer = z.object({ object: z.object({ history: z.object({ nodes: z.array(commit.nullable()).max(100) }) }).nullable() })

async function askHistory({ client, stored, nodeId }: Target): Promise<Attribution> {
  const answer = await askPlace(client, `query History($id:ID!,$revision:String!,$path:String!) {
  ${rateLimitField}
  place: node(id:$id) { ...on Repository { object(expression:$revision) { ...on Commit {
    history(path:$path, first:1) { nodes { oid authoredDate committedDate author ${actor} } }
  } } } }
}`, { id: nodeId, revision: stored.commit ?? 'HEAD', path: stored.path })
  if (answer.meanings.length > 0) {
    if (isClosed(answer)) return nothing
    throw answer.failure()
  }
  const parsed = historyAnswer.safeParse(answer.place)
  if (!parsed.success) throw new ContractBroken('GitHub GraphQL: a history comes in another form than promised')
  const last = parsed.data.object?.history.nodes[0] ?? null
  if (last === null) return { cheap: true, next: { step: 'facts', people: [] } }
  return { cheap: true, file: last.change, next: { step: 'facts', people: last.nodeId === null ? [] : [last.nodeId] } }
}

const membership = z.object({ login: z.string() }).nullish()
const account = z
  .looseObject({
    type: z.enum(['User', 'Organization']),
    databaseId,
    login: z.string(),
    name: z.string().nullish().catch(null),
    company: z.string().nullish().catch(null),
  })
  .transform(({ type, databaseId: id, login, name, company, ...rest }): Person => ({
    id,
    login,
    name: name ?? null,
    kind: type === 'Organization' ? 'organization' : 'user',
    emailDomain: null,
    memberOf: Object.entries(rest).flatMap(([key, value]) => (/^m\d+$/.test(key) ? (membership.safeParse(value).data?.login ?? []) : [])),
    company: company?.slice(0, 200) ?? null,
  }))

const factsAnswer = z.object({
  databaseId,
  nameWithOwner: fullName,
  stargazerCount: z.int().nullish().catch(null),
  forkCount: z.int().nullish().catch(null),
  isArchived: z.boolean().nullish().catch(null),
  isFork: z.boolean().nullish().catch(null),
  createdAt: time,
  pushedAt: time,
  parent: z.object({ databaseId, nameWithOwner: z.string() }).nullish().catch(null),
  owner: account,
})

async function askFacts({ client, stored, nodeId }: Target, people: readonly string[], organizations: readonly string[]): Promise<Attribution> {
  const memberships = organizations.map((_, index) => `m${index}: organization(login:$o${index}) { login }`).join(' ')
  const variables = {
    id: nodeId,
    ...Object.fromEntries(people.map((id, index) => [`p${index}`, id])),
    ...Object.fromEntries(organizations.map((login, index) => [`o${index}`, login])),
  }
  const answer = await askPlace(client, `query Facts($id:ID!${people.map((_, index) => `,$p${index}:ID!`).join('')}${organizations.map((_, index) => `,$o${index}:String!`).join('')}) {
  ${rateLimitField}
  place: node(id:$id) { ...on Repository {
    databaseId nameWithOwner stargazerCount forkCount isArchived isFork createdAt pushedAt
    parent { databaseId nameWithOwner }
    owner { type: __typename login ...person ...on Organization { databaseId name } }
  } }
  ${people.map((_, index) => `p${index}: node(id:$p${index}) { type: __typename ...person }`).join('\n  ')}
}
fragment person on User { databaseId login name company ${memberships} }`, variables)
  if (answer.place === null && isClosed(answer)) return nothing
  const parsed = factsAnswer.safeParse(answer.place)
  if (!parsed.success) {
    if (answer.meanings.length > 0) throw answer.failure()
    throw new ContractBroken('GitHub GraphQL: facts of a repository come in another form than promised')
  }
  const told = people.flatMap((_, index) => account.safeParse(answer.data[`p${index}`]).data ?? [])
  return { container: containerOf(parsed.data, stored), people: told, next: null }
}

function containerOf(facts: z.output<typeof factsAnswer>, { repositoryId }: Locator): ContainerFacts {
  return {
    id: repositoryId,
    name: facts.nameWithOwner,
    owner: facts.owner,
    parentId: facts.parent?.databaseId ?? null,
    createdAt: dated(facts.createdAt),
    changedAt: dated(facts.pushedAt),
    facts: {
      stars: facts.stargazerCount ?? null,
      forks: facts.forkCount ?? null,
      archived: facts.isArchived ?? null,
      fork: facts.isFork ?? null,
      parent: facts.parent?.nameWithOwner ?? null,
      createdAt: dated(facts.createdAt)?.toISOString() ?? null,
      lastPush: dated(facts.pushedAt)?.toISOString() ?? null,
    },
  }
}

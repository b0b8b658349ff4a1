import { z } from 'zod'
import type { Json } from '../../../contracts/json.ts'
import type { Attribution, Place } from '../../../contracts/place.ts'
import { ContractBroken, Transient } from '../../../errors.ts'
import { askFacts, mostPeople } from '../ask-facts.ts'
import { askPlace, isClosed, rateLimitField, type PlaceAnswer } from '../ask-place.ts'
import { commit, commitFields } from '../change.ts'
import type { GithubClient } from '../client.ts'
import { locator, type Locator } from './schema.ts'

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
    return step.data.step === 'history' ? askHistory(target) : askFacts(client, { nodeId: target.nodeId, repositoryId: stored.data.repositoryId }, step.data.people, organizations)
  }
}

const nothing: Attribution = { next: null }
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
    blame(path:$path) { ranges { startingLine endingLine commit { ${commitFields} } } }
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

const historyAnswer = z.object({ object: z.object({ history: z.object({ nodes: z.array(commit.nullable()).max(100) }) }).nullable() })

async function askHistory({ client, stored, nodeId }: Target): Promise<Attribution> {
  const answer = await askPlace(client, `query History($id:ID!,$revision:String!,$path:String!) {
  ${rateLimitField}
  place: node(id:$id) { ...on Repository { object(expression:$revision) { ...on Commit {
    history(path:$path, first:1) { nodes { ${commitFields} } }
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

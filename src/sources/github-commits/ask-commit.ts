import { z } from 'zod'
import type { Json } from '../../contracts/json.ts'
import type { Attribution, Place, Recheck } from '../../contracts/place.ts'
import { ContractBroken } from '../../errors.ts'
import { askFacts, mostPeople } from '../../remotes/github/ask-facts.ts'
import { askPlace, isClosed, rateLimitField } from '../../remotes/github/ask-place.ts'
import { askRepository } from '../../remotes/github/ask-repository.ts'
import { commit, commitFields } from '../../remotes/github/change.ts'
import type { GithubClient } from '../../remotes/github/client.ts'
import { databaseId } from '../../remotes/github/parts.ts'

/** What finds a commit again, whatever its repository is called then; stored with the document, so old ones must stay readable. */
const commitLocator = z.object({ nodeId: z.string().min(1).max(200), repositoryId: z.string().regex(/^\d{1,20}$/), sha: z.string() })
export type CommitLocator = z.output<typeof commitLocator>

const unreadable = { state: 'unknown', reason: 'stored by a version that this one cannot read' } as const

const heldCommit = z.object({ databaseId, isPrivate: z.boolean(), object: z.object({ oid: z.string().optional() }).nullable() })

/**
 * Whether a commit can still be had from its repository, by their ids: on a branch or not, its message is public. After
 * an answer that was no clear one the repository is asked for by REST, which tells a takedown.
 */
export async function recheckCommit(client: GithubClient, place: Place, doubt: boolean): Promise<Recheck> {
  const stored = commitLocator.safeParse(place.locator)
  if (!stored.success) return unreadable
  const { nodeId, repositoryId, sha } = stored.data
  if (doubt) return askRepository(client, repositoryId)
  const answer = await askPlace(client, `query Commit($id:ID!,$oid:GitObjectID!) {
  ${rateLimitField}
  place: node(id:$id) { ...on Repository { databaseId isPrivate object(oid:$oid) { ...on Commit { oid } } } }
}`, { id: nodeId, oid: sha })
  if (answer.meanings.length > 0) {
    if (answer.place !== null || answer.meanings.length > 1) throw answer.failure()
    if (answer.meanings[0] === 'absent') return { state: 'absent', status: 'gone', reason: 'the repository is gone, or not public any more' }
    if (answer.meanings[0] === 'forbidden') return { state: 'unknown', reason: 'GitHub forbids reading the repository' }
    throw answer.failure()
  }
  const parsed = heldCommit.safeParse(answer.place)
  if (!parsed.success) throw new ContractBroken('GitHub GraphQL: a repository comes in another form than promised')
  if (parsed.data.databaseId !== null && parsed.data.databaseId !== repositoryId) return { state: 'unknown', reason: 'GitHub answered with another repository' }
  if (parsed.data.isPrivate) return { state: 'absent', status: 'gone', reason: 'the repository is not public any more' }
  if (parsed.data.object === null) return { state: 'absent', status: 'gone', reason: 'the commit is not in the repository any more' }
  // Its id is the digest of its message too: nobody can change what it says.
  return { state: 'present', document: null, missing: [] }
}

const progress = z.object({ people: z.array(z.string().max(200)).max(mostPeople) })
const writtenCommit = z.object({ object: commit.nullable() })

/** Who wrote a message and when, then the repository and the account. @throws RetryLater | Transient | Permanent | ContractBroken */
export async function attributeCommit(client: GithubClient, place: Place, asked: Json | null, organizations: readonly string[]): Promise<Attribution> {
  const stored = commitLocator.safeParse(place.locator)
  if (!stored.success) return { next: null }
  const { nodeId, sha } = stored.data
  if (asked !== null) {
    const step = progress.safeParse(asked)
    return step.success ? askFacts(client, stored.data, step.data.people, organizations) : { next: null }
  }
  const answer = await askPlace(client, `query Written($id:ID!,$oid:GitObjectID!) {
  ${rateLimitField}
  place: node(id:$id) { ...on Repository { object(oid:$oid) { ...on Commit { ${commitFields} } } } }
}`, { id: nodeId, oid: sha })
  if (answer.meanings.length > 0) {
    if (isClosed(answer)) return { next: null }
    throw answer.failure()
  }
  const parsed = writtenCommit.safeParse(answer.place)
  if (!parsed.success) throw new ContractBroken('GitHub GraphQL: a commit comes in another form than promised')
  const written = parsed.data.object
  if (written === null) return { next: { people: [] } }
  return { lines: place.lines.map((line) => ({ line, change: written.change })), next: { people: written.nodeId === null ? [] : [written.nodeId] } }
}

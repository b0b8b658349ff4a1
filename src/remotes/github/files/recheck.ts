import { z } from 'zod'
import type { Place, Recheck } from '../../../contracts/place.ts'
import { ContractBroken } from '../../../errors.ts'
import { askRepository } from '../ask-repository.ts'
import { askPlace, rateLimitField } from '../ask-place.ts'
import type { GithubClient } from '../client.ts'
import { databaseId, fullName } from '../parts.ts'
import { documentOf } from './document.ts'
import { fileObject, locator, type Locator } from './schema.ts'

/** Former contents that one request asks for. */
const mostFormer = 5

/**
 * Whether a file is still public, always asked by the repository's id: no rename moves it, and a repository that has
 * the old name now is another one. First by GraphQL, which tells file and history; after an answer that was no clear
 * one by REST, which tells a takedown (451) from a repository that is not there (404).
 */
export function createRecheck(client: GithubClient): (place: Place, doubt: boolean) => Promise<Recheck> {
  return async (place, doubt) => {
    const stored = locator.safeParse(place.locator)
    if (!stored.success) return { state: 'unknown', reason: 'stored by a version that this one cannot read' }
    const { nodeId } = stored.data
    return doubt || nodeId === null ? askRepository(client, stored.data.repositoryId) : askFile(client, place, stored.data, nodeId)
  }
}

const aliases = z.looseObject({
  databaseId,
  nameWithOwner: fullName,
  isPrivate: z.boolean(),
  defaultBranchRef: z.object({ target: z.object({ oid: z.string() }).nullable() }).nullable(),
  head: fileObject.nullable(),
})

function queryFor(former: number): string {
  const numbers = Array.from({ length: former }, (_, index) => index)
  return `query Recheck($id:ID!,$head:String!,${numbers.map((index) => `$f${index}:GitObjectID!`).join(',')}) {
  ${rateLimitField}
  place: node(id:$id) { ...on Repository {
    databaseId nameWithOwner isPrivate defaultBranchRef { target { oid } }
    head: object(expression:$head) { type: __typename oid ...on Blob { byteSize isBinary isTruncated text } }
    ${numbers.map((index) => `f${index}: object(oid:$f${index}) { oid }`).join('\n    ')}
  } }
}`
}

async function askFile(client: GithubClient, place: Place, stored: Locator, nodeId: string): Promise<Recheck> {
  const hashes = [...new Set([place.contentHash, ...place.formerHashes])].slice(0, mostFormer)
  const variables = Object.fromEntries(hashes.map((hash, index) => [`f${index}`, hash]))
  const answer = await askPlace(client, queryFor(hashes.length), { id: nodeId, head: `HEAD:${stored.path}`, ...variables })
  if (answer.meanings.length > 0) {
    const [meaning] = answer.meanings
    if (answer.place !== null || answer.meanings.length > 1) throw answer.failure()
    if (meaning === 'absent') return { state: 'absent', status: 'gone', reason: 'the repository is gone, or not public any more' }
    if (meaning === 'forbidden') return { state: 'unknown', reason: 'GitHub forbids reading the repository' }
    throw answer.failure()
  }
  const parsed = aliases.safeParse(answer.place)
  if (!parsed.success) throw new ContractBroken('GitHub GraphQL: a repository comes in another form than promised')
  const { head, nameWithOwner, isPrivate, defaultBranchRef } = parsed.data
  if (parsed.data.databaseId !== null && parsed.data.databaseId !== stored.repositoryId) return { state: 'unknown', reason: 'GitHub answered with another repository' }
  if (isPrivate) return { state: 'absent', status: 'gone', reason: 'the repository is not public any more' }
  const missing = hashes.filter((_, index) => (parsed.data[`f${index}`] ?? null) === null)
  if (head === null || head.type !== 'Blob') {
    return missing.includes(place.contentHash)
      ? { state: 'absent', status: 'gone', reason: 'neither the file nor this version of it is in the repository any more' }
      : { state: 'absent', status: 'gone-from-head', reason: 'the file was removed; its history still has it' }
  }
  const same = head.oid === place.contentHash
  const commit = defaultBranchRef?.target?.oid ?? null
  if (head.text === null || head.text === undefined || head.isTruncated === true) {
    if (same) return { state: 'present', document: null, missing }
    return { state: 'unknown', reason: 'the file has changed and cannot be read in one request' }
  }
  // The same text stays pinned to the commit in which it was found; only the repository's name may have changed.
  const current = { ...stored, name: nameWithOwner, ...(same ? {} : { oid: head.oid, commit }) }
  return { state: 'present', document: documentOf({ ref: place.ref }, current, new TextEncoder().encode(head.text)), missing }
}

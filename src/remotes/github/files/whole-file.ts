import { createHash } from 'node:crypto'
import type { HttpResponse } from '../../../contracts/http.ts'
import type { Fetched } from '../../../contracts/source.ts'
import { Permanent, Transient } from '../../../errors.ts'
import type { GithubClient } from '../client.ts'
import { largestFile, nothingYet, type Place } from './blobs.ts'
import { documentOf } from './document.ts'
import { learnFrom, limitOf, refusalOf } from '../errors.ts'
import { blobAnswer } from './schema.ts'

type BlobAnswer = ReturnType<typeof blobAnswer.parse>

/**
 * One file in full, by REST: what GraphQL cuts off at 512,000 bytes, or fails at.
 * https://docs.github.com/en/rest/git/blobs#get-a-blob
 * @throws RetryLater | Transient | Permanent (the token)
 */
export async function fetchWhole(client: GithubClient, place: Place): Promise<Fetched> {
  const { quota, now } = client
  const { ref } = place.hit
  await quota.admit('core')
  const answer = await ask(client, place)
  const absent = (reason: string): Fetched => ({ ...nothingYet(), absent: [{ ref, reason }] })
  const unreadable = (reason: string): Fetched => ({ ...nothingYet(), unreadable: [{ ref, reason }] })
  if (answer === null) return unreadable('GitHub does not show it in full')
  quota.note('core', answer.headers)
  const { status, text } = answer
  if (status === 200) return read(place, answer.body, unreadable)
  if (status === 404 || status === 409 || status === 410) return absent('the repository, or this version of the file, is gone or not public any more')
  // Blocked repositories answer 451, sometimes 403 with the same words.
  if (status === 451 || (status === 403 && text.slice(0, 1_000).includes('access blocked'))) return absent('GitHub blocks the repository')
  if (status === 413 || status === 422) return unreadable('GitHub does not show it in full')
  if (status === 403) {
    const limit = limitOf(answer, 'core', quota, now())
    if (limit !== null) throw limit
    return unreadable('GitHub forbids reading this repository')
  }
  throw refusalOf(answer, 'core', quota, now())
}

/** Null: an answer that cannot be had, over the size cap for example. */
async function ask({ http, quota, apiUrl, headers, now }: GithubClient, { locator }: Place): Promise<HttpResponse<BlobAnswer> | null> {
  try {
    return await http.request({
      url: `${apiUrl}/repositories/${locator.repositoryId}/git/blobs/${encodeURIComponent(locator.oid)}`,
      headers,
      schema: blobAnswer,
      accept: [400, 401, 403, 404, 409, 410, 413, 422, 429, 451],
      // Base64 with line breaks, and the rest of the answer.
      maxBytes: Math.ceil(largestFile * 1.4) + 65_536,
    })
  } catch (error) {
    learnFrom(error, 'core', quota, now())
    if (error instanceof Permanent) return null
    throw error
  }
}

/** The id of a blob is the hash of its content: a wrong or incomplete one is recognised. */
function read({ hit, locator }: Place, { content }: BlobAnswer, unreadable: (reason: string) => Fetched): Fetched {
  const bytes = Buffer.from(content, 'base64')
  if (bytes.byteLength > largestFile) return unreadable(`larger than ${largestFile} bytes`)
  if (blobId(bytes, locator.oid.length) !== locator.oid) throw new Transient('GitHub sent an incomplete file')
  if (isBinary(bytes)) return unreadable('binary file')
  return { ...nothingYet(), documents: [documentOf(hit, locator, bytes)] }
}

/** Git's own rule for the name of content: 40 digits are SHA-1, 64 are SHA-256. */
function blobId(bytes: Uint8Array, digits: number): string {
  return createHash(digits === 64 ? 'sha256' : 'sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')
}

/** Git's own rule: a NUL among the first 8,000 bytes. UTF-16 with its mark at the start is text all the same. */
function isBinary(bytes: Uint8Array): boolean {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  return !utf16 && bytes.subarray(0, 8_000).includes(0)
}

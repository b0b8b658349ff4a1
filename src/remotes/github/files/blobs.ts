import type { Document } from '../../../contracts/document.ts'
import type { Fetched, Hit } from '../../../contracts/source.ts'
import { ContractBroken } from '../../../errors.ts'
import { admitGraphql, type AdmittedAnswer } from '../admit-graphql.ts'
import type { GithubClient } from '../client.ts'
import { failureOf, type GraphqlMeaning } from '../errors.ts'
import type { GraphqlFault } from '../graphql.ts'
import { documentOf } from './document.ts'
import { repositoryNode, type Locator } from './schema.ts'

export interface Place {
  readonly hit: Hit
  readonly locator: Locator
}

/** Every hit ends in exactly one list. */
export interface Sorted {
  readonly documents: Document[]
  readonly absent: { readonly ref: string; readonly reason: string }[]
  readonly retry: Hit[]
  readonly unreadable: { readonly ref: string; readonly reason: string }[]
}

/** Decoded bytes of a file that is read in full; larger ones are recorded as unreadable. */
export const largestFile = 10 * 1024 * 1024

export function nothingYet(): Sorted {
  return { documents: [], absent: [], retry: [], unreadable: [] }
}

/**
 * The files of several hits in one GraphQL request. Errors beside data are normal: what came is used, what did not
 * come goes to `retry`. `heavy`: GitHub said that the batch was too much for it.
 * @throws RetryLater | Transient | Permanent | ContractBroken when nothing at all came
 */
export async function fetchBatch(client: GithubClient, places: readonly Place[]): Promise<{ readonly fetched: Fetched; readonly heavy: boolean }> {
  const { data, faults, meanings, until } = await send(client, places)
  const sorted = nothingYet()
  const results = places.map((place, index) => sortPlace(sorted, place, data[`f${index}`], faultsOf(faults, `f${index}`)))
  if (results.every((result) => result === 'open')) throw failureOf(meanings, until)
  if (results.every((result) => result === 'unknown form')) throw new ContractBroken('GitHub GraphQL: files come in another form than promised')
  return { fetched: sorted, heavy: meanings.includes('too-heavy') }
}

async function send(client: GithubClient, places: readonly Place[]): Promise<AdmittedAnswer> {
  const variables: Record<string, string> = {}
  for (const [index, { locator }] of places.entries()) {
    variables[`r${index}`] = locator.nodeId ?? ''
    variables[`o${index}`] = locator.oid
  }
  return admitGraphql(client, queryFor(places.length), variables)
}

/** Aliases f0 … fN: the text depends on the number of files only, all that varies travels as variables. */
function queryFor(size: number): string {
  const numbers = Array.from({ length: size }, (_, index) => index)
  const declarations = numbers.map((index) => `$r${index}:ID!,$o${index}:GitObjectID!`).join(',')
  const files = numbers.map((index) => `f${index}: node(id:$r${index}) { ...on Repository { databaseId nameWithOwner isPrivate object(oid:$o${index}) { ...file } } }`)
  return `query Files(${declarations}) {
  rateLimit { cost limit remaining resetAt used nodeCount }
  ${files.join('\n  ')}
}
fragment file on GitObject { type: __typename oid ...on Blob { byteSize isBinary isTruncated text } }`
}

interface AliasFaults {
  readonly own: readonly GraphqlMeaning[]
  /** Some error names no alias: a null may be its work. */
  readonly elsewhere: boolean
}

function faultsOf(faults: readonly GraphqlFault[], alias: string): AliasFaults {
  return {
    own: faults.filter((fault) => fault.alias === alias).map(({ meaning }) => meaning),
    elsewhere: faults.some((fault) => !/^f\d+$/.test(fault.alias)),
  }
}

type Result = 'told' | 'open' | 'unknown form'

/**
 * Puts one hit into its list. Null is absence only where nothing else can explain it: an error without a path, or
 * any error of this alias that does not say "not found", makes it "could not tell".
 */
function sortPlace(sorted: Sorted, { hit, locator }: Place, value: unknown, { own, elsewhere }: AliasFaults): Result {
  const { ref } = hit
  const absent = (reason: string): Result => {
    sorted.absent.push({ ref, reason })
    return 'told'
  }
  const unreadable = (reason: string, result: Result = 'told'): Result => {
    sorted.unreadable.push({ ref, reason })
    return result
  }
  const open = (): Result => {
    sorted.retry.push(hit)
    return 'open'
  }
  if (own.includes('absent')) return absent('the repository is gone, or not public any more')
  if (own.includes('forbidden')) return unreadable('GitHub forbids reading this repository')
  if (own.includes('too-large')) return unreadable('GitHub does not show files of this size')
  if (own.length > 0 || value === undefined || value === null) return open()
  const parsed = repositoryNode.safeParse(value)
  if (!parsed.success) return unreadable('GitHub answered in a form that cannot be read', 'unknown form')
  const { databaseId, isPrivate, nameWithOwner, object } = parsed.data
  if (databaseId !== null && databaseId !== locator.repositoryId) return unreadable('GitHub answered with another repository')
  if (isPrivate) return absent('the repository is not public any more')
  if (object === null) return elsewhere ? open() : absent('this version of the file is not in the repository any more')
  const current = { ...locator, name: nameWithOwner }
  if (object.type !== 'Blob' || object.oid !== locator.oid) return unreadable('it is no file')
  if (object.isBinary === true || object.text === null || object.text === undefined) return unreadable('binary file')
  if (object.isTruncated !== true) {
    sorted.documents.push(documentOf(hit, current, new TextEncoder().encode(object.text)))
    return 'told'
  }
  if (Number(object.byteSize ?? 0) > largestFile) return unreadable(`larger than ${largestFile} bytes`)
  sorted.retry.push(asWhole({ hit, locator: current }))
  return 'told'
}

/** The same hit, to be fetched alone and in full. */
export function asWhole({ hit, locator }: Place): Hit {
  return { ...hit, locator: { ...locator, whole: true } }
}

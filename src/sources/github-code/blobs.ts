import { graphql, GraphqlResponseError } from '@octokit/graphql'
import type { Document } from '../../contracts/document.ts'
import type { Fetched, Hit } from '../../contracts/source.ts'
import { ContractBroken, NamesakeError, Transient } from '../../errors.ts'
import { atServerTime, boundWait, retryAfter } from '../../net/retry-after.ts'
import { documentOf } from './document.ts'
import { failureOf, meaningOf, refusalOf, type GraphqlMeaning } from './errors.ts'
import { resetOf, unspecifiedWaitMs } from './quota.ts'
import { blobsData, graphqlErrors, rateLimit, repositoryNode, type Locator } from './schema.ts'
import type { SearchContext } from './search.ts'

export interface BlobsContext extends SearchContext {
  readonly graphqlUrl: string
}

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
export async function fetchBatch(context: BlobsContext, places: readonly Place[]): Promise<{ readonly fetched: Fetched; readonly heavy: boolean }> {
  context.quota.admit('graphql')
  const { data, faults, exhaustedUntil } = await send(context, places)
  const meanings = faults.map(({ meaning }) => meaning)
  const until = exhaustedUntil ?? boundWait(unspecifiedWaitMs, context.now())
  if (exhaustedUntil !== null || meanings.includes('limit')) context.quota.block('graphql', until)
  if (meanings.includes('secondary-limit')) context.quota.block('all', until)
  const sorted = nothingYet()
  const results = places.map((place, index) => sortPlace(sorted, place, data[`f${index}`], faultsOf(faults, `f${index}`)))
  if (results.every((result) => result === 'open')) throw failureOf(meanings, until)
  if (results.every((result) => result === 'unknown form')) throw new ContractBroken('GitHub GraphQL: files come in another form than promised')
  return { fetched: sorted, heavy: meanings.includes('too-heavy') }
}

interface Fault {
  /** The first part of the error's path; '' where it has none. */
  readonly alias: string
  readonly meaning: GraphqlMeaning
}

interface BatchAnswer {
  readonly data: Readonly<Record<string, unknown>>
  readonly faults: readonly Fault[]
  /** Nothing remains of the limit, or the server asked to wait: until then. */
  readonly exhaustedUntil: Date | null
}

async function send(context: BlobsContext, places: readonly Place[]): Promise<BatchAnswer> {
  let headers = new Headers()
  const guarded: typeof fetch = async (input, init) => {
    const response = await context.http.fetch(input, init)
    headers = response.headers
    if (response.ok && response.headers.get('content-type')?.includes('json') === true) return response
    if (response.ok) throw new Transient('GitHub GraphQL: another thing than JSON where JSON was promised')
    throw refusalOf({ status: response.status, headers, text: await response.text() }, 'graphql', context.quota, context.now())
  }
  const variables: Record<string, string> = {}
  for (const [index, { locator }] of places.entries()) {
    variables[`r${index}`] = locator.nodeId ?? ''
    variables[`o${index}`] = locator.oid
  }
  const { data, errors } = await callGraphql(queryFor(places.length), {
    ...variables,
    url: context.graphqlUrl,
    headers: context.headers,
    request: { fetch: guarded, log: silent },
  })
  return readAnswer(data, errors, headers, context.now())
}

/** The library would write a deprecation notice of the server to the console. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }
function ignore(): void {}

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

/** Data and errors of an answer, both or one of them. The library throws away the data that came with errors, unless asked. */
async function callGraphql(query: string, options: Parameters<typeof graphql>[1] & { readonly url: string }): Promise<{ data: unknown; errors: unknown }> {
  const { url, ...rest } = options
  try {
    // Truncated JSON in a 200 resolves to undefined: data that tells of no file.
    return { data: await graphql.defaults({ url })<unknown>(query, rest), errors: [] }
  } catch (error) {
    if (error instanceof GraphqlResponseError) return { data: error.data, errors: error.errors ?? [] }
    if (error instanceof NamesakeError) throw error
    // The library wraps what its fetch threw.
    if (error instanceof Error && error.cause instanceof NamesakeError) throw error.cause
    // Its own messages quote the answer, its properties hold our variables: nothing of it goes on.
    throw new Transient('GitHub GraphQL: the answer cannot be read')
  }
}

function readAnswer(data: unknown, errors: unknown, headers: Headers, now: Date): BatchAnswer {
  const parsedData = blobsData.safeParse(data)
  const parsedErrors = graphqlErrors.safeParse(errors)
  if (!parsedData.success || !parsedErrors.success) throw new ContractBroken('GitHub GraphQL: the answer has neither data nor errors in the promised form')
  const limit = rateLimit.safeParse(parsedData.data['rateLimit'])
  const byBody = limit.success && limit.data.remaining === 0 ? atServerTime(new Date(limit.data.resetAt), headers, now) : null
  return {
    data: parsedData.data,
    faults: parsedErrors.data.map((error) => ({ alias: String(error.path?.[0] ?? ''), meaning: meaningOf(error) })),
    exhaustedUntil: retryAfter(headers, now) ?? resetOf(headers, now) ?? byBody,
  }
}

interface AliasFaults {
  readonly own: readonly GraphqlMeaning[]
  /** Some error names no alias: a null may be its work. */
  readonly elsewhere: boolean
}

function faultsOf(faults: readonly Fault[], alias: string): AliasFaults {
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

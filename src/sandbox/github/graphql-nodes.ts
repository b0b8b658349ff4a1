import { GraphQLError } from 'graphql'
import type { Strike, FaultName } from '../faults.ts'
import { isBinary, parseCommit, type Commit, type Signature } from '../git/parse-objects.ts'
import type { GitObject, GitType } from '../git/read-objects.ts'
import { nodeId, type Account, type Repository } from './catalogue.ts'
import type { Cost } from './graphql-cost.ts'
import { readFacts } from './rest.ts'
import type { RepositoryFacts } from './shapes.ts'
import type { Caller, Site } from './site.ts'

/** What resolvers share during one query. */
export interface QueryContext {
  readonly site: Site
  readonly caller: Caller
  readonly cost: Cost
  readonly strike: (name: FaultName) => Strike | null
}

export interface RepositoryNode {
  readonly __typename: 'Repository'
  readonly repository: Repository
  readonly facts: () => Promise<RepositoryFacts>
}

interface ObjectNode {
  readonly repository: Repository
  readonly oid: string
}

export interface BlobNode extends ObjectNode {
  readonly __typename: 'Blob'
  readonly byteSize: number
  readonly content: () => Promise<GitObject | null>
}

export interface TreeNode extends ObjectNode {
  readonly __typename: 'Tree'
  readonly content: () => Promise<GitObject | null>
}

export interface CommitNode extends ObjectNode {
  readonly __typename: 'Commit'
  readonly commit: Commit
}

export interface TagNode extends ObjectNode {
  readonly __typename: 'Tag'
}

export type GitNode = BlobNode | TreeNode | CommitNode | TagNode

export interface AccountNode {
  readonly __typename: 'User' | 'Organization'
  readonly account: Account
}

export interface ActorNode {
  readonly signature: Signature
}

/** GitHub's errors carry a type beside the message. */
export function typedError(type: string, message: string, extensions: Readonly<Record<string, unknown>> = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { type, ...extensions } })
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | null = null
  return () => (value ??= read())
}

export function repositoryNode(site: Site, repository: Repository): RepositoryNode {
  return { __typename: 'Repository', repository, facts: once(() => readFacts(site, repository)) }
}

export function accountNode(account: Account): AccountNode {
  return { __typename: account.type, account }
}

export function commitNode(repository: Repository, commit: Commit): CommitNode {
  return { __typename: 'Commit', repository, oid: commit.oid, commit }
}

/** The object of a repository that a git name stands for; null when there is none. */
export async function findObject(site: Site, repository: Repository, name: string): Promise<GitNode | null> {
  const header = await site.objects.describe(repository.gitDir, name)
  if (header === null) return null
  const { oid, type, size } = header
  const content = once(() => site.objects.read(repository.gitDir, oid))
  if (type === 'blob') return { __typename: 'Blob', repository, oid, byteSize: size, content }
  if (type === 'tree') return { __typename: 'Tree', repository, oid, content }
  if (type === 'tag') return { __typename: 'Tag', repository, oid }
  const object = await content()
  return object === null ? null : commitNode(repository, parseCommit(oid, object.bytes))
}

const prefixes: Readonly<Record<GitType, string>> = { blob: 'B', tree: 'T', commit: 'C', tag: 'TA' }

export function objectNodeId({ __typename, repository, oid }: GitNode): string {
  const type: GitType = __typename === 'Blob' ? 'blob' : __typename === 'Tree' ? 'tree' : __typename === 'Commit' ? 'commit' : 'tag'
  return nodeId(prefixes[type], repository.id, oid)
}

/** `Blob.text` ends after exactly so many bytes, inside a character if it must, without an error. */
const textBytes = 512_000
/** Larger blobs cannot be resolved. */
const blobBytes = 10 * 1024 * 1024

export function isTruncated(blob: BlobNode): boolean {
  return blob.byteSize > textBytes
}

async function readBlob(blob: BlobNode): Promise<Buffer> {
  if (blob.byteSize > blobBytes) throw typedError('UNPROCESSABLE', 'Could not resolve file over 10mb.')
  return (await blob.content())?.bytes ?? Buffer.alloc(0)
}

export async function blobIsBinary(blob: BlobNode): Promise<boolean> {
  return isBinary(await readBlob(blob))
}

/** Null for binary content. Bytes that are not UTF-8 come as U+FFFD. */
export async function blobText(blob: BlobNode): Promise<string | null> {
  const bytes = await readBlob(blob)
  return isBinary(bytes) ? null : bytes.toString('utf8', 0, textBytes)
}

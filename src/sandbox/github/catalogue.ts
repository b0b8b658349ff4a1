import { createHash } from 'node:crypto'
import { parseCommit, type Commit } from '../git/parse-objects.ts'
import type { ObjectReader } from '../git/read-objects.ts'
import type { AccountSource, PublicCode, RepositorySource, RepositoryState } from '../repositories.ts'

export interface Account {
  readonly id: number
  readonly nodeId: string
  readonly login: string
  readonly type: 'User' | 'Organization'
  readonly name: string | null
  readonly company: string | null
  readonly emails: readonly string[]
  readonly organizations: readonly { readonly login: string; readonly public: boolean }[]
}

export interface Repository {
  readonly id: number
  readonly nodeId: string
  readonly owner: Account
  readonly name: string
  /** `owner/name` */
  readonly fullName: string
  readonly gitDir: string
  /** Null: as the commits say. */
  readonly createdAt: string | null
  readonly pushedAt: string | null
  readonly description: string | null
  readonly stars: number
  readonly topics: readonly string[]
  readonly archived: boolean
  readonly state: RepositoryState
  readonly forkOf: string | null
  readonly indexedRevision: string
  readonly indexedAs: string
}

/** Who and what is on the site, by every name that leads there. */
export interface Catalogue {
  readonly repositories: readonly Repository[]
  readonly accounts: readonly Account[]
  repository(id: number): Repository | null
  /** `moved` is true when the name is an earlier one. A repository that has the name now goes first. */
  named(fullName: string): { readonly repository: Repository; readonly moved: boolean } | null
  account(login: string): Account | null
  /** The account that a commit's address is linked to. */
  accountOfEmail(email: string): Account | null
}

/** A number that stays the same for the same text, in the range in which GitHub's ids are today (below 2^31). */
function idOf(text: string): number {
  return 100_000_000 + (createHash('sha256').update(text).digest().readUInt32BE(0) % 1_800_000_000)
}

/** GitHub's node ids: a prefix and base64 of a MessagePack list `[0, database id, oid?]`. */
export function nodeId(prefix: string, id: number, oid?: string): string {
  const head = Buffer.from([oid === undefined ? 0x92 : 0x93, 0x00, 0xce, 0, 0, 0, 0])
  head.writeUInt32BE(id, 3)
  const tail = oid === undefined ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0xd9, oid.length]), Buffer.from(oid, 'latin1')])
  return `${prefix}_${Buffer.concat([head, tail]).toString('base64url')}`
}

/** The reverse of `nodeId`; null for anything else. */
export function parseNodeId(text: string): { readonly prefix: string; readonly id: number; readonly oid: string | null } | null {
  const [, prefix = '', encoded = ''] = /^([A-Z]{1,4})_([A-Za-z0-9_-]{10,120})$/.exec(text) ?? []
  const bytes = Buffer.from(encoded, 'base64url')
  if (bytes.length < 7 || (bytes[0] !== 0x92 && bytes[0] !== 0x93) || bytes[2] !== 0xce) return null
  return { prefix, id: bytes.readUInt32BE(3), oid: bytes[0] === 0x93 ? bytes.toString('latin1', 9) : null }
}

function describeAccount(source: AccountSource): Account {
  const id = source.id ?? idOf(`account ${source.login.toLowerCase()}`)
  const type = source.type ?? 'User'
  return {
    id,
    nodeId: nodeId(type === 'User' ? 'U' : 'O', id),
    login: source.login,
    type,
    name: source.name ?? null,
    company: source.company ?? null,
    emails: source.emails ?? [],
    organizations: source.organizations ?? [],
  }
}

function describeRepository(source: RepositorySource, owner: Account): Repository {
  const fullName = `${owner.login}/${source.name}`
  const id = source.id ?? idOf(`repository ${fullName.toLowerCase()}`)
  return {
    id,
    nodeId: nodeId('R', id),
    owner,
    name: source.name,
    fullName,
    gitDir: source.gitDir,
    createdAt: source.createdAt ?? null,
    pushedAt: source.pushedAt ?? null,
    description: source.description ?? null,
    stars: source.stars ?? 0,
    topics: source.topics ?? [],
    archived: source.archived ?? false,
    state: source.state ?? 'public',
    forkOf: source.forkOf ?? null,
    indexedRevision: source.indexedRevision ?? 'HEAD',
    indexedAs: source.indexedAs ?? fullName,
  }
}

const noreply = /^(?:(?<id>\d+)\+)?(?<login>[^@+]+)@users\.noreply\.github\.com$/

export function createCatalogue(code: Pick<PublicCode, 'repositories' | 'accounts'>, holders: readonly AccountSource[]): Catalogue {
  const accounts = new Map<string, Account>()
  const emails = new Map<string, Account>()
  function add(source: AccountSource): Account {
    const known = accounts.get(source.login.toLowerCase())
    if (known !== undefined) return known
    const account = describeAccount(source)
    accounts.set(source.login.toLowerCase(), account)
    for (const email of account.emails) emails.set(email.toLowerCase(), account)
    return account
  }
  for (const source of [...code.accounts, ...holders]) add(source)
  const repositories = code.repositories.map((source) => describeRepository(source, add({ login: source.owner })))

  const byId = new Map(repositories.map((repository) => [repository.id, repository]))
  const byName = new Map(repositories.map((repository) => [repository.fullName.toLowerCase(), repository]))
  const byOldName = new Map<string, Repository>()
  for (const [index, source] of code.repositories.entries()) {
    const repository = repositories[index]
    for (const old of source.renamedFrom ?? []) if (repository !== undefined) byOldName.set(old.toLowerCase(), repository)
  }

  return {
    repositories,
    accounts: [...accounts.values()],
    repository: (id) => byId.get(id) ?? null,
    named(fullName) {
      const current = byName.get(fullName.toLowerCase())
      if (current !== undefined) return { repository: current, moved: false }
      const former = byOldName.get(fullName.toLowerCase())
      return former === undefined ? null : { repository: former, moved: true }
    },
    account: (login) => accounts.get(login.toLowerCase()) ?? null,
    accountOfEmail(email) {
      const login = noreply.exec(email)?.groups?.['login']
      return (login === undefined ? undefined : accounts.get(login.toLowerCase())) ?? emails.get(email.toLowerCase()) ?? null
    },
  }
}

/** The commit that a revision names, tags resolved; null when there is none (an empty repository, say). */
export async function readCommit(objects: ObjectReader, repository: Repository, revision: string): Promise<Commit | null> {
  const found = await objects.read(repository.gitDir, `${revision}^{commit}`)
  return found === null ? null : parseCommit(found.oid, found.bytes)
}

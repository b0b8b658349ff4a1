import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { Invalid } from '../errors.ts'
import { conversationSource, gistSource, type ConversationSource, type GistSource } from './publications.ts'

/**
 * What the public can see of a repository. The search index is older than the rest of the site, so all of them may
 * still be found; reading them answers 404 (`gone`, `private`), 451 or 403 with a block reason.
 */
const states = ['public', 'gone', 'private', 'blocked-451', 'blocked-403'] as const
export type RepositoryState = (typeof states)[number]

/** A git repository on disk and what GitHub says about it beyond its content. */
export interface RepositorySource {
  readonly owner: string
  readonly name: string
  /** The git directory (`x.git`, or `x/.git`). */
  readonly gitDir: string
  /** Default: made from the name. One that is given survives a rename, and tells a repository that was made anew. */
  readonly id?: number | undefined
  /** ISO 8601. Default: when its first commit says it was made. */
  readonly createdAt?: string | undefined
  /** ISO 8601, by GitHub's own clock. Default: when its last commit says it was made. */
  readonly pushedAt?: string | undefined
  readonly description?: string | undefined
  readonly stars?: number | undefined
  readonly topics?: readonly string[] | undefined
  readonly archived?: boolean | undefined
  readonly state?: RepositoryState | undefined
  /** `owner/name` of the repository that this is a fork of. */
  readonly forkOf?: string | undefined
  /** Earlier `owner/name`s that lead here. */
  readonly renamedFrom?: readonly string[] | undefined
  /** The revision in the search index, for example `HEAD~1`: the index is behind. Default `HEAD`. */
  readonly indexedRevision?: string | undefined
  /** The `owner/name` in the search index, where it is an old one. */
  readonly indexedAs?: string | undefined
}

/** A user or an organization. Owners and token holders that nobody describes get one made up from their login. */
export interface AccountSource {
  readonly login: string
  readonly type?: 'User' | 'Organization' | undefined
  readonly id?: number | undefined
  readonly name?: string | undefined
  readonly company?: string | undefined
  /** Addresses that link commits to this account. */
  readonly emails?: readonly string[] | undefined
  /** Logins of organizations; `public` memberships are seen by everybody. */
  readonly organizations?: readonly { readonly login: string; readonly public: boolean }[] | undefined
}

export interface PublicCode {
  readonly repositories: readonly RepositorySource[]
  readonly accounts: readonly AccountSource[]
  readonly conversations: readonly ConversationSource[]
  readonly gists: readonly GistSource[]
}

const described = z.strictObject({
  accounts: z.array(z.strictObject({
    login: z.string(),
    type: z.enum(['User', 'Organization']).optional(),
    id: z.int().positive().optional(),
    name: z.string().optional(),
    company: z.string().optional(),
    emails: z.array(z.string()).optional(),
    organizations: z.array(z.strictObject({ login: z.string(), public: z.boolean() })).optional(),
  })).default([]),
  repositories: z.record(z.string(), z.strictObject({
    id: z.int().positive().optional(),
    createdAt: z.iso.datetime().optional(),
    pushedAt: z.iso.datetime().optional(),
    description: z.string().optional(),
    stars: z.int().nonnegative().optional(),
    topics: z.array(z.string()).optional(),
    archived: z.boolean().optional(),
    state: z.enum(states).optional(),
    forkOf: z.string().optional(),
    renamedFrom: z.array(z.string()).optional(),
    indexedRevision: z.string().optional(),
    indexedAs: z.string().optional(),
  })).default({}),
  conversations: z.array(conversationSource).default([]),
  gists: z.array(gistSource).default([]),
})

/** What `sandbox.json` in a folder of repositories may say about them. */
export type Described = z.input<typeof described>

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false)
}

async function isGitDir(folder: string): Promise<boolean> {
  const found = await Promise.all([exists(path.join(folder, 'HEAD')), exists(path.join(folder, 'objects'))])
  return found.every(Boolean)
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name).sort()
}

/** The git directory of a folder: itself (bare), its `.git`, or its only child that is one. */
async function gitDirOf(folder: string): Promise<string | null> {
  for (const candidate of [folder, path.join(folder, '.git')]) {
    if (await isGitDir(candidate)) return candidate
  }
  const children: string[] = []
  for (const name of await subfolders(folder)) {
    if (await isGitDir(path.join(folder, name))) children.push(path.join(folder, name))
  }
  return children.length === 1 ? children[0] ?? null : null
}

function withoutSuffix(name: string): string {
  return name.endsWith('.git') ? name.slice(0, -'.git'.length) : name
}

async function nested(folder: string, owner: string): Promise<RepositorySource[]> {
  const found: RepositorySource[] = []
  for (const name of await subfolders(path.join(folder, owner))) {
    const gitDir = await gitDirOf(path.join(folder, owner, name))
    if (gitDir !== null) found.push({ owner, name: withoutSuffix(name), gitDir })
  }
  return found
}

async function flat(folder: string, entry: string): Promise<RepositorySource[]> {
  const gitDir = await gitDirOf(path.join(folder, entry))
  const plus = entry.indexOf('+')
  return gitDir === null ? [] : [{ owner: entry.slice(0, plus), name: withoutSuffix(entry.slice(plus + 1)), gitDir }]
}

async function readDescribed(folder: string): Promise<z.output<typeof described>> {
  const file = path.join(folder, 'sandbox.json')
  if (!(await exists(file))) return { accounts: [], repositories: {}, conversations: [], gists: [] }
  const text = await readFile(file, 'utf8')
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw new Invalid([{ where: file, key: '', expected: 'must be JSON' }])
  }
  const parsed = described.safeParse(data)
  if (parsed.success) return parsed.data
  throw new Invalid(parsed.error.issues.map((issue) => ({ where: file, key: issue.path.join('.'), expected: issue.message })))
}

/**
 * Finds the git repositories of a folder, bare or not, in the layouts `owner/name`, `owner/name.git` and
 * `owner+name`. A file `sandbox.json` in the folder may say more about them.
 * @throws Invalid when the folder cannot be read, holds no repository, or its `sandbox.json` is wrong
 */
export async function findRepositories(folder: string): Promise<PublicCode> {
  const entries = await subfolders(folder).catch(() => {
    throw new Invalid([{ where: folder, key: '', expected: 'must be a folder of git repositories' }])
  })
  const found: RepositorySource[] = []
  for (const entry of entries) found.push(...(await (entry.includes('+') ? flat(folder, entry) : nested(folder, entry))))
  if (found.length === 0) {
    throw new Invalid([{ where: folder, key: '', expected: 'holds no git repository; expected owner/name, owner/name.git or owner+name' }])
  }
  const more = await readDescribed(folder)
  const names = new Set(found.map(({ owner, name }) => `${owner}/${name}`))
  const unknown = Object.keys(more.repositories).filter((name) => !names.has(name))
  if (unknown.length > 0) {
    throw new Invalid(unknown.map((name) => ({ where: path.join(folder, 'sandbox.json'), key: `repositories.${name}`, expected: 'names no repository of the folder' })))
  }
  return {
    accounts: more.accounts,
    conversations: more.conversations,
    gists: more.gists,
    repositories: found.map((source) => ({ ...source, ...more.repositories[`${source.owner}/${source.name}`] })),
  }
}

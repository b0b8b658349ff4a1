import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { importCommits, type CommitSource, type Person } from '../../src/sandbox/git/import-commits.ts'
import type { RepositorySource } from '../../src/sandbox/repositories.ts'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/start.ts'

export const ann: Person = { name: 'Ann', email: 'ann@example.org' }

export type Files = CommitSource['files']

/** One commit with these files. */
export function commit(files: Files, more: Partial<CommitSource> = {}): CommitSource {
  return { author: ann, date: '2024-05-01T10:00:00Z', message: 'change\n', files, ...more }
}

export interface Shelf {
  readonly folder: string
  /** Of a repository on the shelf, by `owner/name`, with more to say about it. */
  source(fullName: string, more?: Partial<RepositorySource>): RepositorySource
  sources(): RepositorySource[]
}

/** Git repositories for a test file, made before its first test and removed after its last. */
export function useShelf(repositories: Readonly<Record<string, readonly CommitSource[]>>): Shelf {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'namesake-shelf-'))
    for (const [fullName, commits] of Object.entries(repositories)) await importCommits(path.join(folder, `${fullName}.git`), commits)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  function source(fullName: string, more: Partial<RepositorySource> = {}): RepositorySource {
    const [owner = '', name = ''] = fullName.split('/')
    return { owner, name, gitDir: path.join(folder, `${fullName}.git`), ...more }
  }
  return {
    get folder() { return folder },
    source,
    sources: () => Object.keys(repositories).map((fullName) => source(fullName)),
  }
}

/** A sandbox over the shelf; close it with `await using`. */
export function openSandbox(shelf: Shelf, options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return startSandbox({ repositories: shelf.sources(), ...options })
}

/** One sandbox for a test file, without faults and with an empty journal before each test. */
export function useSandbox(shelf: Shelf, options: () => Partial<SandboxOptions> = () => ({})): { readonly sandbox: Sandbox } {
  let sandbox: Sandbox | undefined
  beforeAll(async () => {
    sandbox = await openSandbox(shelf, options())
  })
  beforeEach(() => {
    sandbox?.setFaults({})
    sandbox?.clearRequests()
  })
  afterAll(() => sandbox?.close())
  return {
    get sandbox() {
      if (sandbox === undefined) throw new Error('useSandbox: read it inside a test, it is started in beforeAll')
      return sandbox
    },
  }
}

/** A request with the sandbox's token (or another; null: none). */
export function ask(sandbox: Sandbox, target: string, options: { token?: string | null; headers?: Record<string, string>; signal?: AbortSignal } = {}): Promise<Response> {
  const token = options.token === undefined ? sandbox.github.token : options.token
  const url = target.startsWith('http') ? target : `${sandbox.github.apiUrl}${target}`
  return fetch(url, {
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...options.headers },
    redirect: 'manual',
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
}

export function searchPath(q: string, more: Readonly<Record<string, string>> = {}): string {
  return `/search/code?${new URLSearchParams({ q, ...more })}`
}

export interface SearchBody {
  readonly total_count: number
  readonly incomplete_results: boolean
  readonly items: readonly {
    readonly name: string
    readonly path: string
    readonly sha: string
    readonly url: string
    readonly git_url: string
    readonly html_url: string
    readonly repository: { readonly id: number; readonly node_id: string; readonly full_name: string; readonly description: string | null; readonly owner: { readonly type: string | null; readonly node_id: string | null } }
    readonly text_matches?: readonly { readonly property: string; readonly fragment: string; readonly matches: readonly { readonly text: string; readonly indices: readonly [number, number] }[] }[]
  }[]
}

/** The body of a search that must answer 200. */
export async function search(sandbox: Sandbox, q: string, more: Readonly<Record<string, string>> = {}, headers: Record<string, string> = {}): Promise<SearchBody> {
  const response = await ask(sandbox, searchPath(q, more), { headers })
  if (response.status !== 200) throw new Error(`search answered ${response.status}`)
  // The test reads what it needs; a wrong shape fails its expectation.
  return (await response.json()) as SearchBody
}

/** `owner/name path` of the hits, sorted. */
export function places(body: SearchBody): string[] {
  return body.items.map(({ repository, path: file }) => `${repository.full_name} ${file}`).sort()
}

export interface GraphqlBody {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly type?: string; readonly code?: string; readonly path?: readonly (string | number)[]; readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[]
}

export function postGraphql(sandbox: Sandbox, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Response> {
  return fetch(sandbox.github.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.github.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
}

export async function graphql(sandbox: Sandbox, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<GraphqlBody> {
  const response = await postGraphql(sandbox, query, variables)
  // The test reads what it needs; a wrong shape fails its expectation.
  return (await response.json()) as GraphqlBody
}

/** A member of the data that must be an object. */
export function member(body: GraphqlBody, name: string): Readonly<Record<string, unknown>> {
  const value = body.data?.[name]
  if (typeof value !== 'object' || value === null) throw new Error(`the answer has no ${name}`)
  // Checked in the line above.
  return value as Readonly<Record<string, unknown>>
}

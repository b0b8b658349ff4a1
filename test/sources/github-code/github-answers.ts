import { createHash } from 'node:crypto'
import type { components } from '@octokit/openapi-types'
import type { Hit } from '../../../src/contracts/source.ts'
import { createHttp } from '../../../src/net/http.ts'
import { githubCode } from '../../../src/sources/github-code/index.ts'
import { sourceSettings } from '../../../src/sources/settings.ts'
import type { ScriptedServer, Scripted } from '../../net/scripted-server.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'

export const now = new Date('2026-11-22T12:00:00Z')
export const token = 'ghp_tokenThatMustNotLeak'
export const term = 'acme-corp-auth-client'
/** The query of {@link term}, as planned without own owners. */
export const input = { q: `"${term}"` }
const commit = 'c0ffee0000000000000000000000000000000001'

/** The id that git gives to content. */
export function blobId(text: string | Uint8Array): string {
  const bytes = Buffer.from(text)
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')
}

/** What GitHub says about a result, as far as its published schema and these tests go. */
interface Result {
  readonly id?: number
  readonly nodeId?: string | null
  readonly name?: string
  readonly path?: string
  readonly text?: string
  readonly private?: boolean
}

type Item = components['schemas']['code-search-result-item']

/** A result in the shape of GitHub's OpenAPI description, without the many URLs of its repository. */
export function item(result: Result = {}): Record<string, unknown> {
  const { id = 1287077005, name = 'stranger/dotfiles', path = 'web/package.json' } = result
  const sha = blobId(result.text ?? path)
  const [owner = '', repository = ''] = name.split('/')
  const shape = {
    name: path.split('/').at(-1) ?? '',
    path,
    sha,
    score: 1,
    url: `https://api.github.com/repositories/${id}/contents/${path}?ref=${commit}`,
    git_url: `https://api.github.com/repositories/${id}/git/blobs/${sha}`,
    html_url: `https://github.com/${name}/blob/${commit}/${path}`,
  } satisfies Omit<Item, 'repository'>
  return {
    ...shape,
    repository: {
      id,
      node_id: result.nodeId === undefined ? `R_${id}` : result.nodeId,
      name: repository,
      full_name: name,
      private: result.private ?? false,
      html_url: `https://github.com/${name}`,
      description: 'my dotfiles',
      fork: false,
      owner: { login: owner, id: 7, node_id: 'U_7', type: 'User' },
    } satisfies Record<string, unknown> & Partial<Record<keyof Item['repository'], unknown>>,
  }
}

/** So many different results. */
export function items(count: number, from = 0): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => item({ path: `package-${from + index}.json` }))
}

/** The headers of every counted answer; the clock of the server is the tests' own unless told otherwise. */
export function limits(resource: string, more: { remaining?: number; reset?: Date; date?: Date } = {}): Record<string, string> {
  const { remaining = 5, reset = new Date(now.getTime() + 40_000), date = now } = more
  return {
    date: date.toUTCString(),
    'x-ratelimit-limit': '10',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(10 - remaining),
    'x-ratelimit-reset': String(Math.floor(reset.getTime() / 1000)),
    'x-ratelimit-resource': resource,
  }
}

/** A good answer of code search: no charset in its type, unlike every other route. */
export function found(total: number, results: readonly unknown[], more: { incomplete?: boolean; headers?: Record<string, string> } = {}): Scripted {
  return {
    headers: { 'content-type': 'application/json', ...(more.headers ?? limits('code_search')) },
    body: { total_count: total, incomplete_results: more.incomplete ?? false, items: results },
  }
}

/** A REST answer that is no success. */
export function refused(status: number, message: string, headers: Record<string, string> = limits('code_search')): Scripted {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
  }
}

/** A GraphQL answer; `errors` absent when there are none, as GitHub does it. */
export function answered(data: unknown, errors?: readonly unknown[], headers: Record<string, string> = limits('graphql', { remaining: 4_000 })): Scripted {
  return {
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) },
  }
}

export const rateLimit = { cost: 1, limit: 5000, remaining: 4000, resetAt: '2026-11-22T13:00:00Z', used: 1000, nodeCount: 0 }

/** What an alias holds for a file. */
export function file(text: string, more: Record<string, unknown> = {}, repository: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    databaseId: 1287077005,
    nameWithOwner: 'stranger/dotfiles',
    isPrivate: false,
    object: { type: 'Blob', oid: blobId(text), byteSize: Buffer.byteLength(text), isBinary: false, isTruncated: false, text, ...more },
    ...repository,
  }
}

/** A hit as a search would have made it. */
export function hit(text: string, more: { path?: string; locator?: Record<string, unknown> } = {}): Hit {
  const { path = 'web/package.json' } = more
  const oid = blobId(text)
  return {
    ref: `1287077005:${path}`,
    contentHash: oid,
    container: 'stranger/dotfiles',
    path,
    locator: {
      nodeId: 'R_1287077005', repositoryId: '1287077005', name: 'stranger/dotfiles', oid, commit, path, web: 'https://github.com', whole: false,
      ...more.locator,
    },
  }
}

/** The source, opened on a scripted server, with a clock that a test may move. */
export function open(server: ScriptedServer, more: { organizations?: readonly string[]; clock?: { now: Date }; timeoutMs?: number } = {}) {
  const { organizations = [], clock = { now }, timeoutMs = 5_000 } = more
  const settings = sourceSettings.parse({ github: { token, apiUrl: server.url, graphqlUrl: `${server.url}/graphql` } })
  const http = createHttp({ userAgent: 'namesake/test (+https://security.example)', origins: [server.url], now: () => clock.now, timeoutMs })
  const source = githubCode.open(settings, { http, now: () => clock.now, organizations, memory: createForgetfulMemory() })
  if (source === null) throw new Error('the source did not open')
  return source
}

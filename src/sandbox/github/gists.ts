import { createHash } from 'node:crypto'
import type { Hono } from 'hono'
import type { SandboxContext, SandboxEnv } from '../door.ts'
import type { GistSource } from '../publications.ts'
import { conditional } from './conditional.ts'
import { describeWriter } from './issue-search.ts'
import { linkHeader, parsePositive } from './search-answer.ts'
import { admit, notFound, type Answer, type Site } from './site.ts'

/** Bytes of a file that a single gist shows. */
const shownBytes = 1_000_000
/** Files that one gist shows. */
const shownFiles = 300
const reachable = 3_000

export function gistId(gist: GistSource): string {
  return gist.id ?? createHash('md5').update(`${gist.owner}\n${gist.description ?? ''}`).digest('hex')
}

/** Where people read it: gists have a host of their own, here a path. */
export function gistPath(gist: GistSource): string {
  return `/gist/${gist.owner}/${gistId(gist)}`
}

function describeGist(site: Site, gist: GistSource, whole: boolean): unknown {
  const id = gistId(gist)
  const files = Object.entries(gist.files).slice(0, shownFiles).map(([filename, text]) => {
    const bytes = Buffer.from(text)
    const raw = `${site.addresses.htmlUrl}/raw${gistPath(gist)}/${encodeURIComponent(filename)}`
    const content = whole ? { truncated: bytes.length > shownBytes, content: bytes.toString('utf8', 0, shownBytes) } : {}
    return [filename, { filename, type: 'text/plain', language: null, raw_url: raw, size: bytes.length, encoding: 'utf-8', ...content }]
  })
  return {
    url: `${site.addresses.apiUrl}/gists/${id}`, id, node_id: `G_${id}`, html_url: `${site.addresses.htmlUrl}${gistPath(gist)}`,
    files: Object.fromEntries(files), public: true, created_at: gist.createdAt, updated_at: gist.updatedAt ?? gist.createdAt,
    description: gist.description, comments: 0, owner: describeWriter(site, gist.owner),
    truncated: Object.keys(gist.files).length > shownFiles,
  }
}

function answerGist(site: Site, id: string): Answer {
  const gist = site.publications.gists().find((one) => gistId(one) === id)
  if (gist === undefined) return notFound('https://docs.github.com/rest/gists/gists#get-a-gist')
  if (gist.blocked !== true) return { status: 200, json: describeGist(site, gist, true) }
  const block = { reason: 'tos', created_at: '2024-03-01T00:00:00Z', html_url: 'https://docs.github.com/site-policy/github-terms' }
  return { status: 403, json: { block, message: 'Gist access blocked', documentation_url: 'https://docs.github.com/rest/gists/gists#get-a-gist' } }
}

/** `since` is inclusive. */
function listGists(site: Site, context: SandboxContext, login: string): Answer {
  if (site.catalogue.account(login) === null) return notFound('https://docs.github.com/rest/gists/gists#list-gists-for-a-user')
  const url = new URL(context.req.url)
  const since = Date.parse(url.searchParams.get('since') ?? '') || 0
  const perPage = Math.min(100, parsePositive(url.searchParams.get('per_page'), 30))
  const page = parsePositive(url.searchParams.get('page'), 1)
  const all = site.publications.gists()
    .filter((gist) => gist.owner.toLowerCase() === login.toLowerCase() && Date.parse(gist.updatedAt ?? gist.createdAt) >= since)
    .toSorted((a, b) => Date.parse(b.updatedAt ?? b.createdAt) - Date.parse(a.updatedAt ?? a.createdAt))
    .slice(0, reachable)
  return {
    status: 200,
    json: all.slice((page - 1) * perPage, page * perPage).map((gist) => describeGist(site, gist, false)),
    headers: linkHeader(`${site.addresses.apiUrl}${url.pathname}`, url.searchParams, page, Math.ceil(all.length / perPage)),
  }
}

export interface GistNode {
  readonly __typename: 'Gist'
  readonly gist: GistSource
}

/** `user(login:) { gist(name:) }` */
export function findGist(site: Site, login: string, id: string): GistNode | null {
  const gist = site.publications.gists().find((one) => gistId(one) === id && one.owner.toLowerCase() === login.toLowerCase())
  return gist === undefined || gist.blocked === true ? null : { __typename: 'Gist', gist }
}

export const gistFields: Readonly<Record<string, (node: GistNode) => unknown>> = {
  id: ({ gist }) => `G_${gistId(gist)}`,
  name: ({ gist }) => gistId(gist),
  description: ({ gist }) => gist.description,
  createdAt: ({ gist }) => gist.createdAt,
  updatedAt: ({ gist }) => gist.updatedAt ?? gist.createdAt,
  isFork: () => false,
  isPublic: () => true,
  stargazerCount: () => 0,
}

/** `GET /users/{login}/gists` and `GET /gists/{id}`. */
export function serveGists(app: Hono<SandboxEnv>, site: Site): void {
  app.get('/users/:login/gists', (context) =>
    admit(site, context, { bucket: 'core', endpoint: 'gists' }, () => conditional(context, listGists(site, context, context.req.param('login')))))
  app.get('/gists/:id', (context) =>
    admit(site, context, { bucket: 'core', endpoint: 'gist' }, () => conditional(context, answerGist(site, context.req.param('id')))))
}

import type { Hono } from 'hono'
import type { SandboxEnv } from '../door.ts'
import type { Repository } from './catalogue.ts'
import { describeMinimalRepository } from './shapes.ts'
import { admit, failure, type Answer, type Site } from './site.ts'

const documentation = 'https://docs.github.com/v3/search/'
const reachable = 1_000

/** Unlike code search, a page that is no number is the first, and a page size that is none is 30. */
function parsePositive(text: string | null, fallback: number): number {
  return text !== null && /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : fallback
}

/** The rules of every search but code: prev, next, last, first; no `last` on the last page. */
function linkHeader(site: Site, asked: URLSearchParams, page: number, last: number): string | null {
  if (last <= 1) return null
  const url = (to: number, rel: string) => {
    const query = new URLSearchParams(asked)
    query.set('page', String(to))
    return `<${site.addresses.apiUrl}/search/repositories?${query}>; rel="${rel}"`
  }
  const links: string[] = []
  if (page > 1) links.push(url(page - 1, 'prev'))
  if (page < last) links.push(url(page + 1, 'next'), url(last, 'last'))
  if (page > 1) links.push(url(1, 'first'))
  return links.join(', ')
}

function isNamedBy(repository: Repository, words: readonly string[]): boolean {
  const text = `${repository.fullName} ${repository.description ?? ''}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** Words of the query, and the owners it is restricted to; null when one of them cannot be seen. */
function parse(site: Site, q: string): { readonly words: string[]; readonly owners: string[] } | null {
  const words: string[] = []
  const owners: string[] = []
  for (const piece of q.toLowerCase().split(/\s+/)) {
    const { owner } = /^(?:user|org):(?<owner>\S+)$/.exec(piece)?.groups ?? {}
    if (owner !== undefined && site.catalogue.account(owner) === null) return null
    if (owner !== undefined) owners.push(owner)
    else words.push(piece.replaceAll('"', ''))
  }
  return { words, owners }
}

function answer(site: Site, parameters: URLSearchParams): Answer {
  const q = parameters.get('q')?.trim() ?? ''
  if (q === '') return failure(422, 'Validation Failed', documentation, { errors: [{ resource: 'Search', field: 'q', code: 'missing' }] })
  const perPage = Math.min(100, parsePositive(parameters.get('per_page'), 30))
  const page = parsePositive(parameters.get('page'), 1)
  if ((page - 1) * perPage >= reachable) return failure(422, 'Only the first 1000 search results are available', documentation)
  const parsed = parse(site, q)
  if (parsed === null) {
    const message = 'The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.'
    return failure(422, 'Validation Failed', documentation, { errors: [{ message, resource: 'Search', field: 'q', code: 'invalid' }] })
  }
  const found = site.catalogue.repositories.filter((repository) => repository.state === 'public' && isNamedBy(repository, parsed.words)
    && (parsed.owners.length === 0 || parsed.owners.includes(repository.owner.login.toLowerCase())))
  const shown = found.slice(0, reachable).slice((page - 1) * perPage, page * perPage)
  const items = shown.map((repository) => ({
    ...describeMinimalRepository(repository, repository.fullName, site.addresses),
    stargazers_count: repository.stars, archived: repository.archived, visibility: 'public', score: 1,
  }))
  const link = linkHeader(site, parameters, page, Math.ceil(Math.min(found.length, reachable) / perPage))
  return { status: 200, json: { total_count: found.length, incomplete_results: false, items }, headers: { 'cache-control': 'no-cache', ...(link === null ? {} : { link }) } }
}

/** `GET /search/repositories`: names and descriptions, with the paging of the searches that are not code search. */
export function serveRepositorySearch(app: Hono<SandboxEnv>, site: Site): void {
  app.get('/search/repositories', (context) =>
    admit(site, context, { bucket: 'search', endpoint: 'search/repositories' }, () => answer(site, new URL(context.req.url).searchParams)))
}

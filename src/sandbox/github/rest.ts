import type { Hono } from 'hono'
import type { SandboxContext, SandboxEnv } from '../door.ts'
import { parseTree, type Commit } from '../git/parse-objects.ts'
import { readHistory } from '../git/read-history.ts'
import { runGit } from '../git/run-git.ts'
import { answerCompare, answerTree } from './compare.ts'
import { conditional } from './conditional.ts'
import { describeCommit } from './describe-commit.ts'
import { answerComments } from './issue-search.ts'
import { languageOf } from './languages.ts'
import { readCommit, type Repository } from './catalogue.ts'
import type { Bucket } from './limits.ts'
import { linkHeader, parsePositive } from './search-answer.ts'
import { describeBlob, describeRepository, describeUser, encodePath, type RepositoryFacts } from './shapes.ts'
import { admit, failure, holderOf, notFound, type Answer, type Caller, type Site } from './site.ts'

const docs = 'https://docs.github.com'
/** The blob route serves no more, in bytes; contents are inlined only up to a hundredth of it. */
const blobBytes = 100 * 1024 * 1024
const inlineBytes = 1024 * 1024

/** The last path segments of a route, decoded; null when the encoding is broken. */
function decodePath(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return null
  }
}

/** What is seen instead of a repository that the public cannot read; null: it can be read. */
function closedAnswer(repository: Repository): Answer | null {
  if (repository.state === 'public') return null
  if (repository.state === 'gone' || repository.state === 'private') return notFound(`${docs}/rest/repos/repos#get-a-repository`)
  const reason = repository.state === 'blocked-451' ? 'dmca' : 'tos'
  const block = { reason, created_at: '2024-03-01T00:00:00Z', html_url: reason === 'dmca' ? 'https://github.com/github/dmca' : 'https://docs.github.com/site-policy/github-terms' }
  return { status: repository.state === 'blocked-451' ? 451 : 403, json: { message: 'Repository access blocked', block } }
}

/** A repository under an earlier name: 301 to the route by id, which no rename moves. */
function movedAnswer(site: Site, repository: Repository, rest: string): Answer {
  const url = `${site.addresses.apiUrl}/repositories/${repository.id}${rest}`
  return { status: 301, json: { message: 'Moved Permanently', url, documentation_url: `${docs}/v3/#http-redirects` }, headers: { location: url } }
}

const emptyRepository = failure(409, 'Git Repository is empty.', `${docs}/rest/git`)

/** When the first commit was made; the walk to it fails in a repository that is not whole. */
async function readOldest(site: Site, repository: Repository): Promise<Commit | null> {
  const roots = await runGit(repository.gitDir, ['rev-list', '--max-parents=0', 'HEAD']).catch(() => null)
  const oldest = roots?.toString('latin1').trim().split('\n').at(-1)
  return oldest === undefined ? null : readCommit(site.objects, repository, oldest)
}

async function readDefaultBranch({ gitDir }: Repository): Promise<string> {
  const head = await runGit(gitDir, ['symbolic-ref', '-q', 'HEAD']).catch(() => Buffer.from('refs/heads/main'))
  return head.toString('utf8').trim().replace(/^refs\/heads\//, '')
}

async function readMainLanguage(site: Site, repository: Repository, head: Commit): Promise<string | null> {
  const tree = await site.objects.read(repository.gitDir, head.tree)
  const languages = tree === null ? [] : parseTree(tree.bytes).map(({ name }) => languageOf(name))
  return languages.find((language) => language !== null) ?? null
}

function dateOf(commit: Commit | null): string {
  return new Date(commit?.committer.at ?? 0).toISOString().replace('.000Z', 'Z')
}

async function readFactsAt(site: Site, repository: Repository, head: Commit | null): Promise<RepositoryFacts> {
  const sizes = (await runGit(repository.gitDir, ['count-objects', '-v'])).toString('latin1')
  let sizeKib = 0
  for (const [, kib] of sizes.matchAll(/^size(?:-pack)?: (\d+)$/gm)) sizeKib += Number(kib)
  return {
    defaultBranch: await readDefaultBranch(repository),
    createdAt: repository.createdAt ?? dateOf(head === null ? null : await readOldest(site, repository) ?? head),
    pushedAt: repository.pushedAt ?? dateOf(head),
    sizeKib,
    language: head === null ? null : await readMainLanguage(site, repository, head),
    forks: site.catalogue.repositories.filter(({ forkOf }) => forkOf?.toLowerCase() === repository.fullName.toLowerCase()).length,
    parent: repository.forkOf === null ? null : site.catalogue.named(repository.forkOf)?.repository ?? null,
  }
}

const known = new WeakMap<Repository, { readonly head: string | undefined; readonly facts: Promise<RepositoryFacts> }>()

/** Facts of a repository read from git. Walking to the first commit takes a while, so they are kept until HEAD moves. */
export async function readFacts(site: Site, repository: Repository): Promise<RepositoryFacts> {
  const head = await readCommit(site.objects, repository, 'HEAD')
  const kept = known.get(repository)
  if (kept !== undefined && kept.head === head?.oid) return kept.facts
  const facts = readFactsAt(site, repository, head)
  known.set(repository, { head: head?.oid, facts })
  return facts
}

async function answerRepository(site: Site, repository: Repository): Promise<Answer> {
  return { status: 200, json: describeRepository(repository, await readFacts(site, repository), site.addresses) }
}

async function answerBlob(site: Site, context: SandboxContext, repository: Repository, sha: string): Promise<Answer> {
  const unknown = notFound(`${docs}/rest/git/blobs#get-a-blob`)
  if ((await readCommit(site.objects, repository, 'HEAD')) === null) return emptyRepository
  const header = /^[0-9a-f]{40}$/.test(sha) ? await site.objects.describe(repository.gitDir, sha) : null
  if (header?.type !== 'blob') return unknown
  if (header.size > blobBytes) return failure(403, 'This API returns blobs up to 100 MB in size.', `${docs}/rest/git/blobs#get-a-blob`)
  const blob = await site.objects.read(repository.gitDir, sha)
  if (blob === null) return unknown
  if (wantsRaw(context)) return { status: 200, text: blob.bytes, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } }
  return { status: 200, json: describeBlob(repository, sha, blob.bytes, site.addresses) }
}

function wantsRaw(context: SandboxContext): boolean {
  return context.req.header('accept')?.includes('.raw') === true
}

function contentLinks(site: Site, repository: Repository, path: string, oid: string, ref: string) {
  const { apiUrl, htmlUrl } = site.addresses
  const url = `${apiUrl}/repos/${repository.fullName}/contents/${encodePath(path)}?ref=${ref}`
  const git = `${apiUrl}/repos/${repository.fullName}/git/blobs/${oid}`
  const html = `${htmlUrl}/${repository.fullName}/blob/${ref}/${encodePath(path)}`
  return { url, git_url: git, html_url: html, download_url: null, _links: { self: url, git, html } }
}

async function answerFolder(site: Site, repository: Repository, folder: string, oid: string, ref: string): Promise<Answer> {
  const tree = await site.objects.read(repository.gitDir, oid)
  const entries = tree === null ? [] : parseTree(tree.bytes).slice(0, 1_000)
  const listed = []
  for (const { mode, name, oid: entry } of entries) {
    const header = await site.objects.describe(repository.gitDir, entry)
    const path = folder === '' ? name : `${folder}/${name}`
    // Under 2022-11-28 a submodule is listed as a file.
    const type = mode === '40000' ? 'dir' : mode === '120000' ? 'symlink' : 'file'
    listed.push({ type, size: type === 'dir' ? 0 : header?.size ?? 0, name, path, sha: entry, ...contentLinks(site, repository, path, entry, ref) })
  }
  return { status: 200, json: listed }
}

async function answerContents(site: Site, context: SandboxContext, repository: Repository, path: string | null): Promise<Answer> {
  const unknown = notFound(`${docs}/rest/repos/contents#get-repository-content`)
  if (path === null) return unknown
  const ref = new URL(context.req.url).searchParams.get('ref') ?? 'HEAD'
  if ((await readCommit(site.objects, repository, 'HEAD')) === null) return failure(404, 'This repository is empty.', `${docs}/v3/repos/contents/#get-contents`)
  const commit = await readCommit(site.objects, repository, ref)
  if (commit === null) return failure(404, `No commit found for the ref ${ref}`, `${docs}/v3/repos/contents/`)
  const header = await site.objects.describe(repository.gitDir, path === '' ? commit.tree : `${commit.oid}:${path}`)
  if (header === null) return unknown
  if (header.type === 'tree') return answerFolder(site, repository, path, header.oid, ref)
  const tooLarge = header.size > inlineBytes
  if (header.size > blobBytes || header.type !== 'blob') return unknown
  const blob = await site.objects.read(repository.gitDir, header.oid)
  if (blob === null) return unknown
  if (wantsRaw(context)) return { status: 200, text: blob.bytes, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } }
  const { content } = describeBlob(repository, header.oid, blob.bytes, site.addresses)
  return {
    status: 200,
    json: {
      type: 'file', size: header.size, name: path.slice(path.lastIndexOf('/') + 1), path, sha: header.oid,
      encoding: tooLarge ? 'none' : 'base64', content: tooLarge ? '' : content,
      ...contentLinks(site, repository, path, header.oid, ref),
    },
  }
}

async function answerCommits(site: Site, context: SandboxContext, repository: Repository): Promise<Answer> {
  const { searchParams } = new URL(context.req.url)
  const start = await readCommit(site.objects, repository, searchParams.get('sha') ?? 'HEAD')
  if (start === null && searchParams.get('sha') === null) return emptyRepository
  if (start === null) return notFound(`${docs}/rest/commits/commits#list-commits`)
  const number = (name: string, fallback: number) => Math.max(1, Number(searchParams.get(name) ?? fallback) || fallback)
  const perPage = Math.min(100, number('per_page', 30))
  const oids = await readHistory(repository.gitDir, start.oid, { path: searchParams.get('path') })
  const from = (number('page', 1) - 1) * perPage
  const commits = []
  for (const oid of oids.slice(from, from + perPage)) {
    const commit = await readCommit(site.objects, repository, oid)
    if (commit !== null) commits.push(describeCommit(site, repository, commit))
  }
  return { status: 200, json: commits }
}

async function answerCommit(site: Site, repository: Repository, revision: string): Promise<Answer> {
  if ((await readCommit(site.objects, repository, 'HEAD')) === null) return emptyRepository
  const commit = await readCommit(site.objects, repository, revision)
  if (commit === null) return failure(422, `No commit found for SHA: ${revision}`, `${docs}/rest/commits/commits#get-a-commit`)
  return { status: 200, json: describeCommit(site, repository, commit) }
}

/** `rest` is the path behind the repository, for example `/git/blobs/…`. */
async function answerInside(site: Site, context: SandboxContext, repository: Repository, rest: string): Promise<Answer> {
  const closed = closedAnswer(repository)
  if (closed !== null) return closed
  if (rest === '') return answerRepository(site, repository)
  const [, kind = '', value = ''] = /^\/(git\/blobs|git\/trees|contents|commits|compare)(?:\/(.*))?$/.exec(rest) ?? []
  if (kind === 'git/blobs') return answerBlob(site, context, repository, value)
  if (kind === 'git/trees') return answerTree(site, context, repository, decodePath(value) ?? '')
  if (kind === 'compare') return answerCompare(site, repository, decodePath(value) ?? '')
  if (kind === 'contents') return answerContents(site, context, repository, decodePath(value))
  if (kind === 'commits') return value === '' ? answerCommits(site, context, repository) : answerCommit(site, repository, decodePath(value) ?? '')
  const [, talk, number] = /^\/(issues|pulls)\/(\d{1,9})\/comments$/.exec(rest) ?? []
  if (talk === 'issues' || talk === 'pulls') return answerComments(site, new URL(context.req.url), repository, talk, Number(number))
  return notFound()
}

const buckets: readonly Bucket[] = ['core', 'graphql', 'search', 'code_search']

function answerRateLimit(site: Site, context: SandboxContext, caller: Caller): Answer {
  const fresh = context.get('strike')('rateLimitPageFresh') !== null
  const resources = Object.fromEntries(buckets.map((bucket) => {
    const { limit, used, remaining, reset } = site.limits.rate(holderOf(caller), bucket)
    return [bucket, { limit, used: fresh ? 0 : used, remaining: fresh ? limit : remaining, reset }]
  }))
  const withRate = context.req.header('x-github-api-version') !== '2026-03-10'
  return { status: 200, json: { resources, ...(withRate ? { rate: resources['core'] } : {}) } }
}

function answerUser(site: Site, login: string): Answer {
  const account = site.catalogue.account(login)
  if (account === null) return notFound(`${docs}/rest/users/users#get-a-user`)
  const publicRepos = site.catalogue.repositories.filter(({ owner, state }) => owner === account && state === 'public').length
  return { status: 200, json: { ...describeUser(account, site.addresses), name: account.name, company: account.company, email: null, bio: null, public_repos: publicRepos } }
}

/** Outsiders see public members only. */
function answerMembers(site: Site, context: SandboxContext, organization: string, caller: Caller): Answer {
  const account = site.catalogue.account(organization)
  if (account?.type !== 'Organization') return notFound(`${docs}/rest/orgs/members#list-organization-members`)
  const belongs = (login: string) => login.toLowerCase() === organization.toLowerCase()
  const inside = caller?.account.organizations.some(({ login }) => belongs(login)) === true
  const members = site.catalogue.accounts.filter((member) => member.organizations.some((one) => belongs(one.login) && (inside || one.public)))
  const url = new URL(context.req.url)
  const perPage = Math.min(100, parsePositive(url.searchParams.get('per_page'), 30))
  const page = parsePositive(url.searchParams.get('page'), 1)
  return {
    status: 200,
    json: members.slice((page - 1) * perPage, page * perPage).map((member) => describeUser(member, site.addresses)),
    headers: linkHeader(`${site.addresses.apiUrl}${url.pathname}`, url.searchParams, page, Math.ceil(members.length / perPage)),
  }
}

/** The REST routes other than search. A path that nothing here knows is a 404 that counts. */
export function serveRest(app: Hono<SandboxEnv>, site: Site): void {
  const core = (context: SandboxContext, endpoint: string, handle: (caller: Caller) => Promise<Answer> | Answer) =>
    admit(site, context, { bucket: 'core', endpoint }, async (caller) => conditional(context, await handle(caller)))
  const pathOf = (context: SandboxContext) => new URL(context.req.url).pathname

  app.get('/rate_limit', (context) =>
    admit(site, context, { bucket: 'core', endpoint: 'rate_limit', counted: false }, (caller) => answerRateLimit(site, context, caller)))
  app.get('/users/:login', (context) => core(context, 'users', () => answerUser(site, context.req.param('login'))))
  app.get('/orgs/:org/members', (context) => core(context, 'members', (caller) => answerMembers(site, context, context.req.param('org'), caller)))

  app.get('/repositories/:rest{.+}', (context) => core(context, 'repositories', () => {
    const { id, rest } = /^\/repositories\/(?<id>\d{1,15})(?<rest>(?:\/.*)?)$/.exec(pathOf(context))?.groups ?? {}
    const repository = id === undefined ? null : site.catalogue.repository(Number(id))
    return repository === null ? notFound() : answerInside(site, context, repository, rest ?? '')
  }))

  app.get('/repos/:rest{.+}', (context) => core(context, 'repos', () => {
    const { owner, name, rest } = /^\/repos\/(?<owner>[^/]+)\/(?<name>[^/]+)(?<rest>(?:\/.*)?)$/.exec(pathOf(context))?.groups ?? {}
    const found = site.catalogue.named(`${owner}/${name}`)
    if (found === null) return notFound(`${docs}/rest/repos/repos#get-a-repository`)
    return found.moved ? movedAnswer(site, found.repository, rest ?? '') : answerInside(site, context, found.repository, rest ?? '')
  }))
}

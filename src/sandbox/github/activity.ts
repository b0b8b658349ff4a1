import { createHash } from 'node:crypto'
import type { Hono } from 'hono'
import type { SandboxContext, SandboxEnv } from '../door.ts'
import { runGit } from '../git/run-git.ts'
import type { EventSource } from '../publications.ts'
import type { Account, Repository } from './catalogue.ts'
import { conditional } from './conditional.ts'
import { linkHeader, parsePositive } from './search-answer.ts'
import { admit, failure, notFound, type Answer, type Site } from './site.ts'

/** How late events are seen, in milliseconds, and how often a client may ask, in seconds. */
export interface ActivityOptions {
  readonly delayMs: number
  readonly pollSeconds: number
}

/** GitHub says "30 s to 6 h"; on a good day it is the former. */
export const defaultActivity: ActivityOptions = { delayMs: 30_000, pollSeconds: 60 }

const shownEvents = 300
const shownMs = 30 * 24 * 60 * 60_000
const noCommit = '0'.repeat(40)

async function lines(repository: Repository, args: readonly string[]): Promise<string[]> {
  const output = await runGit(repository.gitDir, args).catch(() => Buffer.alloc(0))
  return output.toString('utf8').split('\n').filter((line) => line !== '')
}

/** Pushes as the history tells them: each commit was pushed alone, when it was made, by the owner or its committer. */
async function readPushes(site: Site, repository: Repository, since: Date): Promise<EventSource[]> {
  const [main = 'refs/heads/main'] = await lines(repository, ['symbolic-ref', '-q', 'HEAD'])
  const branches = await lines(repository, ['for-each-ref', '--format=%(refname)', 'refs/heads'])
  const pushes: EventSource[] = []
  for (const ref of branches) {
    const range = ref === main ? [ref] : [ref, `^${main}`]
    const log = await lines(repository, ['log', `--since=@${Math.floor(since.getTime() / 1_000)}`, '--format=%H %ct %ce %P', ...range])
    for (const [index, line] of log.entries()) {
      const [head = '', seconds = '0', email = '', parent = ''] = line.split(' ')
      const before = parent === '' ? noCommit : parent
      const actor = repository.owner.type === 'User' ? repository.owner : site.catalogue.accountOfEmail(email)
      if (actor === null) continue
      const first = before === noCommit || (ref !== main && index === log.length - 1)
      pushes.push({
        type: first ? 'CreateEvent' : 'PushEvent', actor: actor.login, repository: repository.fullName, ref, head,
        before: first ? noCommit : before, at: new Date(Number(seconds) * 1_000).toISOString(),
      })
      // A new branch that came with commits is told by both events.
      if (first) pushes.push({ type: 'PushEvent', actor: actor.login, repository: repository.fullName, ref, head, before: noCommit, at: new Date(Number(seconds) * 1_000).toISOString() })
    }
  }
  return pushes
}

async function eventsOf(site: Site, account: Account, now: number): Promise<EventSource[]> {
  const since = new Date(now - shownMs)
  const open = site.catalogue.repositories.filter(({ state, owner }) => state === 'public' && (owner === account || owner.type === 'Organization'))
  const pushed = (await Promise.all(open.map((repository) => readPushes(site, repository, since)))).flat()
  const told = site.publications.events().filter(({ repository }) => site.catalogue.named(repository)?.repository.state === 'public')
  return [...pushed, ...told]
    .filter(({ actor, at }) => actor.toLowerCase() === account.login.toLowerCase() && Date.parse(at) >= since.getTime() && Date.parse(at) <= now)
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
}

function payloadOf(event: EventSource, repository: Repository): unknown {
  const { type, ref = 'refs/heads/main', head = noCommit, before = noCommit } = event
  // In force since 2025-10: no commits, no sizes.
  if (type === 'PushEvent') return { repository_id: repository.id, push_id: Number(idOf(event).slice(-12)), ref, head, before }
  if (type === 'CreateEvent') return { ref: ref.replace('refs/heads/', ''), ref_type: 'branch', full_ref: ref, master_branch: 'main', description: null, pusher_type: 'user' }
  return type === 'WatchEvent' ? { action: 'started' } : {}
}

/** Digits, larger for what came later. */
function idOf({ type, actor, repository, ref, head, at }: EventSource): string {
  const rest = createHash('sha256').update(`${type} ${actor} ${repository} ${ref ?? ''} ${head ?? ''}`).digest().readUInt32BE(0) % 1_000_000
  return `${Math.floor(Date.parse(at) / 1_000)}${String(rest).padStart(6, '0')}`
}

function describeEvent(site: Site, account: Account, event: EventSource): unknown {
  const repository = site.catalogue.named(event.repository)?.repository
  if (repository === undefined) return {}
  const { apiUrl, htmlUrl } = site.addresses
  return {
    id: idOf(event), type: event.type,
    actor: { id: account.id, login: account.login, display_login: account.login, gravatar_id: '', url: `${apiUrl}/users/${account.login}`, avatar_url: `${htmlUrl}/avatars/u/${account.id}` },
    repo: { id: repository.id, name: repository.fullName, url: `${apiUrl}/repos/${repository.fullName}` },
    payload: payloadOf(event, repository), public: true, created_at: event.at.replace(/\.\d+Z$/, 'Z'),
  }
}

async function answerEvents(site: Site, context: SandboxContext, login: string): Promise<Answer> {
  const account = site.catalogue.account(login)
  if (account === null) return notFound('https://docs.github.com/rest/activity/events')
  const url = new URL(context.req.url)
  const perPage = Math.min(100, parsePositive(url.searchParams.get('per_page'), 30))
  const page = parsePositive(url.searchParams.get('page'), 1)
  if ((page - 1) * perPage >= shownEvents) return failure(422, 'In order to keep the API fast for everyone, pagination is limited for this resource.', 'https://docs.github.com/v3/#pagination')
  const strike = context.get('strike')
  const visible = site.now().getTime() - (strike('eventsLate')?.amount ?? site.activity.delayMs)
  let events = (await eventsOf(site, account, visible)).slice(0, shownEvents)
  const missing = strike('eventsMissing')
  if (missing !== null) events = events.filter(() => missing.random() >= missing.amount)
  const start = (page - 1) * perPage
  let shown = events.slice(start, start + perPage)
  const before = events[start - 1]
  // Something happened between two requests: everything moved down by one.
  if (before !== undefined && shown.length > 0 && strike('eventsShift') !== null) shown = [before, ...shown.slice(0, perPage - 1)]
  return {
    status: 200,
    json: shown.map((event) => describeEvent(site, account, event)),
    headers: {
      'x-poll-interval': String(strike('pollIntervalGrows')?.amount ?? site.activity.pollSeconds),
      ...linkHeader(`${site.addresses.apiUrl}${url.pathname}`, url.searchParams, page, Math.ceil(events.length / perPage)),
    },
  }
}

/** `GET /users/{login}/events/public`: the last 30 days, at most 300, late. */
export function serveActivity(app: Hono<SandboxEnv>, site: Site): void {
  app.get('/users/:login/events/public', (context) =>
    admit(site, context, { bucket: 'core', endpoint: 'events' }, async () => {
      const answer = conditional(context, await answerEvents(site, context, context.req.param('login')))
      // A client that has everything is told as well when it may ask again.
      return answer.status === 304 ? { ...answer, headers: { ...answer.headers, 'x-poll-interval': String(site.activity.pollSeconds) } } : answer
    }))
}

import type { z } from 'zod'
import type { HttpClient } from '../../contracts/http.ts'
import type { Memory } from '../../contracts/source.ts'
import { ContractBroken, NotFound, Permanent, RetryLater, Transient, type NamesakeError } from '../../errors.ts'
import { boundWait } from '../../net/retry-after.ts'
import type { Gate, Method } from './gate.ts'
import { answerOf, createdFilter, refusal } from './schema.ts'

export interface StackExchange {
  readonly http: HttpClient
  readonly gate: Gate
  readonly memory: Memory
  readonly now: () => Date
  /** Without a slash at its end. */
  readonly apiUrl: string
  readonly key: string | null
  /** Since June 2026 the key is a bearer token; `query` is for servers that still want it in the address. */
  readonly keyIn: 'header' | 'query'
}

export interface Answer<Item> {
  readonly read: readonly Item[]
  readonly unreadable: number
  readonly delivered: number
  readonly hasMore: boolean
}

/** Seconds to wait when something that is not the API answers: the network in front of it wants to be left alone. */
const strangerSeconds = 60
/** Seconds on top of those that a violation names. */
const marginSeconds = 5
/** Seconds after a violation that names none. */
const unspecifiedSeconds = 10 * 60

/**
 * One request. @throws RetryLater (the gate, a violation, a page that is not the API's) | Transient | Permanent |
 * ContractBroken
 */
export async function ask<Item extends z.ZodType>(
  remote: StackExchange,
  method: Method,
  path: string,
  parameters: Readonly<Record<string, string>>,
  item: Item,
): Promise<Answer<z.output<Item>>> {
  await remote.gate.admit(method)
  const query = new URLSearchParams(parameters)
  if (remote.key !== null && remote.keyIn === 'query') query.set('key', remote.key)
  const schema = answerOf(item)
  try {
    const answer = await remote.http.request({
      url: `${remote.apiUrl}/${path}?${query}`,
      headers: { accept: 'application/json', ...(remote.key !== null && remote.keyIn === 'header' ? { authorization: `Bearer ${remote.key}` } : {}) },
      schema,
      accept: [400],
      maxBytes: 32 * 1024 * 1024,
    })
    if (answer.status === 400) throw await refusalOf(remote, answer.text)
    await remote.gate.note(method, answer.body)
    return answer.body
  } catch (error) {
    if (error instanceof NotFound) throw new Permanent('Stack Exchange has nothing at this address: is the configured URL that of its API?', { cause: error })
    // HTML and 5xx come from the network in front of the API: asking again soon makes it worse.
    if (error instanceof Transient) throw new RetryLater(error.message, boundWait(strangerSeconds * 1000, remote.now()), 'job', { cause: error })
    throw error
  }
}

/** https://api.stackexchange.com/docs/error-handling */
async function refusalOf({ gate }: StackExchange, text: string): Promise<NamesakeError> {
  const parsed = refusal.safeParse(parseJson(text))
  if (!parsed.success) return new ContractBroken('Stack Exchange refused in a form that cannot be read (400)')
  const { error_id, error_message } = parsed.data
  if (error_id === 502) {
    const named = /more requests available in (\d{1,6}) seconds/i.exec(error_message ?? '')?.[1]
    return new RetryLater('Stack Exchange: too many requests', await gate.pause(named === undefined ? unspecifiedSeconds : Number(named) + marginSeconds))
  }
  if (error_id === 500 || error_id === 503) return new Transient(`Stack Exchange: server error (${error_id})`)
  return new Permanent(reasons[error_id] ?? `Stack Exchange refuses the request (${error_id})`)
}

/** What the API says may hold parts of what was asked: these are our words. */
const reasons: Readonly<Record<number, string>> = {
  400: 'Stack Exchange does not know the site, or cannot read the request (400)',
  401: 'Stack Exchange wants an access token (401)',
  402: 'Stack Exchange refused the key (402): it is wrong or revoked',
  403: 'Stack Exchange forbids it (403); pages above 25 need a key',
  404: 'Stack Exchange has no such method (404): is the configured URL that of its API?',
  405: 'Stack Exchange wants a key (405)',
  406: 'Stack Exchange revoked the key, which was sent without encryption (406)',
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Fields of an answer that are not in the default. Wildcards are not supported; the wrapper's stand among them. */
const fields = [
  '.items', '.has_more', '.backoff', '.quota_max', '.quota_remaining', '.error_id', '.error_message', '.error_name',
  ...['post_id', 'post_type', 'title', 'body', 'body_markdown', 'link', 'owner', 'creation_date', 'last_edit_date', 'last_activity_date', 'content_license'].map((name) => `post.${name}`),
  ...['comment_id', 'post_id', 'body', 'body_markdown', 'link', 'owner', 'creation_date', 'content_license'].map((name) => `comment.${name}`),
  ...['revision_number', 'post_id', 'creation_date', 'title', 'body', 'user', 'content_license'].map((name) => `revision.${name}`),
  ...['user_id', 'display_name', 'link'].map((name) => `shallow_user.${name}`),
]
/** Changes with `fields`: a filter once made never changes. */
const filterKey = 'filter.1'

/** The filter that asks for the texts; null: it is not made yet. */
export async function knownFilter({ memory }: StackExchange): Promise<string | null> {
  const stored = createdFilter.shape.filter.safeParse(await memory.get(filterKey))
  return stored.success ? stored.data : null
}

/** One request, once in the life of an installation. https://api.stackexchange.com/docs/create-filter */
export async function makeFilter(remote: StackExchange): Promise<void> {
  const { read } = await ask(remote, 'filters', 'filters/create', { base: 'none', unsafe: 'true', include: fields.join(';') }, createdFilter)
  const [made] = read
  if (made === undefined || made.filter_type !== 'unsafe') throw new ContractBroken('Stack Exchange made no filter of the promised kind')
  await remote.memory.set(filterKey, made.filter)
}

import { z } from 'zod'
import type { HttpClient } from '../../contracts/http.ts'
import type { Notice, OpenNotifier, Posted, Threads } from '../../contracts/notifier.ts'
import { Transient } from '../../errors.ts'
import type { DecisionName } from './actions.ts'
import type { PostedMessage } from './blocks.ts'
import { checkClicks } from './check-clicks.ts'
import { formatMessage, formatPlain } from './message.ts'
import { buttonsOf, type SlackSettings } from './settings.ts'
import { createTurns } from './turns.ts'
import { openWebApi, type WebApi } from './web-api.ts'

const eventType = 'namesake_notice'

const postedSchema = z.object({ channel: z.string().min(1), ts: z.string().regex(/^\d+\.\d+$/) })
const messagesSchema = z.object({
  messages: z.array(z.object({
    ts: z.string(),
    metadata: z.object({ event_type: z.string(), event_payload: z.looseObject({ notice: z.string().optional() }) }).optional().catch(undefined),
  })),
  has_more: z.boolean().optional(),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
})

/** Clocks differ, and Slack's stamps a message when it takes it. Milliseconds around the moment it was sent. */
const around = { beforeMs: 5 * 60_000, afterMs: 15 * 60_000 } as const
/** Messages in one answer, and answers to one question: 1 message a second is far less in the time that is asked for. */
const pageSize = 200
const mostPages = 20

export interface BotOptions {
  readonly settings: SlackSettings
  readonly token: string
  /** Id of the Slack channel. */
  readonly room: string
  readonly http: HttpClient
  readonly now: () => Date
}

/**
 * One channel of Slack through a bot token. Every message carries the id of its notice as metadata, which nobody sees:
 * what may have arrived is looked for by it. https://docs.slack.dev/messaging/message-metadata
 */
export function openBot({ settings, token, room, http, now }: BotOptions): OpenNotifier {
  const api = openWebApi(http, { apiUrl: settings.apiUrl, token, timeoutMs: settings.answerWithinMs, now })
  const threads = openThreads(api, { room, buttons: buttonsOf(settings), turn: createTurns(settings.messageEveryMs), settlesMs: settings.answerWithinMs + Math.min(5_000, settings.answerWithinMs) })
  return {
    destination: new URL(settings.apiUrl).host,
    limit: { max: 1, perMs: settings.messageEveryMs },
    follows: true,
    threads,
    send: async (notice) => { await threads.post(notice, { plain: false, under: null }) },
    sendPlain: async (notice) => { await threads.post(notice, { plain: true, under: null }) },
    check: async () => [...(await checkBot(api, { settings, room })), ...(room === settings.channel ? await checkClicks(settings, http, now) : [])],
  }
}

interface ThreadsOptions {
  readonly room: string
  readonly buttons: readonly DecisionName[]
  readonly settlesMs: number
  /** Waits for the turn of a message. */
  turn(): Promise<void>
}

function openThreads(api: WebApi, { room, buttons, settlesMs, turn }: ThreadsOptions): Threads {
  const message = (notice: Notice, plain: boolean): PostedMessage => ({
    ...(plain ? formatPlain(notice) : formatMessage(notice, { buttons })),
    channel: room,
    metadata: { event_type: eventType, event_payload: { notice: notice.id } },
  })
  return {
    room,
    // The whole exchange may take as long as we wait, and Slack's own work a little longer.
    settlesMs,
    async post(notice, { plain, under }) {
      // What is loud is shown in the channel too: nobody reads a thread from last month.
      const thread = under === null ? {} : { thread_ts: under.ts, ...(notice.kind === 'changed' ? {} : { reply_broadcast: true }) }
      await turn()
      const { answer } = await api.call({ method: 'chat.postMessage', json: { ...message(notice, plain), ...thread }, schema: postedSchema })
      return { room: answer.channel, ts: answer.ts }
    },
    async update(notice, posted) {
      await turn()
      await api.call({ method: 'chat.update', json: { ...message(notice, false), channel: posted.room, ts: posted.ts }, schema: postedSchema })
    },
    find: (noticeId, where) => find(api, { noticeId, room, ...where }),
  }
}

interface Wanted {
  readonly noticeId: string
  readonly room: string
  readonly since: Date
  readonly under: Posted | null
}

/** Pages until it is there or everything of that time was seen. @throws Transient when that does not end: could not tell */
async function find(api: WebApi, { noticeId, room, since, under }: Wanted): Promise<Posted | null> {
  const query = {
    channel: under?.room ?? room,
    ...(under === null ? {} : { ts: under.ts }),
    oldest: stampOf(since.getTime() - around.beforeMs),
    latest: stampOf(since.getTime() + around.afterMs),
    include_all_metadata: 'true',
    limit: String(pageSize),
  }
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const { answer } = await api.call({
      method: under === null ? 'conversations.history' : 'conversations.replies',
      query: { ...query, ...(cursor === undefined ? {} : { cursor }) },
      schema: messagesSchema,
    })
    const there = answer.messages.find(({ metadata }) => metadata?.event_type === eventType && metadata.event_payload.notice === noticeId)
    if (there !== undefined) return { room: query.channel, ts: there.ts }
    cursor = answer.response_metadata?.next_cursor
    if (cursor === undefined || cursor === '') {
      if (answer.has_more === true) throw new Transient('Slack shows a part of the messages only')
      return null
    }
  }
  throw new Transient('Slack has more messages of that time than were looked at')
}

/** Seconds with six digits, as Slack stamps messages. */
function stampOf(ms: number): string {
  return `${Math.floor(ms / 1_000)}.000000`
}

const authSchema = z.object({ team_id: z.string(), team: z.string().optional(), user: z.string().optional() })

/** Scopes that the bot needs, and what for. */
export const scopes = [
  { of: ['chat:write'], why: 'to post and to keep messages true' },
  { of: ['channels:history', 'groups:history'], why: 'to look for a message whose answer never came' },
] as const

/** Sends nothing: who the token is, what it may, whether the channel can be read. */
async function checkBot(api: WebApi, { settings, room }: { readonly settings: SlackSettings; readonly room: string }): Promise<readonly string[]> {
  const { answer, headers } = await api.call({ method: 'auth.test', json: {}, schema: authSchema })
  const says = [`the bot token is of workspace ${wordOf(answer.team_id)}`]
  if (settings.teamId !== undefined && settings.teamId !== answer.team_id) says.push('warning: teamId is another workspace: no click would be taken')
  const granted = headers.get('x-oauth-scopes')?.split(',').map((scope) => scope.trim())
  if (granted === undefined) says.push('warning: Slack does not tell the scopes of the token')
  else {
    for (const { of, why } of scopes) {
      if (!of.some((scope) => granted.includes(scope))) says.push(`warning: the token lacks the scope ${of.join(' or ')}, needed ${why}`)
    }
  }
  await api.call({ method: 'conversations.history', query: { channel: room, limit: '1' }, schema: messagesSchema })
  return [...says, `the channel ${room} can be read`]
}

function wordOf(id: string): string {
  return /^\w{1,40}$/.test(id) ? id : 'an unknown workspace'
}

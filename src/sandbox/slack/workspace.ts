import { createHmac, randomUUID } from 'node:crypto'
import type { Posting, SlackMessage } from './message.ts'
import type { Modal } from './validate-view.ts'

/** A message in a channel of the workspace. */
export interface WorkspaceMessage extends SlackMessage {
  /** Id of the channel. */
  readonly room: string
  /** Of an answer: the message that it answers. */
  readonly threadTs: string | null
  /** An answer that the channel shows too. */
  readonly broadcast: boolean
  readonly metadata: unknown
  /** When its present form arrived; null: as it was posted. */
  readonly editedAt: Date | null
}

export interface WorkspaceOptions {
  readonly teamId?: string
  /** Names by id. */
  readonly channels?: Readonly<Record<string, string>>
  readonly botToken?: string
  readonly appToken?: string
  readonly signingSecret?: string
  /** What auth.test tells of the bot token. */
  readonly scopes?: readonly string[]
  /** Milliseconds between two messages to a channel, below which it is too many; Slack: 1,000. A drill may scale it. */
  readonly everyMs?: number
}

export interface Ephemeral {
  readonly at: Date
  readonly room: string
  readonly user: string
  readonly text: string
}

/** What was posted to the address that a click brought. */
export interface Response {
  readonly at: Date
  readonly user: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface OpenView {
  readonly id: string
  readonly user: string
  readonly view: Modal
}

/** A click of a person, as Slack would send it: what is left out is as the message has it. */
export interface Click {
  readonly room?: string
  /** Of the message; absent: the newest in the channel with such a button. */
  readonly ts?: string
  readonly action: string
  readonly user: string
  readonly value?: string
  readonly team?: string
}

/** A request of Slack to the address of the app, ready to be sent. */
export interface SignedRequest {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  /** What is in the body, for Socket Mode. */
  readonly payload: Readonly<Record<string, unknown>>
}

export interface SignatureOptions {
  readonly secret?: string
  /** Milliseconds that the timestamp is off. */
  readonly offMs?: number
}

export interface Workspace {
  readonly teamId: string
  readonly botToken: string
  readonly appToken: string
  readonly signingSecret: string
  readonly scopes: readonly string[]
  readonly channels: ReadonlyMap<string, string>
  messages(room?: string): readonly WorkspaceMessage[]
  ephemerals(): readonly Ephemeral[]
  responses(): readonly Response[]
  views(): readonly OpenView[]
  /** Two messages to one channel that came too close: milliseconds between them. */
  tooClose(): readonly { readonly room: string; readonly ms: number }[]
  click(click: Click, signature?: SignatureOptions): SignedRequest
  /** Somebody fills the newest dialog in and sends it. */
  submit(user: string, values: Readonly<Record<string, Readonly<Record<string, string>>>>, signature?: SignatureOptions): SignedRequest
  /** A person deletes a message. */
  remove(room: string, ts: string): void
}

/** Its inside, for the doors. */
export interface WorkspaceState extends Workspace {
  keep(posting: Posting, where: { readonly room: string; readonly threadTs: string | null; readonly broadcast: boolean; readonly metadata: unknown }): WorkspaceMessage
  change(room: string, ts: string, posting: Posting, metadata: unknown): WorkspaceMessage | null
  find(room: string, ts: string): WorkspaceMessage | null
  whisper(ephemeral: Omit<Ephemeral, 'at'>): void
  /** Null: no such trigger, or too late (3 s). */
  openView(triggerId: string, view: Modal): OpenView | null
  /** Word of the refusal; null: taken. */
  respond(path: string, body: Readonly<Record<string, unknown>>): string | null
  /** Notes a message to a channel. */
  pace(room: string): void
}

const triggerMs = 3_000
const responseMs = 30 * 60_000
const responseUses = 5

/** One workspace of Slack: what is in its channels, and what people click. https://docs.slack.dev */
export function createWorkspace(options: WorkspaceOptions, stage: { readonly now: () => Date; readonly url: () => string }): WorkspaceState {
  const { now } = stage
  const teamId = options.teamId ?? 'T0SANDBOX'
  const channels = new Map(Object.entries(options.channels ?? { C0ALERTS: 'security-alerts', C0PAYMENTS: 'payments' }))
  const signingSecret = options.signingSecret ?? 'sandbox-signing-secret'
  const everyMs = options.everyMs ?? 1_000
  const rooms = new Map<string, Map<string, WorkspaceMessage>>([...channels.keys()].map((id) => [id, new Map()]))
  const ephemerals: Ephemeral[] = []
  const responses: Response[] = []
  const views: OpenView[] = []
  const close: { readonly room: string; readonly ms: number }[] = []
  const lastAt = new Map<string, number>()
  const triggers = new Map<string, { readonly user: string; readonly at: number }>()
  const addresses = new Map<string, { readonly user: string; readonly at: number; uses: number }>()
  let serial = 0

  function signed(payload: Readonly<Record<string, unknown>>, { secret = signingSecret, offMs = 0 }: SignatureOptions = {}): SignedRequest {
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
    const timestamp = String(Math.floor((now().getTime() + offMs) / 1_000))
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature }
    return { body, headers, payload }
  }

  function newTrigger(user: string): string {
    const id = `${serial}.${randomUUID()}`
    triggers.set(id, { user, at: now().getTime() })
    return id
  }

  function newestWith(room: string, action: string): WorkspaceMessage | undefined {
    return [...(rooms.get(room)?.values() ?? [])].toReversed().find(({ blocks }) => buttonOf(blocks, action) !== undefined)
  }

  return {
    teamId, channels, signingSecret,
    botToken: options.botToken ?? 'xoxb-sandbox-token',
    appToken: options.appToken ?? 'xapp-sandbox-token',
    scopes: options.scopes ?? ['chat:write', 'channels:history'],
    messages: (room) => (room === undefined ? [...rooms.values()] : [rooms.get(room) ?? new Map<string, WorkspaceMessage>()]).flatMap((messages) => [...messages.values()]),
    ephemerals: () => ephemerals,
    responses: () => responses,
    views: () => views,
    tooClose: () => close,
    keep(posting, { room, threadTs, broadcast, metadata }) {
      const at = now()
      serial += 1
      const ts = `${Math.floor(at.getTime() / 1_000)}.${String(serial).padStart(6, '0')}`
      const message = { at, ts, channel: channels.get(room) ?? room, ...posting, room, threadTs, broadcast, metadata, editedAt: null }
      rooms.get(room)?.set(ts, message)
      return message
    },
    change(room, ts, posting, metadata) {
      const before = rooms.get(room)?.get(ts)
      if (before === undefined) return null
      const message = { ...before, ...posting, metadata, editedAt: now() }
      rooms.get(room)?.set(ts, message)
      return message
    },
    find: (room, ts) => rooms.get(room)?.get(ts) ?? null,
    remove(room, ts) {
      rooms.get(room)?.delete(ts)
    },
    whisper(ephemeral) {
      ephemerals.push({ at: now(), ...ephemeral })
    },
    openView(triggerId, view) {
      const trigger = triggers.get(triggerId)
      triggers.delete(triggerId)
      if (trigger === undefined || now().getTime() - trigger.at > triggerMs) return null
      const open = { id: `V${views.length + 1}`, user: trigger.user, view }
      views.push(open)
      return open
    },
    respond(path, body) {
      const address = addresses.get(path)
      if (address === undefined || now().getTime() - address.at > responseMs) return 'expired_url'
      if (address.uses >= responseUses) return 'used_url'
      address.uses += 1
      responses.push({ at: now(), user: address.user, body })
      return null
    },
    pace(room) {
      const at = now().getTime()
      const before = lastAt.get(room)
      lastAt.set(room, at)
      if (before !== undefined && at - before < everyMs) close.push({ room, ms: at - before })
    },
    click({ room = [...channels.keys()][0] ?? '', ts, action, user, value, team = teamId }, signature) {
      const message = ts === undefined ? newestWith(room, action) : rooms.get(room)?.get(ts)
      const pressed = message === undefined ? undefined : buttonOf(message.blocks, action)
      serial += 1
      const path = `/slack-actions/${team}/${serial}/${randomUUID()}`
      addresses.set(path, { user, at: now().getTime(), uses: 0 })
      const at = message?.ts ?? ts ?? '0.0'
      return signed({
        type: 'block_actions', api_app_id: 'A0SANDBOX', token: 'deprecated-do-not-use', trigger_id: newTrigger(user),
        team: { id: team, domain: 'sandbox' }, user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: team },
        channel: { id: room, name: channels.get(room) ?? 'directmessage' },
        container: { type: 'message', message_ts: at, channel_id: room, is_ephemeral: false, ...(message?.threadTs === null || message === undefined ? {} : { thread_ts: message.threadTs }) },
        message: { ts: at, text: message?.text ?? '', blocks: message?.blocks ?? [] },
        state: { values: {} },
        response_url: `${stage.url()}${path}`,
        actions: [{ action_id: action, block_id: 'b1', type: 'button', value: value ?? pressed ?? '', action_ts: `${Math.floor(now().getTime() / 1_000)}.${String(serial).padStart(6, '0')}` }],
      }, signature)
    },
    submit(user, values, signature) {
      const open = views.at(-1)
      if (open === undefined) throw new Error('no dialog is open')
      serial += 1
      const state = Object.fromEntries(Object.entries(values).map(([block, fields]) =>
        [block, Object.fromEntries(Object.entries(fields).map(([action, value]) => [action, { type: 'plain_text_input', value }]))]))
      return signed({
        type: 'view_submission', api_app_id: 'A0SANDBOX', token: 'deprecated-do-not-use', trigger_id: newTrigger(user),
        team: { id: teamId, domain: 'sandbox' }, user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: teamId },
        view: { id: open.id, type: 'modal', callback_id: open.view.callback_id ?? '', private_metadata: open.view.private_metadata ?? '', hash: String(serial), state: { values: state } },
      }, signature)
    },
  }
}

function buttonOf(blocks: SlackMessage['blocks'], action: string): string | undefined {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []))
  return elements.flatMap((element) => (element.type === 'button' && element.action_id === action ? [element.value ?? ''] : []))[0]
}

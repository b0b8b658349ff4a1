import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { actionIds, dismissDialog, type DecisionName } from './actions.ts'

/** Seconds that a request of Slack may be off our clock, into the past and into the future. */
const toleranceS = 5 * 60
/** A click brings the whole message along. */
const maxBytes = 256 * 1024

/**
 * Whether a request comes from Slack: HMAC-SHA256 over `v0:<timestamp>:<body as it came>`, compared in constant time, at
 * most five minutes old or ahead. A header that is missing, or came twice (then they are joined), fails.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function isFromSlack(rawBody: Uint8Array, headers: Headers, { signingSecret, now }: { readonly signingSecret: string; readonly now: Date }): boolean {
  const timestamp = headers.get('x-slack-request-timestamp') ?? ''
  const signature = headers.get('x-slack-signature') ?? ''
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return false
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > toleranceS) return false
  const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(rawBody).digest()
  return timingSafeEqual(expected, Buffer.from(signature.slice(3), 'hex'))
}

/** The payload of the form that Slack posts; undefined: it is none. */
export function readForm(rawBody: Uint8Array): unknown {
  if (rawBody.byteLength > maxBytes) return undefined
  const payloads = new URLSearchParams(new TextDecoder().decode(rawBody)).getAll('payload')
  const [payload] = payloads
  if (payload === undefined || payloads.length > 1) return undefined
  try {
    return JSON.parse(payload)
  } catch {
    return undefined
  }
}

/** What a person decided about a finding, by a button or in the dialog. Ids are as Slack or the message gave them. */
export interface Interaction {
  /** The same for the same click, however often it comes. */
  readonly key: string
  /** `ask-reason`: a click that opens the dialog; `dismiss`: the dialog, sent. */
  readonly action: 'acknowledge' | 'assign' | 'ask-reason' | 'dismiss'
  readonly findingId: bigint
  readonly userId: string
  /** Where the message stands: the Slack channel, its own timestamp, and that of the message it answers. */
  readonly room: string
  readonly ts: string
  readonly threadTs: string | null
  /** Of `dismiss`. */
  readonly reason: string | null
  /** Opens a dialog, within three seconds. */
  readonly triggerId: string | null
  /** Where the one who clicked can be told something, for half an hour. A secret. */
  readonly responseUrl: string | null
}

/** `nothing`: of Slack, and nothing of ours: it wants no more than an acknowledgement. */
export type Read =
  | { readonly interaction: Interaction }
  | { readonly nothing: true }
  | { readonly refused: string }
  /** The dialog is shown again, with a word to its field. */
  | { readonly correct: Readonly<Record<string, string>> }

const slackId = z.string().regex(/^[A-Z0-9]{2,40}$/)
const stamp = z.string().regex(/^\d{1,12}\.\d{1,9}$/)
const findingId = z.string().regex(/^\d{1,18}$/)

const base = z.looseObject({ type: z.string(), team: z.looseObject({ id: slackId }), user: z.looseObject({ id: slackId }) })
const clickSchema = z.looseObject({
  trigger_id: z.string().min(1).max(500),
  response_url: z.string().max(1_000),
  container: z.looseObject({ message_ts: stamp, channel_id: slackId, thread_ts: stamp.optional() }),
  actions: z.array(z.looseObject({ action_id: z.string(), action_ts: z.string().regex(/^[\d.]{1,40}$/), value: z.string().optional() })).min(1),
})
const dialogSchema = z.looseObject({
  view: z.looseObject({
    id: slackId,
    callback_id: z.string(),
    private_metadata: z.string().max(3_000),
    state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), z.looseObject({ value: z.string().max(3_000).nullable().optional() }))) }),
  }),
})
/** What the dialog brings back with it. */
const metadataSchema = z.strictObject({ finding: findingId, room: slackId, ts: stamp, thread: stamp.nullable() })

const decisions: Readonly<Record<string, Interaction['action']>> = {
  [actionIds.acknowledge]: 'acknowledge',
  [actionIds.assign]: 'assign',
  [actionIds.dismiss]: 'ask-reason',
} satisfies Record<(typeof actionIds)[DecisionName], Interaction['action']>

/**
 * What a payload of Slack asks for. Only ids are taken from it, and only from the workspace of the configuration; where
 * an answer may be sent is checked too, since it is an address that somebody gives us.
 */
export function readInteraction(payload: unknown, { teamId, responseUrl }: { readonly teamId?: string | undefined; readonly responseUrl: string }): Read {
  const head = base.safeParse(payload)
  if (!head.success) return { refused: 'this is no interaction of Slack' }
  const { type, team, user } = head.data
  if (team.id !== teamId) return { refused: 'another workspace' }
  if (type === 'block_actions') return readClick(head.data, user.id, responseUrl)
  return type === 'view_submission' ? readDialog(head.data, user.id) : { nothing: true }
}

function readClick(payload: object, userId: string, allowed: string): Read {
  const parsed = clickSchema.safeParse(payload)
  if (!parsed.success) return { refused: 'a click that cannot be read' }
  const { trigger_id: triggerId, response_url: responseUrl, container, actions: [pressed] } = parsed.data
  const action = pressed !== undefined && Object.hasOwn(decisions, pressed.action_id) ? decisions[pressed.action_id] : undefined
  // A button that only opens a page tells of its click too.
  if (pressed === undefined || action === undefined) return { nothing: true }
  const finding = findingId.safeParse(pressed.value)
  if (!finding.success) return { refused: 'a click that names no finding' }
  if (!URL.canParse(responseUrl) || new URL(responseUrl).origin !== new URL(allowed).origin) return { refused: 'an address for answers that is not one of Slack' }
  return {
    interaction: {
      key: `${userId}:${pressed.action_id}:${pressed.action_ts}`, action, findingId: BigInt(finding.data), userId,
      room: container.channel_id, ts: container.message_ts, threadTs: container.thread_ts ?? null, reason: null, triggerId, responseUrl,
    },
  }
}

function readDialog(payload: object, userId: string): Read {
  const parsed = dialogSchema.safeParse(payload)
  if (!parsed.success) return { refused: 'a dialog that cannot be read' }
  const { id, callback_id: callback, private_metadata: metadata, state } = parsed.data.view
  if (callback !== dismissDialog.callback) return { nothing: true }
  const about = metadataSchema.safeParse(jsonOf(metadata))
  if (!about.success) return { refused: 'a dialog that names no finding' }
  const reason = state.values[dismissDialog.block]?.[dismissDialog.action]?.value?.trim() ?? ''
  if (reason === '') return { correct: { [dismissDialog.block]: 'A reason is needed: whoever reads it next year was not here today.' } }
  const { finding, room, ts, thread } = about.data
  return {
    interaction: {
      key: `${userId}:${callback}:${id}`, action: 'dismiss', findingId: BigInt(finding), userId, room, ts, threadTs: thread, reason: reason.slice(0, 1_000), triggerId: null, responseUrl: null,
    },
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The dialog that asks why. It names the finding by its id: the message beside it has the name. */
export function dismissView({ findingId: finding, room, ts, threadTs }: Pick<Interaction, 'findingId' | 'room' | 'ts' | 'threadTs'>): object {
  const text = (words: string) => ({ type: 'plain_text', text: words, emoji: false })
  return {
    type: 'modal',
    callback_id: dismissDialog.callback,
    title: text('Dismiss a leak'),
    submit: text('Dismiss'),
    close: text('Cancel'),
    private_metadata: JSON.stringify({ finding: String(finding), room, ts, thread: threadTs }),
    blocks: [
      { type: 'section', text: text(`Finding ${finding} is no exposure. New places of it are recorded and stay quiet.`) },
      {
        type: 'input', block_id: dismissDialog.block, label: text('Why?'),
        element: { type: 'plain_text_input', action_id: dismissDialog.action, multiline: true, min_length: 3, max_length: 1_000 },
      },
    ],
  }
}

/**
 * The few pieces of Block Kit that are used, and their limits.
 * https://docs.slack.dev/reference/block-kit/blocks
 */
import { plain } from './escape.ts'

export interface PlainText {
  readonly type: 'plain_text'
  readonly text: string
  readonly emoji: false
}

/** `verbatim`: Slack looks for no names, channels or addresses to turn into links. */
export interface Mrkdwn {
  readonly type: 'mrkdwn'
  readonly text: string
  readonly verbatim: true
}

export interface Button {
  readonly type: 'button'
  readonly text: PlainText
  /** What a click asks for; see interaction.ts. */
  readonly action_id: string
  /** Id of the finding, and nothing else: whoever clicks could send anything. */
  readonly value: string
  readonly style?: 'primary'
}

export type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText | Mrkdwn }
  | { readonly type: 'context'; readonly elements: readonly PlainText[] }
  | { readonly type: 'actions'; readonly elements: readonly Button[] }

/** What is posted. Without previews: they would make Slack fetch the place of the leak. */
export interface SlackMessage {
  /** Shown in notifications, read aloud, and shown alone where blocks cannot be. */
  readonly text: string
  readonly blocks?: readonly Block[]
  /** Absent: `text` is read as mrkdwn. */
  readonly mrkdwn?: false
  readonly unfurl_links: false
  readonly unfurl_media: false
}

/** A message for a channel through the Web API. */
export interface PostedMessage extends SlackMessage {
  readonly channel: string
  /** Seen by nobody; what a message is recognised by. https://docs.slack.dev/messaging/message-metadata */
  readonly metadata: { readonly event_type: string; readonly event_payload: { readonly notice: string } }
}

/** UTF-16 units; blocks: how many in a message. */
export const limits = { header: 150, section: 3_000, blocks: 50, message: 10_000 } as const

export function header(text: string): Block {
  return { type: 'header', text: plainText(text, limits.header) }
}

/** Lines are shown as they are; each is cleaned and cut by itself, so that one long line does not push out the others. */
export function plainSection(lines: readonly string[], perLine: number): Block {
  const text = lines.map((line) => plain(line, perLine)).join('\n')
  return { type: 'section', text: { type: 'plain_text', text, emoji: false } }
}

/** @param text Finished mrkdwn: every foreign part of it went through escape.ts. */
export function section(text: string): Block {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }
}

export function footer(text: string): Block {
  return { type: 'context', elements: [plainText(text, 400)] }
}

export function actions(elements: readonly Button[]): Block {
  return { type: 'actions', elements }
}

/** @param style Slack wants at most one button of a message to stand out. */
export function button(label: string, action: string, value: string, style?: 'primary'): Button {
  return { type: 'button', text: plainText(label, 75), action_id: action, value, ...(style === undefined ? {} : { style }) }
}

function plainText(text: string, max: number): PlainText {
  return { type: 'plain_text', text: plain(text, max), emoji: false }
}

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

export type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText | Mrkdwn }
  | { readonly type: 'context'; readonly elements: readonly PlainText[] }

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

function plainText(text: string, max: number): PlainText {
  return { type: 'plain_text', text: plain(text, max), emoji: false }
}

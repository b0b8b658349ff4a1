import { z } from 'zod'
import { findUnescaped, readPieces } from './read-mrkdwn.ts'
import { textsOf, validateBlocks, type Block } from './validate-blocks.ts'
import type { SlackWord } from './words.ts'

/** A message that Slack took, whether or not its sender heard of it. */
export interface SlackMessage {
  readonly at: Date
  /** Slack's id of the message in the channel. */
  readonly ts: string
  readonly channel: string
  readonly text: string
  readonly blocks: readonly Block[]
  /** Whom it notified: `!channel`, `@U1` … A message made of strangers' text should have none. */
  readonly pings: readonly string[]
  /** Addresses that are links in it, buttons included. */
  readonly links: readonly string[]
  /** Text that breaks the rules of escaping. Slack shows such a message all the same. */
  readonly warnings: readonly string[]
  /** Top-level fields other than text, blocks and attachments (`unfurl_links` …). */
  readonly settings: Readonly<Record<string, unknown>>
}

const payload = z.looseObject({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.array(z.unknown()).optional(),
})

/** What is shown of a message, and what it does. */
export type Posting = Omit<SlackMessage, 'at' | 'ts' | 'channel'>

type Verdict =
  | { readonly taken: Posting }
  | { readonly word: SlackWord; readonly why: readonly string[] }

/** Longer texts are cut, not refused. */
const textCharacters = 40_000

function buttonLinks(blocks: readonly Block[]): string[] {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []))
  return elements.flatMap((element) => (element.type === 'button' && element.url !== undefined ? [element.url] : []))
}

/** What Slack says to a message: taken, or the word that it refuses it with. */
export function judge(message: unknown): Verdict {
  const parsed = payload.safeParse(message)
  if (!parsed.success) return { word: 'invalid_payload', why: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) }
  const { text = '', blocks: given, attachments = [], ...settings } = parsed.data
  if (attachments.length > 100) return { word: 'too_many_attachments', why: [`${attachments.length} attachments`] }
  if (text === '' && given === undefined && attachments.length === 0) return { word: 'no_text', why: ['neither text nor blocks'] }
  const verdict = given === undefined ? { blocks: [] } : validateBlocks(given)
  if ('word' in verdict) return verdict
  const marked = [text, ...textsOf(verdict.blocks).filter(({ type }) => type === 'mrkdwn').map((one) => one.text)]
  const pieces = marked.flatMap(readPieces)
  return {
    taken: {
      text: text.slice(0, textCharacters),
      blocks: verdict.blocks,
      pings: pieces.flatMap((piece) => (piece.kind === 'ping' ? [piece.target] : [])),
      links: [...pieces.flatMap((piece) => (piece.kind === 'link' ? [piece.url] : [])), ...buttonLinks(verdict.blocks)],
      warnings: marked.flatMap(findUnescaped),
      settings,
    },
  }
}

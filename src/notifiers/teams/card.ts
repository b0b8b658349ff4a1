/**
 * A notice as an Adaptive Card for a Teams workflow. Text of a TextBlock and of a fact is Markdown, of which nothing
 * that comes from outside may survive. https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 */
import type { Notice } from '../../contracts/notifier.ts'
import { describe, type Description, type Item, type Section } from '../describe.ts'

export interface TeamsMessage {
  readonly type: 'message'
  readonly attachments: readonly [{ readonly contentType: 'application/vnd.microsoft.card.adaptive'; readonly contentUrl: null; readonly content: Card }]
}

export interface Card {
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json'
  readonly type: 'AdaptiveCard'
  readonly version: '1.4'
  readonly body: readonly Element[]
}

export type Element =
  | { readonly type: 'TextBlock'; readonly text: string; readonly wrap: true; readonly size?: 'Large'; readonly weight?: 'Bolder'; readonly color?: 'Attention' | 'Warning'; readonly isSubtle?: true; readonly fontType?: 'Monospace'; readonly spacing?: 'None' | 'Medium' }
  | { readonly type: 'FactSet'; readonly facts: readonly { readonly title: string; readonly value: string }[] }

/** Bytes. Teams refuses posts of about 28 KB. */
const most = 26_000

/** The card with as much as fits. */
export function formatCard(notice: Notice): TeamsMessage {
  for (const shown of [5, 3, 1]) {
    const message = messageOf(bodyOf(describe(notice, shown)))
    if (Buffer.byteLength(JSON.stringify(message)) < most) return message
  }
  return formatPlainCard(notice)
}

/** Headline and ids, nothing else. */
export function formatPlainCard(notice: Notice): TeamsMessage {
  const { headline, ids } = describe(notice, 1)
  return messageOf([text(headline), text(ids)])
}

function messageOf(body: readonly Element[]): TeamsMessage {
  const content: Card = { $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.4', body }
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }] }
}

function bodyOf({ headline, severity, facts, sections, ids }: Description): Element[] {
  const colour = severity === 'critical' ? { color: 'Attention' as const } : severity === 'high' ? { color: 'Warning' as const } : {}
  return [
    { type: 'TextBlock', text: markdown(headline), wrap: true, size: 'Large', weight: 'Bolder', ...colour },
    ...(facts.length === 0 ? [] : [{ type: 'FactSet' as const, facts: facts.map(({ label, text: value }) => ({ title: markdown(label), value: markdown(value) })) }]),
    ...sections.flatMap(sectionElements),
    { type: 'TextBlock', text: markdown(ids), wrap: true, isSubtle: true, spacing: 'Medium' },
  ]
}

function sectionElements({ title, items }: Section): Element[] {
  return [{ type: 'TextBlock', text: markdown(title), wrap: true, weight: 'Bolder', spacing: 'Medium' }, ...items.flatMap(itemElements)]
}

function itemElements({ text: words, url, code }: Item): Element[] {
  const link = url === null ? '' : ` · [open](${url.replaceAll(/[()[\]*_]/g, encodeFully)})`
  const line: Element = { type: 'TextBlock', text: `• ${markdown(words)}${link}`, wrap: true, spacing: 'None' }
  return code === null ? [line] : [line, { type: 'TextBlock', text: markdown(code), wrap: true, fontType: 'Monospace', spacing: 'None' }]
}

function text(words: string): Element {
  return { type: 'TextBlock', text: markdown(words), wrap: true }
}

/** What is left of Markdown and HTML is text; an address is broken, so that nobody makes a link of it. */
export function markdown(words: string): string {
  return words
    .replaceAll('<', '\u2039')
    .replaceAll('>', '\u203a')
    .replaceAll('&', '\uff06')
    .replaceAll(/[\\`*_{}[\]()#+!|~-]/g, String.raw`\$&`)
    .replaceAll('://', ':\u200b//')
    .replace(/^(?<number>\d+)\./, String.raw`$<number>\.`)
}

function encodeFully(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

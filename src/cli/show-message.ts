import { decodeEntities, readPieces } from '../sandbox/slack/read-mrkdwn.ts'
import { textsOf } from '../sandbox/slack/validate-blocks.ts'
import type { SlackMessage } from '../sandbox/slack/message.ts'
import { paint, shown, wrap } from './terminal.ts'

/** A message of the sandbox's Slack as lines for a terminal: its words, with the marks of mrkdwn taken away. */
export function showMessage({ text, blocks }: Pick<SlackMessage, 'text' | 'blocks'>): string[] {
  const texts = textsOf(blocks)
  if (texts.length === 0) return text.split('\n').map((line) => bar(shown(line)))
  return texts.flatMap((one, at) => {
    const words = one.type === 'plain_text' ? one.text : plainWords(one.text)
    const lines = words.split('\n').map(shown).filter((line) => line.trim() !== '')
    // The header is what the phone shows.
    return lines.map((line) => (at === 0 ? bar(paint('bold', line)) : wrap(line, '').split('\n').map(bar).join('\n')))
  })
}

function bar(line: string): string {
  return `  ${paint('dim', '│')} ${line}`
}

/** Code loses its ticks, bold its stars, a link becomes its label; nothing else is a mark in our messages. */
function plainWords(mrkdwn: string): string {
  return mrkdwn
    .split(/(?<code>```[^`]*```|`[^`\n]*`)/)
    .map((part) => (part.startsWith('`') ? decodeEntities(part.replaceAll('`', '')) : wordsOf(part)))
    .join('')
}

function wordsOf(part: string): string {
  return readPieces(part)
    .map((piece) => {
      if (piece.kind === 'text') return piece.text.replace(/\*(?<words>[^*\n]+)\*/g, '$<words>')
      return piece.kind === 'link' ? `[${piece.label}]` : piece.target
    })
    .join('')
}

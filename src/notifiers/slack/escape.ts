/**
 * Text of the public inside Slack messages. Nothing that comes from outside may become a link, a mention, a
 * formatted word or a hidden one. Rules: https://docs.slack.dev/messaging/formatting-message-text
 *
 * Lengths are UTF-16 units: never fewer than the code points Slack counts, so a limit kept here is kept there.
 */

import { clean, webAddress } from '../clean.ts'

export { clean, webAddress }

/** For `plain_text` objects, where Slack interprets nothing: clean, at most `max` units, never empty. */
export function plain(text: string, max: number): string {
  return fit(clean(text), max, (character) => character)
}

/** For mrkdwn and the top-level `text`: clean, `&` `<` `>` and backticks disarmed, at most `max` units, never empty. */
export function mrkdwn(text: string, max: number): string {
  return fit(clean(text), max, escapeCharacter)
}

/** Inline code: the only place in mrkdwn where `*`, `_`, `~` and `:` mean nothing. At most `max` units with its marks. */
export function code(text: string, max: number): string {
  return `\`${mrkdwn(text, max - 2)}\``
}

/** A code block of lines; each at most `max` units after escaping. */
export function codeBlock(lines: readonly string[], max: number): string {
  return `\`\`\`${lines.map((line) => mrkdwn(line, max)).join('\n')}\`\`\``
}

/**
 * `<url|label>`, or null when the address is no http(s) URL or longer than `max` units. Credentials in the address
 * are dropped; what could end the link early is percent-encoded. The label is a text of ours.
 */
export function link(url: string, label: string, max: number): string | null {
  const address = webAddress(url)
  if (address === null) return null
  const whole = `<${address.replaceAll('&', '&amp;')}|${mrkdwn(label, 75)}>`
  return whole.length > max ? null : whole
}

/** `&` first by construction: each character is escaped once, and an entity is never cut in two. */
function escapeCharacter(character: string): string {
  switch (character) {
    case '&': return '&amp;'
    case '<': return '&lt;'
    case '>': return '&gt;'
    // A run of backticks would end the code it stands in; the look-alike cannot.
    case '`': return '\u02cb'
    default: return character
  }
}

/** Cut between code points, after escaping, with a sign that it was cut. An empty text object is refused by Slack. */
function fit(text: string, max: number, escape: (character: string) => string): string {
  let whole = ''
  let cut = ''
  for (const character of text === '' ? '-' : text) {
    const piece = escape(character)
    if (whole.length + piece.length > max) return `${cut}…`
    whole += piece
    if (whole.length < max) cut = whole
  }
  return whole
}

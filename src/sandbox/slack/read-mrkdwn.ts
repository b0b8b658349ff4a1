/** A piece of a Slack text: words, or what stands between angle brackets. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  /** Notifies somebody: `!channel`, `!here`, `@U123`, `!subteam^S1`; `#C123` names a channel. */
  | { readonly kind: 'ping'; readonly target: string }

/** The three entities, and only these, are decoded; `&amp;` last, so that nothing is decoded twice. */
export function decodeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

function readBrackets(inside: string): Piece | null {
  const bar = inside.indexOf('|')
  const target = bar === -1 ? inside : inside.slice(0, bar)
  if (/^[!@#][A-Za-z]/.test(target)) return { kind: 'ping', target }
  if (!/^(?:https?:\/\/|mailto:)\S+$/.test(target)) return null
  const url = decodeEntities(target)
  return { kind: 'link', url, label: bar === -1 ? url : decodeEntities(inside.slice(bar + 1)) }
}

/** Cuts a text at its `<…>`. What stands in brackets and is no link and no ping stays text, as it does in Slack. */
export function readPieces(text: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('<', at)
    const close = open === -1 ? -1 : text.indexOf('>', open)
    if (close === -1) break
    const special = readBrackets(text.slice(open + 1, close))
    const end = special === null ? open + 1 : close + 1
    const words = text.slice(at, special === null ? end : open)
    if (words !== '') pieces.push({ kind: 'text', text: decodeEntities(words) })
    if (special !== null) pieces.push(special)
    at = end
  }
  if (at < text.length) pieces.push({ kind: 'text', text: decodeEntities(text.slice(at)) })
  return pieces
}

/** What the rules of escaping say about a text: `&`, `<` and `>` that are neither an entity nor a link. */
export function findUnescaped(text: string): string[] {
  const warnings: string[] = []
  if (/&(?!amp;|lt;|gt;)/.test(text)) warnings.push('an & that is not escaped')
  const words = text.replace(/<[^<>]*>/g, (special) => (readBrackets(special.slice(1, -1)) === null ? special : ''))
  if (/[<>]/.test(words.replace(/^>/gm, ''))) warnings.push('a < or > that is not escaped')
  return warnings
}

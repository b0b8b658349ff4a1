/** A stretch of a text: as it is, or one character that nobody would see. */
export interface Segment {
  readonly text: string
  /** Code point of a character made visible, `U+202E`; null: shown as it is. */
  readonly hidden: string | null
  /** Inside a highlight. */
  readonly marked: boolean
}
export interface Span { readonly start: number; readonly end: number }

/**
 * What a reader cannot see or what moves other letters about: controls, bidi controls (UAX #9: the Trojan Source
 * attack, https://trojansource.codes), zero-width and filler characters, tags, variation selectors beyond the
 * emoji's, annotation, and halves of surrogate pairs. Tab stays; line feed stays where lines are kept.
 */
// oxlint-disable-next-line no-misleading-character-class -- combining characters are meant one by one
const unseen = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu

export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** Names of those that are met in attacks; the others go by their code point alone. */
const names: Readonly<Record<string, string>> = {
  'U+061C': 'Arabic letter mark', 'U+200B': 'zero width space', 'U+200C': 'zero width non-joiner', 'U+200D': 'zero width joiner', 'U+200E': 'left-to-right mark', 'U+200F': 'right-to-left mark',
  'U+202A': 'left-to-right embedding', 'U+202B': 'right-to-left embedding', 'U+202C': 'pop directional formatting', 'U+202D': 'left-to-right override', 'U+202E': 'right-to-left override',
  'U+2060': 'word joiner', 'U+2066': 'left-to-right isolate', 'U+2067': 'right-to-left isolate', 'U+2068': 'first strong isolate', 'U+2069': 'pop directional isolate',
  'U+FEFF': 'byte order mark', 'U+00AD': 'soft hyphen', 'U+000A': 'line feed', 'U+000D': 'carriage return', 'U+0000': 'null', 'U+001B': 'escape',
}
export function nameOf(code: string): string {
  return names[code] === undefined ? `invisible character ${code}` : `${names[code]}, ${code}`
}

/**
 * Cuts a text into segments for display. Linear in its length: cap it first.
 * @param highlights UTF-16 offsets, end exclusive; those out of order, of range or overlapping are clipped
 */
export function segments(text: string, options: { readonly highlights?: readonly Span[]; readonly lines?: boolean } = {}): Segment[] {
  const cuts: Segment[] = []
  const stretch = (start: number, end: number, marked: boolean): void => {
    const part = text.slice(start, end)
    let at = 0
    for (const match of part.matchAll(unseen)) {
      if (options.lines === true && match[0] === '\n') continue
      if (match.index > at) cuts.push({ text: part.slice(at, match.index), hidden: null, marked })
      cuts.push({ text: match[0], hidden: codePoint(match[0]), marked })
      at = match.index + match[0].length
    }
    if (at < part.length) cuts.push({ text: part.slice(at), hidden: null, marked })
  }
  let at = 0
  for (const { start, end } of [...(options.highlights ?? [])].sort((a, b) => a.start - b.start)) {
    const [from, to] = [Math.max(at, start), Math.min(text.length, end)]
    if (!(from < to)) continue
    stretch(at, from, false)
    stretch(from, to, true)
    at = to
  }
  stretch(at, text.length, false)
  return cuts
}

/** The beginning of a text, never ending in half a character. */
export function cap(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd8_00 && last <= 0xdb_ff ? length - 1 : length)
}

/**
 * Text of the public, before a format escapes it: one line that shows what is there.
 */

/** Whatever is longer is cut before it is looked at: work stays bounded on any input. */
const inputCap = 12_000

/**
 * Bidi controls, zero-width and other invisible characters: they make a name look like another one. Without the
 * selector that makes an emoji of a sign.
 */
const invisible = /(?!\ufe0f)[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\ufff9-\ufffb]/gu

/** Line ends and other control characters. */
const controls = /[\p{Cc}\u2028\u2029]+/gu

/**
 * One line that shows what is there: control characters become a space, invisible ones are written out
 * (`[U+202E]`), halves of surrogate pairs become U+FFFD. The length may grow; input beyond 12,000 units is cut.
 */
export function clean(text: string): string {
  return text
    .slice(0, inputCap)
    .toWellFormed()
    .replace(controls, ' ')
    .replace(invisible, writeOut)
    .trim()
}

function writeOut(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
}

/** Clean, at most `max` units, cut between code points with a sign that it was cut. */
export function cleanCut(text: string, max: number): string {
  const whole = clean(text)
  if (whole.length <= max) return whole
  let cut = ''
  for (const character of whole) {
    if (cut.length + character.length >= max) break
    cut += character
  }
  return `${cut}…`
}

/** The http(s) address without credentials and without anything that formats read as markup; null if it is none. */
export function webAddress(url: string): string | null {
  if (url.length > inputCap || !URL.canParse(url)) return null
  const parsed = new URL(url)
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return null
  parsed.username = ''
  parsed.password = ''
  return parsed.href.replace(/[|<>"`\\^{}\s]/g, encodeURIComponent)
}

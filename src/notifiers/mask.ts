/**
 * A line of a leak as a chat may show it: the name and what stands around it, without anything that could be a
 * credential. It fails towards hiding: an ordinary word behind `password` is hidden too; nothing depends on it.
 */

/** Code points of a masked line. */
const width = 120
/** UTF-16 units that are looked at; the evidence layer stores 300 characters of a line. */
const inputCap = 2_000
const mask = '•••'

/**
 * Each finds a credential in its group `value`. They run over at most 2,000 units and none nests a repetition in
 * another, so the work stays small on any input.
 */
const credentials: readonly RegExp[] = [
  // user:password@ and token@ of a URL; a port followed by a path with an @ is none.
  /:\/\/(?<value>[^\s/@"'<>]+)@/dg,
  /:\/\/(?<value>[^\s/@:"'<>]*:(?!\d{1,5}(?:[/?#\s"']|$))[^\s@"'<>]*)@/dg,
  // password=…, "_authToken": "…", NPM_TOKEN: …, <password>…
  /(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|_auth|api[-_.]?key|access[-_.]?key|private[-_.]?key|account[-_.]?key|credentials?|authorization)[\w.-]{0,40}["']?[ \t]{0,8}(?::=|=>|[:=>])[ \t]{0,8}(?:(?:bearer|basic|token)[ \t]+)?(?:"(?<value>[^"]+)|'(?<single>[^']+)|(?<bare>[^\s"',;<]+))/dgi,
  // <add key="ClearTextPassword" value="…" />
  /(?:password|secret|token|key)["'][ \t]+value[ \t]?=[ \t]?["'](?<value>[^"']+)/dgi,
  // password … of a netrc file, --password …, Bearer …
  /(?:\bpass(?:word|wd|phrase)?|--?[\w-]{0,30}(?:token|secret|key)|\bbearer|\bbasic)[ \t]+["']?(?![=:>])(?<value>[^\s"',;]+)/dgi,
  // curl -u user:password
  /(?:^|\s)(?:-u|--user)[ =]?[ \t]{0,8}["']?[^\s:"']+:(?<value>[^\s"']+)/dg,
  // docker login -p …
  /\blogin\b[^\n]{0,400}?\s-p[ =]?[ \t]{0,8}["']?(?<value>[^\s"']+)/dg,
  // Shapes that their issuers publish.
  /(?<value>\b(?:gh[oprsu]_|github_pat_|glpat-|gl[a-z]{2,4}-|npm_|pypi-|xox[a-z]-|xapp-|sk_(?:live|test)_|sk-|dckr_pat_|hf_|rubygems_|oy2|AKIA|ASIA|AIza|SG\.|ya29\.|eyJ|hvs\.|cio)[\w.=-]{8,})/dg,
  /hooks\.slack\.com\/[a-z]+\/(?<value>[\w/.-]+)/dg,
]

/** Runs of the alphabets that keys are written in. */
const run = /[A-Za-z0-9+/_-]{16,}={0,2}/g

/**
 * @param line One line, raw.
 * @param identifier The name that leaked; it stays readable wherever it stands, also inside a credential.
 * @returns At most 120 code points around the first mention, `…` where the line goes on.
 */
export function maskLine(line: string, identifier: string): string {
  const text = line.slice(0, inputCap).toWellFormed()
  const mentions = findMentions(text, identifier)
  const hidden = hide(text)
  for (const { start, end } of mentions) hidden.fill(0, start, end)
  return cutAround(render(text, hidden, mentions[0]))
}

interface Span { readonly start: number; readonly end: number }

function findMentions(text: string, identifier: string): readonly Span[] {
  const name = identifier.slice(0, inputCap)
  if (name === '') return []
  const exact = findAll(text, name)
  if (exact.length > 0) return exact
  const [lower, wanted] = [text.toLowerCase(), name.toLowerCase()]
  // Some letters change their length when folded; then the places would be wrong.
  return lower.length === text.length && wanted.length === name.length ? findAll(lower, wanted) : []
}

function findAll(text: string, name: string): Span[] {
  const spans: Span[] = []
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
    spans.push({ start: at, end: at + name.length })
  }
  return spans
}

/** 1 for every UTF-16 unit that may be part of a credential. */
function hide(text: string): Uint8Array {
  const hidden = new Uint8Array(text.length)
  for (const pattern of credentials) {
    for (const { indices } of text.matchAll(pattern)) {
      const groups = indices?.groups
      const span = groups?.['value'] ?? groups?.['single'] ?? groups?.['bare']
      if (span !== undefined) hidden.fill(1, span[0], span[1])
    }
  }
  for (const match of text.matchAll(run)) {
    for (const span of randomParts(match[0])) hidden.fill(1, match.index + span.start, match.index + span.end)
  }
  return hidden
}

/**
 * The parts of a run that look like a key rather than like words. A path or a name is words between separators;
 * hex and base64 mix digits into the letters, or go on longer than words do.
 */
function randomParts(text: string): readonly Span[] {
  const mixed = /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text)
  if (mixed && text.length >= 20) return [{ start: 0, end: text.length }]
  if (/^[0-9a-f-]{32,}$/i.test(text) && /\d/.test(text)) return [{ start: 0, end: text.length }]
  const parts: Span[] = []
  for (const match of text.matchAll(/[A-Za-z0-9+]{16,}={0,2}/g)) {
    const [part] = match
    const digits = part.replace(/\D/g, '').length
    if (digits >= 2 || part.length >= 40) parts.push({ start: match.index, end: match.index + part.length })
  }
  return parts
}

interface Rendered {
  /** Code points. */
  readonly characters: readonly string[]
  /** Code points of the first mention. */
  readonly start: number
  readonly end: number
}

function render(text: string, hidden: Uint8Array, mention: Span | undefined): Rendered {
  const characters: string[] = []
  let [start, end] = [0, 0]
  let at = 0
  for (const character of text) {
    if (at === mention?.start) start = characters.length
    if (hidden[at] === 1) {
      if (at === 0 || hidden[at - 1] !== 1) characters.push(...mask)
    } else {
      characters.push(character)
    }
    at += character.length
    if (at === mention?.end) end = characters.length
  }
  return { characters, start, end }
}

/** The mention in the middle; of a longer mention its beginning. */
function cutAround({ characters, start, end }: Rendered): string {
  if (characters.length <= width) return characters.join('').trim()
  const room = width - 2
  const before = Math.max(0, Math.floor((room - (end - start)) / 2))
  const from = Math.max(0, Math.min(start - before, characters.length - room))
  const to = Math.min(characters.length, from + room)
  return `${from > 0 ? '…' : ''}${characters.slice(from, to).join('').trim()}${to < characters.length ? '…' : ''}`
}

/** Letters and digits of ASCII, and everything beyond ASCII, make words; ASCII marks separate them. */
export function isWordUnit(unit: number): boolean {
  return unit > 127 || (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122)
}

/** A run of whole words inside a text. */
export interface WordRun {
  /** In lower case, separators between the words included: `acme-corp` of `@Acme-Corp/auth`. */
  readonly key: string
  /** As it is written. */
  readonly text: string
  readonly edges: readonly Edge[]
}

/**
 * What stands next to a run: `<-` a hyphen before it, `>-` a hyphen behind it. At the ends of the text there is no edge.
 * Whether a search finds the run inside the text depends on these marks alone: does the remote begin a new word there?
 */
export type Edge = `${'<' | '>'}${string}`

/** Longer runs are rare: they cover few names. */
const mostWords = 4
/** Of a longer text only runs in its first words count. */
const wordsRead = 8

/** Every beginning and every run of at most four whole words, the whole text (without outer marks) included; each key once. */
export function runsOf(text: string): readonly WordRun[] {
  const words = wordsOf(text)
  const runs = new Map<string, WordRun>()
  const add = (first: number, last: number): void => {
    const [start, end] = [words[first]?.start ?? 0, words[last]?.end ?? 0]
    const run = text.slice(start, end)
    const key = run.toLowerCase()
    if (!runs.has(key)) runs.set(key, { key, text: run, edges: edgesAt(text, start, end) })
  }
  for (let first = 0; first < Math.min(words.length, wordsRead); first += 1) {
    const longest = first === 0 ? wordsRead : first + mostWords
    for (let last = first; last < Math.min(words.length, longest, wordsRead); last += 1) add(first, last)
  }
  if (words.length > 0) add(0, words.length - 1)
  return [...runs.values()]
}

/** Edges of the first place where `run` stands in `text` as whole words; null: it does not. Case makes no difference. */
export function edgesIn(text: string, run: string): readonly Edge[] | null {
  const [folded, wanted] = [text.toLowerCase(), run.toLowerCase()]
  if (wanted === '') return null
  for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + 1)) {
    if (isWhole(folded, at, at + wanted.length)) return edgesAt(folded, at, at + wanted.length)
  }
  return null
}

/** The name under which a text is known as a stem: in lower case, from its first word to its last. */
export function keyOf(text: string): string {
  const words = wordsOf(text)
  return text.slice(words[0]?.start ?? 0, words.at(-1)?.end ?? text.length).toLowerCase()
}

export function wordsIn(text: string): readonly string[] {
  return wordsOf(text).map(({ start, end }) => text.slice(start, end))
}

export function isWhole(text: string, start: number, end: number): boolean {
  return !(start > 0 && isWordUnit(text.charCodeAt(start - 1))) && !(end < text.length && isWordUnit(text.charCodeAt(end)))
}

export function edgesAt(text: string, start: number, end: number): readonly Edge[] {
  const edges: Edge[] = []
  if (start > 0) edges.push(`<${text.charAt(start - 1)}`)
  if (end < text.length) edges.push(`>${text.charAt(end)}`)
  return edges
}

function wordsOf(text: string): readonly { readonly start: number; readonly end: number }[] {
  const words: { start: number; end: number }[] = []
  let start = -1
  for (let at = 0; at <= text.length; at += 1) {
    const inside = at < text.length && isWordUnit(text.charCodeAt(at))
    if (inside && start === -1) start = at
    if (!inside && start !== -1) {
      words.push({ start, end: at })
      start = -1
    }
  }
  return words
}

/** A stored edge; null: it is none. */
export function readEdge(text: string): Edge | null {
  return text.length < 2 ? null : text.startsWith('<') ? `<${text.slice(1)}` : text.startsWith('>') ? `>${text.slice(1)}` : null
}

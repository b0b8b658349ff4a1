import { believe, type Knowledge } from './knowledge.ts'
import { edgesIn, isWordUnit, keyOf, wordsIn, type Edge } from './words.ts'

/**
 * What a document proves that a search for `stem` has brought: when every place of the stem's words in it, in its
 * content and in its path, stands next to the same mark, then the search finds words next to that mark. A document
 * with any other place proves nothing: that one may be why it came. Linear in the length of the document.
 */
export function proveEdges(document: { readonly text: string; readonly path: string | null }, stem: string): readonly Edge[] {
  const words = wordsIn(stem.toLowerCase())
  const places = [...placesOf(document.text.toLowerCase(), words), ...placesOf((document.path ?? '').toLowerCase(), words)]
  const [first] = places
  if (first === undefined) return []
  const proven: Edge[] = []
  if (isMark(first.before) && places.every(({ before }) => before === first.before)) proven.push(`<${first.before}`)
  if (isMark(first.behind) && places.every(({ behind }) => behind === first.behind)) proven.push(`>${first.behind}`)
  return proven
}

/** Whether a search for `stem` must bring a document with this line: where it is not believed to, nothing was promised. */
export function shouldBring(knowledge: Knowledge, stem: string, line: string): boolean {
  return edgesIn(line, keyOf(stem)) !== null && believe(knowledge, keyOf(stem), marksAt(line, stem)) === 'sure'
}

/** The marks next to the first place of a stem in a line; white space and quotes are none. */
export function marksAt(line: string, stem: string): readonly Edge[] {
  return (edgesIn(line, keyOf(stem)) ?? []).filter((edge) => isMark(edge.slice(1)))
}

interface Place {
  /** The characters next to it; '' at an end of the text. */
  readonly before: string
  readonly behind: string
}

/** Where the words stand one after the other with marks between them, also inside longer words. */
function placesOf(text: string, words: readonly string[]): readonly Place[] {
  const [first, ...rest] = words
  if (first === undefined) return []
  const places: Place[] = []
  for (let at = text.indexOf(first); at !== -1; at = text.indexOf(first, at + 1)) {
    const end = endOf(text, at + first.length, rest)
    if (end !== null) places.push({ before: text.charAt(at - 1), behind: text.charAt(end) })
  }
  return places
}

function endOf(text: string, from: number, words: readonly string[]): number | null {
  let end = from
  for (const word of words) {
    let start = end
    while (start < text.length && start - end < 8 && !isWordUnit(text.charCodeAt(start))) start += 1
    if (start === end || !text.startsWith(word, start)) return null
    end = start + word.length
  }
  return end
}

/** White space and quotes end a word everywhere. */
function isMark(character: string): boolean {
  return character !== '' && !isWordUnit(character.charCodeAt(0)) && !/[\s"'`]/.test(character)
}

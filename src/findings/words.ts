import { foldCase } from '../matching/normalise.ts'

/** Longer ones are cut, in texts and in questions alike. */
const longest = 40
/** A digest of hexadecimal digits is told from others by less. */
const longestDigest = 12
/** A question's word of fewer letters is looked for as it is, not as a beginning: too many words begin so. */
const shortestBeginning = 3

/**
 * The words by which a text is found, each once: runs of letters and digits, folded, and the parts of a run in which
 * capitals tell them (`HermesBuilder` is found by `hermesbuilder`, `hermes` and `builder`). What has no width is left
 * out, full-width letters are letters.
 */
export function wordsOf(texts: readonly (string | null)[]): readonly string[] {
  const words = new Set<string>()
  for (const text of texts) {
    if (text === null) continue
    for (const run of runsOf(text)) {
      words.add(wordOf(run))
      const parts = run.split(atCapital)
      if (parts.length > 1) for (const part of parts) words.add(wordOf(part))
    }
  }
  return [...words]
}

/** Of a name also the ends of its words, so that any part of a word finds it. */
export function wordsOfName(name: string): readonly string[] {
  const words = wordsOf([name])
  const ends = words.flatMap((word) => {
    const letters = [...word]
    return letters.slice(1, 1 - shortestBeginning).map((_, index) => letters.slice(index + 1).join(''))
  })
  return [...new Set([...words, ...ends])]
}

/** A word of a question; `isBeginning`: a longer word of the text answers it too. */
export interface AskedWord {
  readonly word: string
  readonly isBeginning: boolean
}

/** The most words of a question that are looked at; further ones would only narrow it. */
const mostAsked = 12

/** All of them must occur. Between white space the last word may be the beginning of one: `acme-corp-au` is typed half. */
export function askedWords(question: string): readonly AskedWord[] {
  const asked = question.split(/\s+/u).flatMap((part) => {
    const words = runsOf(part).map(wordOf)
    return words.map((word, index) => ({ word, isBeginning: index === words.length - 1 && [...word].length >= shortestBeginning }))
  })
  const byWord = new Map(asked.map((one) => [`${one.word} ${one.isBeginning}`, one]))
  return [...byWord.values()].slice(0, mostAsked)
}

const atCapital = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

function runsOf(text: string): readonly string[] {
  return text.toWellFormed().replaceAll(/\p{Cf}/gu, '').normalize('NFKC').match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
}

function wordOf(run: string): string {
  const word = foldCase(run)
  return [...word].slice(0, /^[0-9a-f]{20,}$/.test(word) ? longestDigest : longest).join('')
}

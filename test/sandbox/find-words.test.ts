import { array, assert, asyncProperty, constantFrom, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileNeedle, createCorpus, findAll, foldCase, type Tokenisation } from '../../src/sandbox/github/find-words.ts'

async function textsWith(texts: readonly string[], term: string, tokenisation: Tokenisation): Promise<number[]> {
  const needle = compileNeedle(term, tokenisation)
  if (needle === null) throw new Error('nothing to look for')
  const corpus = createCorpus()
  for (const text of texts) corpus.add(Buffer.from(text))
  const found: number[] = []
  await corpus.search(needle, (text) => found.push(text))
  return found
}

const wordsOf = (text: string, marks = /[^a-z0-9]+/) => text.toLowerCase().split(marks).filter((word) => word !== '')

/** The same question answered word by word. */
function naive(text: string, term: string, tokenisation: Tokenisation): boolean {
  if (tokenisation === 'literal') return text.toLowerCase().includes(term.toLowerCase())
  const marks = tokenisation === 'compounds' ? /[^a-z0-9_-]+/ : /[^a-z0-9]+/
  const [wanted, words] = [wordsOf(term, marks), wordsOf(text, marks)]
  const last = wanted.length - 1
  return words.some((_, at) => wanted.every((word, index) => {
    const actual = words[at + index]
    if (actual === undefined) return false
    if (tokenisation === 'tokens' || tokenisation === 'compounds') return actual === word
    if (index === 0 && index === last) return actual.includes(word)
    if (index === 0) return actual.endsWith(word)
    return index === last ? actual.startsWith(word) : actual === word
  }))
}

const alphabet = constantFrom('a', 'b', 'A', '1', '-', '.', ' ', '_', '\n')
const text = string({ unit: alphabet, maxLength: 30 })
const term = string({ unit: alphabet, minLength: 1, maxLength: 6 }).filter((one) => wordsOf(one).length > 0)

describe('words of a query', () => {
  test.each(['tokens', 'substring', 'compounds', 'literal'] as const)('are found by %s exactly where a word-by-word comparison finds them', async (tokenisation) => {
    await assert(asyncProperty(array(text, { maxLength: 8 }), term, async (texts, wanted) => {
      const expected = texts.flatMap((one, index) => (naive(one, wanted, tokenisation) ? [index] : []))
      expect(await textsWith(texts, wanted, tokenisation)).toEqual(expected)
    }), { numRuns: 600 })
  })

  test('never match across the border of two texts', async () => {
    expect(await textsWith(['acme', 'corp', 'acme corp'], 'acme-corp', 'tokens')).toEqual([2])
    expect(await textsWith(['acme', 'corp'], 'acmecorp', 'literal')).toEqual([])
  })

  test('of another script are looked for as they are', async () => {
    expect(await textsWith(['имя проекта', 'имя'], 'проекта', 'tokens')).toEqual([0])
  })

  test('that are only punctuation restrict nothing', () => {
    expect(compileNeedle('@/.:', 'tokens')).toBeNull()
    expect(compileNeedle('', 'literal')).toBeNull()
  })

  test('are found in texts larger than one buffer of the corpus', async () => {
    const filler = 'x '.repeat(1_000_000)
    const texts = Array.from({ length: 12 }, (_, index) => (index % 5 === 3 ? `${filler}acme corp` : filler))
    expect(await textsWith(texts, 'acme-corp', 'tokens')).toEqual([3, 8])
  })

  test('stand where they stand: byte offsets, in order, without overlap', () => {
    const needle = compileNeedle('a-a', 'tokens')
    const bytes = foldCase(Buffer.from('é A-a-A a'))
    expect(needle === null ? null : findAll(bytes, needle, 10)).toEqual([{ start: 3, end: 6 }, { start: 7, end: 10 }])
  })
})

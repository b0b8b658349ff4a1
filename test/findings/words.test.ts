import { describe, expect, test } from 'vitest'
import { highlighter } from '../../src/findings/highlight.ts'
import { askedWords, wordsOf, wordsOfName } from '../../src/findings/words.ts'

describe('the words of a text', () => {
  test.each([
    ['runs of letters and digits, each once, folded', 'Acme-Corp/auth_client.v2 acme', ['acme', 'corp', 'auth', 'client', 'v2']],
    ['capitals tell words, and the whole is one too', 'HermesBuilder HTTPServer', ['hermesbuilder', 'hermes', 'builder', 'httpserver', 'http', 'server']],
    ['what has no width is not there', 'ac\u00ADme\u200B-co\u2060rp', ['acme', 'corp']],
    ['full-width letters are letters', 'ａｃｍｅ', ['acme']],
    ['other scripts', 'Ünïcode Ärger Кодовое имя', ['ünïcode', 'ärger', 'кодовое', 'имя']],
    ['a digest is told by its beginning', 'd2f3a4b5c6d7e8f90123456789abcdef01234567', ['d2f3a4b5c6d7']],
    ['NUL and half a character are no letters', 'a\u0000b\uD800c', ['a', 'b', 'c']],
  ])('%s', (_, text, words) => {
    expect(wordsOf([text])).toEqual(words)
  })

  test('a long one is cut, and a long text costs no more than its length', () => {
    expect(wordsOf(['x'.repeat(100)])).toEqual(['x'.repeat(40)])
    expect(wordsOf(['aB'.repeat(100_000)])).toEqual(['abababababab', 'a', 'ba', 'b'])
  })

  test('of a name the ends of its words find it too', () => {
    expect(wordsOfName('acme-auth')).toEqual(['acme', 'auth', 'cme', 'uth'])
  })

  test('of a question the last word of each part may be a beginning, unless it is too short', () => {
    expect(askedWords('acme-corp-aut  Web "x')).toEqual([
      { word: 'acme', isBeginning: false }, { word: 'corp', isBeginning: false }, { word: 'aut', isBeginning: true }, { word: 'web', isBeginning: true }, { word: 'x', isBeginning: false },
    ])
    expect(askedWords(' !? ')).toEqual([])
  })
})

describe('highlights', () => {
  const shown = (name: Parameters<typeof highlighter>[0], snippet: string) => highlighter(name)(snippet).map(({ start, end }) => snippet.slice(start, end))
  const npm = { kind: 'package', ecosystem: 'npm' } as const

  test.each([
    ['behind letters of several bytes', { ...npm, name: '@acme-corp/auth' }, 'über 🙂 "@acme-corp/auth": "1"', ['@acme-corp/auth']],
    ['escaped, broken, in capitals', { ...npm, name: '@acme-corp/auth' }, '@acme-corp%2fauth @acme-\u00ADcorp/auth @Acme-Corp/Auth', ['@acme-corp%2fauth', '@acme-\u00ADcorp/auth', '@Acme-Corp/Auth']],
    ['by the rules of its ecosystem', { kind: 'package', ecosystem: 'pypi', name: 'acme_corp_auth' } as const, 'acme-corp.auth==1', ['acme-corp.auth']],
    ['coordinates', { kind: 'package', ecosystem: 'maven', name: 'com.acmecorp:auth' } as const, '<groupId>com.acmecorp</groupId><artifactId>auth</artifactId>', ['com.acmecorp</groupId><artifactId>auth']],
    ['not a longer name', { ...npm, name: 'acme-auth' }, 'acme-auth-client', []],
    ['nothing where it is spelt across the snippet', { ...npm, name: 'acme-auth' }, 'something else', []],
  ])('%s', (_, name, snippet, expected) => {
    expect(shown(name, snippet)).toEqual(expected)
  })
})

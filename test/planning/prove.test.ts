import { describe, expect, test } from 'vitest'
import { proveEdges } from '../../src/planning/prove.ts'
import { edgesIn, runsOf } from '../../src/planning/words.ts'

describe('a document that a search for "acme-corp" brought', () => {
  test.each([
    ['nothing but names that go on with a hyphen', 'acme-corp-auth==1\nACME-CORP-billing==2\n', ['>-']],
    ['names behind a mark', '"@acme-corp/auth": "1"', ['<@', '>/']],
    ['names that the search may have read with other marks', 'acme_corp-auth acme.corp-x', ['>-']],
  ])('proves by %s that the search reads over the mark', (_, text, edges) => {
    expect(proveEdges({ text, path: null }, 'acme-corp')).toEqual(edges)
  })

  test.each([
    ['the stem by itself beside it', 'acme-corp-auth of acme-corp', null],
    ['the stem in other marks beside it', 'acme-corp-auth, acme corp', null],
    ['the stem in its path', 'acme-corp-auth', 'acme-corp/readme.md'],
    ['the stem inside a longer word', 'xacme-corpx', null],
    ['no place of it', 'nothing', null],
    ['quotes and spaces only', '"acme-corp"', null],
  ])('proves nothing with %s', (_, text, path) => {
    expect(proveEdges({ text, path }, 'acme-corp')).toEqual([])
  })

  test('is read in linear time', () => {
    const began = performance.now()
    proveEdges({ text: 'acme-'.repeat(80_000) + ' '.repeat(400_000), path: null }, 'acme-corp')
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})

test('the runs of a name are its beginnings and its short runs, each with the marks next to it', () => {
  expect(runsOf('@Acme-Corp/auth').map(({ key, edges }) => [key, ...edges])).toEqual([
    ['acme', '<@', '>-'], ['acme-corp', '<@', '>/'], ['acme-corp/auth', '<@'], ['corp', '<-', '>/'], ['corp/auth', '<-'], ['auth', '</'],
  ])
  expect(runsOf('--')).toEqual([])
})

test('a run stands in a text only as whole words', () => {
  expect(edgesIn('acmecorp-acme-corp-x', 'acme-corp')).toEqual(['<-', '>-'])
  expect(edgesIn('xacme-corp', 'acme-corp')).toBeNull()
})

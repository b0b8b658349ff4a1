import { describe, expect, test } from 'vitest'
import { planQueries } from '../../../src/sources/github-code/plan.ts'

const term = (text: string, ...covers: string[]) => ({ text, covers: covers.length === 0 ? ['1'] : covers })

describe('the queries of a plan', () => {
  test('are the terms as phrases, without our owners', () => {
    const { queries, unsearchable } = planQueries([term('@acme-corp/auth', '1', '2')], ['acme-corp', 'acme-labs'])
    expect(unsearchable).toEqual([])
    expect(queries).toMatchObject([
      { input: { q: '"@acme-corp/auth" -org:acme-corp -org:acme-labs' }, text: '"@acme-corp/auth" -org:acme-corp -org:acme-labs', covers: ['1', '2'] },
    ])
  })

  test('have keys that tell no name, and stay when order or owners change', () => {
    const keys = (...plan: Parameters<typeof planQueries>) => Object.fromEntries(planQueries(...plan).queries.map(({ key, covers }) => [covers[0], key]))
    const before = keys([term('acme-auth', 'a'), term('acme-billing', 'b')], [])
    expect(keys([term('acme-billing', 'b'), term('acme-auth', 'a')], ['acme'])).toEqual(before)
    expect(Object.values(before).join()).not.toMatch(/acme|auth|billing/)
    expect(new Set(Object.values(before)).size).toBe(2)
  })

  test('that GitHub would read the same are one, with the identifiers of both', () => {
    const { queries } = planQueries([term('acme auth', '1'), term('acme"auth', '2')], [])
    expect(queries).toMatchObject([{ input: { q: '"acme auth"' }, covers: ['1', '2'] }])
  })

  test.each([
    ['a"b"c', '"a b c"'],
    ['acme\\|corp', '"acme corp"'],
    ['--acme', '"acme"'],
    ['acme\n\tcorp\u0000', '"acme corp"'],
    ['(acme OR corp)', '"(acme OR corp)"'],
    ['acme-corp -org:x', '"acme-corp -org:x"'],
  ])('cannot be broken out of: %j', (text, q) => {
    expect(planQueries([term(text)], []).queries).toMatchObject([{ input: { q } }])
  })

  test('name at most five owners: an exclusion may count as an operator', () => {
    const { queries } = planQueries([term('acme-auth')], ['o1', 'o2', 'o3', 'o4', 'o5', 'o6'])
    expect(queries[0]?.text).toBe('"acme-auth" -org:o1 -org:o2 -org:o3 -org:o4 -org:o5')
  })

  test('stay within 256 characters: owners that do not fit are left out', () => {
    const long = 'a'.repeat(240)
    expect(planQueries([term(long)], ['acme-corporation', 'acme']).queries[0]?.text).toBe(`"${long}" -org:acme`)
  })

  test.each(['acme corp', 'acme" OR "x', '-acme', ''])('take no owner that is no login: "%s"', (owner) => {
    expect(planQueries([term('acme-auth')], [owner]).queries[0]?.text).toBe('"acme-auth"')
  })
})

describe('terms that GitHub cannot search', () => {
  test.each([
    ['', 'GitHub ignores every character of it'],
    ['@/.', 'GitHub ignores every character of it'],
    ['"', 'GitHub ignores every character of it'],
    ['---', 'GitHub ignores every character of it'],
    ['ab', 'shorter than 3 characters that GitHub searches for'],
    ['@a/b', 'shorter than 3 characters that GitHub searches for'],
    ['x'.repeat(257), 'longer than the 256 characters that GitHub takes'],
  ])('%j: %s', (text, reason) => {
    expect(planQueries([term(text, '1', '2')], [])).toEqual({ queries: [], unsearchable: [{ covers: ['1', '2'], reason }] })
  })

  test.each(['abc', 'a-b', '日本語', 'x'.repeat(256)])('is none of them: %s', (text) => {
    expect(planQueries([term(text)], []).unsearchable).toEqual([])
  })
})

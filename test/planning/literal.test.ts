import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { requiredRuns } from '../../src/planning/literal.ts'

describe('text that every match of an expression contains', () => {
  test.each<[string, readonly string[]]>([
    ['ACME-[A-Z]{3}-[0-9]{4}', ['ACME-', '-']],
    ['hermes', ['hermes']],
    ['acme\\.corp\\-auth\\/x', ['acme.corp-auth/x']],
    ['acme.corp', ['acme', 'corp']],
    ['^acme$', ['acme']],
    ['\\bacme\\b', ['acme']],
    ['acme-\\d+-prod', ['acme-', '-prod']],
    ['(ACME-[0-9]+)', ['ACME-']],
    ['(?:acme)-(?P<part>corp)', ['acme', '-', 'corp']],
    ['(?<part>acme)x', ['acme', 'x']],
    ['(?i)acme', ['acme']],
    ['(?i:acme)x', ['acme', 'x']],
    ['acmé-ünï', ['acmé-ünï']],
    ['a𝒜b', ['a𝒜b']],
    ['x{2', ['x{2']],
    ['[]abc]def', ['def']],
    ['[^]abc]def', ['def']],
    ['[[:alpha:]]def', ['def']],
    ['[\\]abc]def', ['def']],
    ['\\x41bc', ['bc']],
    ['\\x{1F600}bc', ['bc']],
    ['\\pLbc', ['bc']],
    ['\\p{Greek}bc', ['bc']],
    ['\\123bc', ['bc']],
  ])('%s', (source, runs) => {
    expect(requiredRuns(source)).toEqual(runs)
  })

  test.each<[string, string, readonly string[]]>([
    ['an optional character does not count', 'colou?r', ['colo', 'r']],
    ['nor one that may come no time', 'acm*e', ['ac', 'e']],
    ['nor one counted from zero', 'acm{0,2}e', ['ac', 'e']],
    ['a repeated one counts once', 'ac+me', ['ac', 'me']],
    ['a counted one counts once', 'ac{2,3}me', ['ac', 'me']],
    ['lazy repetition is no other', 'ac+?me', ['ac', 'me']],
    ['an optional group does not count', 'acme(-corp)?x', ['acme', 'x']],
    ['alternatives do not count', 'acme|corp', []],
    ['alternatives in a group do not count, what is around does', 'acme(a|b)corp', ['acme', 'corp']],
    ['a look-ahead is not part of the match', 'acme(?=corp)x', ['acme', 'x']],
    ['nor is a look-behind', '(?<!corp)acme', ['acme']],
    ['a quoted part is not read', '\\Qa+b\\Eacme', ['acme']],
    ['a quoted part that does not end swallows the rest', 'acme\\Qa+b|c', ['acme']],
    ['a bracket too many makes all uncertain', 'acme)corp', []],
    ['groups too deep make all uncertain', `acme${'('.repeat(30)}x${')'.repeat(30)}|b`, []],
    ['nothing is in an empty expression', '', []],
    ['nothing is certain in a class', '[acme]+', []],
  ])('%s: %s', (_, source, runs) => {
    expect(requiredRuns(source)).toEqual(runs)
  })

  test('whatever an expression matches contains its runs', () => {
    const expressions = [
      /^ACME-[A-Z]{3}-[0-9]{4}$/, /^ac+me(-corp)?\.(net|com)x*$/, /^(hermes){1,2}-?builder$/, /^a(b(c|d)e){2}f{0,1}g$/,
      /^[^a]bc\d{2,}(?:x|)y+z$/, /^foo\\bar\/baz$/,
    ]
    for (const expression of expressions) {
      const runs = requiredRuns(expression.source)
      expect(runs.length).toBeGreaterThan(0)
      fc.assert(
        fc.property(fc.stringMatching(expression), (text) => runs.every((run) => text.includes(run))),
        { seed: 7, numRuns: 300 },
      )
    }
  })

  test('any text is read without failing, in linear time', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('(', ')', '[', ']', '\\', '{', '0', ',', '}', '?', '*', '|', 'a', 'Q', 'E', 'p', 'x', ':', '<', '^', '𝒜'), maxLength: 60 }), (source) => {
        for (const run of requiredRuns(source)) expect(run).not.toBe('')
      }),
      { seed: 7, numRuns: 5_000 },
    )
    expect(requiredRuns(`${'a{'.repeat(100_000)}`)[0]).toHaveLength(200_000)
    expect(requiredRuns('\\Q'.repeat(100_000))).toEqual([])
  })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { disclosures } from '../../src/contracts/inventory.ts'
import { Invalid } from '../../src/errors.ts'
import { searchTerms, type Subject } from '../../src/planning/terms.ts'

let last = 0
function subject(text: string, more: Partial<Subject> = {}): Subject {
  last += 1
  return { id: String(last), form: 'name', kind: 'package', ecosystem: 'npm', text, disclose: 'name', near: [], ...more }
}

/** Terms as text → the texts of the subjects they cover, which reads better than ids. */
function plan(...subjects: Subject[]): { terms: Record<string, string[]>; unsearchable: Record<string, string[]> } {
  const textOf = new Map(subjects.map(({ id, text }) => [id, text]))
  const texts = (ids: readonly string[]) => ids.map((id) => textOf.get(id) ?? '?')
  const { terms, unsearchable } = searchTerms(subjects)
  return {
    terms: Object.fromEntries(terms.map(({ text, covers }) => [text, texts(covers)])),
    unsearchable: Object.fromEntries(unsearchable.map(({ reason, covers }) => [reason, texts(covers)])),
  }
}

const never = 'disclose: never, matched locally only'
const contains = 'the query would contain a name with disclose: never'
const noStem = 'disclose: stem, and it shares no stem with another name'

describe('names that may be disclosed', () => {
  test('are each a term', () => {
    expect(plan(subject('acme-auth'), subject('artifactory.acme-corp.com', { kind: 'host', ecosystem: null }))).toEqual({
      terms: { 'acme-auth': ['acme-auth'], 'artifactory.acme-corp.com': ['artifactory.acme-corp.com'] },
      unsearchable: {},
    })
  })

  test('with the same text share a term', () => {
    expect(plan(subject('acme-auth'), subject('acme-auth', { ecosystem: 'pypi' })).terms).toEqual({ 'acme-auth': ['acme-auth', 'acme-auth'] })
  })

  test('of Maven artifacts are searched by their group: a pom writes group and artifact apart', () => {
    const maven = { ecosystem: 'maven' } as const
    expect(plan(subject('com.acmecorp:auth', maven), subject('com.acmecorp:billing', maven)).terms).toEqual({
      'com.acmecorp': ['com.acmecorp:auth', 'com.acmecorp:billing'],
    })
  })

  test('of marks only leave nothing to search for, and that is said', () => {
    expect(plan(subject('--')).unsearchable).toEqual({ 'nothing is left to search for': ['--'] })
  })
})

describe('patterns', () => {
  const pattern = (text: string, more: Partial<Subject> = {}) => subject(text, { form: 'prefix', ...more })

  test.each([
    ['@acme-corp/', '@acme-corp'],
    ['com.acmecorp.', 'com.acmecorp'],
    ['acme-corp-', 'acme-corp'],
  ])('%s is searched as %s', (text, term) => {
    expect(plan(pattern(text)).terms).toEqual({ [term]: [text] })
  })

  test('names that begin with the literal prefix share its term; others do not', () => {
    expect(plan(subject('@acme-corp/auth'), subject('@acme-corporation/auth'), pattern('@acme-corp/')).terms).toEqual({
      '@acme-corp': ['@acme-corp/', '@acme-corp/auth'],
      '@acme-corporation/auth': ['@acme-corporation/auth'],
    })
  })

  test('the scope of a pattern shares its term', () => {
    expect(plan(pattern('@acme-corp/'), subject('@acme-corp', { kind: 'scope' })).terms).toEqual({ '@acme-corp': ['@acme-corp/', '@acme-corp'] })
  })

  test('of two that fit, the longer one is shared', () => {
    expect(plan(pattern('acme-'), pattern('acme-corp-'), subject('acme-corp-auth')).terms).toEqual({
      acme: ['acme-'],
      'acme-corp': ['acme-corp-', 'acme-corp-auth'],
    })
  })

  test('a prefix that ends inside a word is shared by nobody: a search by words would not find them', () => {
    expect(plan(pattern('acme'), subject('acmeauth')).terms).toEqual({ acme: ['acme'], acmeauth: ['acmeauth'] })
  })

  test('with the stem only disclosed are searched by that very prefix', () => {
    expect(plan(pattern('acme-corp-', { disclose: 'stem' })).terms).toEqual({ 'acme-corp': ['acme-corp-'] })
  })
})

describe('regular expressions', () => {
  const regex = (text: string) => subject(text, { form: 'regex', kind: 'other', ecosystem: null })

  test('are searched by the longest text that they require', () => {
    expect(plan(regex('ACME-[A-Z]{3}-internal-[0-9]{4}')).terms).toEqual({ internal: ['ACME-[A-Z]{3}-internal-[0-9]{4}'] })
  })

  test.each(['[A-Z]{8}', 'abc[0-9]', 'acme|corp', '(acme)?'])('without four characters for certain are not searched: %s', (text) => {
    expect(plan(regex(text))).toEqual({ terms: {}, unsearchable: { 'the regular expression requires no text of 4 characters or more': [text] } })
  })
})

describe('disclose: stem', () => {
  const stem = (text: string, more: Partial<Subject> = {}) => subject(text, { disclose: 'stem', ...more })

  test('of a scoped package is its scope', () => {
    expect(plan(stem('@acme-corp/secret-thing')).terms).toEqual({ '@acme-corp': ['@acme-corp/secret-thing'] })
  })

  test('of a Maven coordinate is its group', () => {
    expect(plan(stem('com.acmecorp.pay:ledger', { ecosystem: 'maven' })).terms).toEqual({ 'com.acmecorp.pay': ['com.acmecorp.pay:ledger'] })
  })

  test.each([
    ['artifactory.acme-corp.com', 'acme-corp.com'],
    ['a.b.c.acme-corp.co.uk:8443', 'acme-corp.co.uk'],
    ['git.acme.internal', 'acme.internal'],
    ['acme-corp.com', 'acme-corp.com'],
  ])('of the host %s is the registered domain %s', (text, domain) => {
    expect(plan(stem(text, { kind: 'host', ecosystem: null })).terms).toEqual({ [domain]: [text] })
  })

  test.each(['artifactory', '10.0.0.1', '10.0.0.1:8081', '[fe80::1]:80', 'co.uk'])('of the host %s is nothing', (text) => {
    expect(plan(stem(text, { kind: 'host', ecosystem: null })).unsearchable).toEqual({ [noStem]: [text] })
  })

  test('of a plain name is the longest beginning in whole words that it shares with another line', () => {
    expect(plan(stem('acme-corp-auth-client'), stem('acme-corp-billing'), subject('acme-tools')).terms).toEqual({
      'acme-corp': ['acme-corp-auth-client', 'acme-corp-billing'],
      'acme-tools': ['acme-tools'],
    })
  })

  test('is never the whole of a name that may not be told', () => {
    expect(plan(stem('acme-corp'), stem('acme-corp-auth'), stem('acme-corp-billing')).terms).toEqual({
      acme: ['acme-corp', 'acme-corp-auth', 'acme-corp-billing'],
    })
  })

  test('is not taken from inside a word', () => {
    expect(plan(stem('acmeauth'), stem('acmebilling')).unsearchable).toEqual({ [noStem]: ['acmeauth', 'acmebilling'] })
  })

  test('is not proven by the same name in another ecosystem, nor by a name that is never disclosed', () => {
    expect(plan(stem('hermes-auth'), stem('hermes-auth', { ecosystem: 'pypi' })).unsearchable).toEqual({ [noStem]: ['hermes-auth', 'hermes-auth'] })
    expect(plan(stem('hermes-auth'), subject('hermes-pay', { disclose: 'never' })).unsearchable).toEqual({ [noStem]: ['hermes-auth'], [never]: ['hermes-pay'] })
  })

  test('shares the term of a pattern that covers it', () => {
    expect(plan(subject('acme-corp-', { form: 'prefix' }), stem('acme-corp-auth')).terms).toEqual({ 'acme-corp': ['acme-corp-', 'acme-corp-auth'] })
  })
})

describe('disclose: never', () => {
  const secret = (text: string, more: Partial<Subject> = {}) => subject(text, { disclose: 'never', kind: 'codename', ecosystem: null, ...more })

  test('is in no term and is reported', () => {
    expect(plan(secret('HermesBuilder'))).toEqual({ terms: {}, unsearchable: { [never]: ['HermesBuilder'] } })
  })

  test('is covered where the pattern of another line covers it', () => {
    expect(plan(secret('@acme-corp/hermes', { kind: 'package', ecosystem: 'npm' }), subject('@acme-corp/', { form: 'prefix' }))).toEqual({
      terms: { '@acme-corp': ['@acme-corp/', '@acme-corp/hermes'] },
      unsearchable: {},
    })
  })

  test.each(['hermesbuilder-client', '@acme/HERMESBUILDER', 'xhermesbuilderx'])('drops the term %s that contains it, whatever the case, and says so', (text) => {
    expect(plan(secret('HermesBuilder'), subject(text))).toEqual({ terms: {}, unsearchable: { [never]: ['HermesBuilder'], [contains]: [text] } })
  })

  test('drops a term that contains it with other separators', () => {
    expect(plan(secret('hermes-builder'), subject('x-Hermes_Builder')).terms).toEqual({})
    expect(plan(secret('hermes.builder'), subject('hermes--builder')).terms).toEqual({})
  })

  test('drops what begins with a pattern of it', () => {
    expect(plan(secret('acme-secret-', { form: 'prefix' }), subject('acme-secret-auth'), subject('acme-auth')).terms).toEqual({ 'acme-auth': ['acme-auth'] })
  })

  test('drops what an expression of it matches', () => {
    expect(plan(secret('ACME-[A-Z]{3}', { form: 'regex' }), subject('x-acme-abc'), subject('acme-ab')).terms).toEqual({ 'acme-ab': ['acme-ab'] })
  })

  test('drops a pattern whose prefix contains it, with the names that would have shared the term', () => {
    expect(plan(secret('hermes'), subject('hermes-', { form: 'prefix' }), subject('hermes-auth'))).toEqual({
      terms: {},
      unsearchable: { [never]: ['hermes'], [contains]: ['hermes-', 'hermes-auth'] },
    })
  })

  test('drops a stem that contains it', () => {
    expect(plan(secret('acme-corp'), subject('@acme-corp/auth', { disclose: 'stem' })).unsearchable).toEqual({ [never]: ['acme-corp'], [contains]: ['@acme-corp/auth'] })
  })

  test('with an expression that cannot be read stops everything: nobody can tell what would be given away', () => {
    const plans = () => searchTerms([secret('(hermes', { form: 'regex' }), subject('acme-auth')])
    expect(plans).toThrow(Invalid)
    expect(plans).not.toThrow(/hermes/)
  })
})

describe('for any inventory', () => {
  const word = fc.constantFrom('acme', 'corp', 'auth', 'hermes', 'x', 'Pay')
  const separator = fc.constantFrom('-', '_', '.', '/', ':', '')
  const text = fc.array(fc.tuple(word, separator), { minLength: 1, maxLength: 4 }).map((parts) => parts.flat().join(''))
  const any: fc.Arbitrary<Omit<Subject, 'id'>> = fc.record({
    text,
    form: fc.constantFrom('name', 'prefix', 'regex'),
    kind: fc.constantFrom('package', 'scope', 'group', 'host', 'codename', 'other'),
    ecosystem: fc.constantFrom('npm', 'maven', 'pypi', null),
    disclose: fc.constantFrom(...disclosures),
    near: fc.constant([]),
  })
  const inventory = fc.array(any, { maxLength: 12 }).map((lines) => lines.map((line, index) => Object.assign(line, { id: String(index) })))
  const trimmed = (text: string) => text.replace(/[^a-z0-9]+$/i, '').toLowerCase()

  test('every line is in a term or reported, in exactly one of them', () => {
    fc.assert(
      fc.property(inventory, (lines) => {
        const { terms, unsearchable } = searchTerms(lines)
        const told = [...terms, ...unsearchable].flatMap(({ covers }) => covers)
        expect(told.toSorted()).toEqual(lines.map(({ id }) => id).toSorted())
      }),
      { seed: 11, numRuns: 2_000 },
    )
  })

  test('no term contains a name that is never disclosed, and no text is a term twice', () => {
    fc.assert(
      fc.property(inventory, (lines) => {
        const { terms } = searchTerms(lines)
        const secrets = lines.filter(({ disclose, form }) => disclose === 'never' && form !== 'regex')
        const told = secrets.filter((line) => terms.some((term) => term.text.toLowerCase().includes(trimmed(line.text))))
        expect(told).toEqual([])
        expect(new Set(terms.map(({ text }) => text)).size).toBe(terms.length)
      }),
      { seed: 12, numRuns: 2_000 },
    )
  })

  test('50,000 names are planned in one go', () => {
    const names = Array.from({ length: 50_000 }, (_, index) => ({ ...subject(`acme-corp-name-${index}`), disclose: index % 2 === 0 ? ('name' as const) : ('stem' as const) }))
    const { terms, unsearchable } = searchTerms(names)
    expect(unsearchable).toEqual([])
    expect(terms).toHaveLength(25_001)
  })
})

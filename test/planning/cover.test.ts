import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { disclosures } from '../../src/contracts/inventory.ts'
import { requestsOf, coverTerms } from '../../src/planning/cover.ts'
import { knowNothing, type Knowledge } from '../../src/planning/knowledge.ts'
import { planTerms, type Subject } from '../../src/planning/terms.ts'
import { edgesIn, keyOf, type Edge } from '../../src/planning/words.ts'

const facts = { separators: '.,:;/@', perPage: 100, cap: 1_000 }
const know = (more: Partial<Knowledge> = {}): Knowledge => ({ ...knowNothing(facts), ...more })
const hyphen = know({ edges: new Map<Edge, 'proven'>([['>-', 'proven'], ['<-', 'proven']]) })

const terms = (...texts: string[]) => texts.map((text) => ({ text, covers: [text] }))
const cover = (knowledge: Knowledge, ...texts: string[]) =>
  Object.fromEntries(coverTerms(terms(...texts), knowledge, () => false).map(({ term }) => [term.text, term.covers]))
const numbered = (pattern: string, count: number) => Array.from({ length: count }, (_, at) => pattern.replace('#', `name${at}`))

describe('names that share a rare stem', () => {
  test('are one query, across ecosystems', () => {
    const names = ['@acme-corp/auth', '@acme-corp/billing', 'acme-corp-tools', 'artifactory.acme-corp.com', 'acme-corp-jobs', 'acme-corp-db']
    expect(cover(hyphen, ...names)).toEqual({ 'acme-corp': expect.arrayContaining(names) })
  })

  test('are searched one by one when too few share it to pay for what it may bring', () => {
    expect(cover(hyphen, 'acme-corp-a', 'acme-corp-b')).toEqual({ 'acme-corp-a': ['acme-corp-a'], 'acme-corp-b': ['acme-corp-b'] })
  })

  test('share the query of a pattern that must be searched anyway, be they only one', () => {
    expect(cover(hyphen, 'acme-corp', 'acme-corp-a')).toEqual({ 'acme-corp': ['acme-corp', 'acme-corp-a'] })
  })

  test('that is an ordinary word are not covered by it', () => {
    expect(Object.keys(cover(hyphen, ...numbered('client-#', 30)))).toHaveLength(30)
  })

  test('keep the longer stem of two that save the same', () => {
    expect(Object.keys(cover(hyphen, ...numbered('acme-corp-#', 20)))).toEqual(['acme-corp'])
  })

  test('fall back to the longer stem when the shorter one is known to bring too much', () => {
    const names = [...numbered('acme-corp-#', 20), ...numbered('acme-labs-#', 20)]
    const hot = know({ ...hyphen, counted: new Map([['acme', 500_000]]) })
    expect(Object.keys(cover(hyphen, ...names))).toEqual(['acme'])
    expect(Object.keys(cover(hot, ...names))).toEqual(['acme-corp', 'acme-labs'])
  })

  test('are searched one by one when the stem costs more than they do', () => {
    const hot = know({ ...hyphen, counted: new Map([['acme', 500_000], ['acme-corp', 9_000]]) })
    expect(Object.keys(cover(hot, ...numbered('acme-corp-#', 20)))).toHaveLength(20)
  })

  test('do not depend on a line that floods the search, tried or not', () => {
    const flooded = know({ ...hyphen, counted: new Map([['zenith', 50_000]]) })
    expect(Object.keys(cover(flooded, 'zenith', 'zenith-a', 'zenith-b', 'zenith-c'))).toHaveLength(4)
    expect(Object.keys(cover(hyphen, 'acme', 'acme-a', 'acme-b'))).toHaveLength(3)
  })

  test('tell how many requests the stem may cost, unless it is a line by itself', () => {
    const worth = (...texts: string[]) => coverTerms(terms(...texts), hyphen, () => false).map(({ term }) => term.worth)
    expect(worth(...numbered('acme-corp-#', 20))).toEqual([20])
    expect(worth('acme-corp', ...numbered('acme-corp-#', 20))).toEqual([undefined])
  })

  test('are not tried by a shorter stem when the longer one is known to be dear', () => {
    const dear = know({ ...hyphen, counted: new Map([['zenith-corp', 700]]) })
    expect(Object.keys(cover(dear, ...numbered('zenith-corp-#', 60)))).toEqual(['zenith-corp'])
  })

  test('keep a stem that was searched before when a few names come and go', () => {
    const searched = know({ ...hyphen, counted: new Map([['acme-corp', 40]]) })
    const before = numbered('acme-corp-#', 20)
    expect(Object.keys(cover(searched, ...before, 'acme-labs-x', 'zenith'))).toEqual(['acme-corp', 'acme-labs-x', 'zenith'])
    expect(Object.keys(cover(searched, ...before.slice(3)))).toEqual(['acme-corp'])
  })
})

describe('what the search may not find', () => {
  test('is tried once, and the plan says what the run has to prove', () => {
    const [chosen] = coverTerms(terms(...numbered('acme-corp-#', 20)), know(), () => false)
    expect(chosen).toMatchObject({ term: { text: 'acme-corp' }, trial: ['>-'] })
  })

  test('needs no proof where the remote documents that words end', () => {
    const [chosen] = coverTerms(terms(...numbered('@acme-corp/#', 20)), know(), () => false)
    expect(chosen).toMatchObject({ term: { text: 'acme-corp' }, trial: [] })
  })

  test('is not covered by the stem after a try that proved nothing; other names still are', () => {
    const tried = know({ edges: new Map<Edge, 'tried'>([['>-', 'tried']]) })
    const scoped = numbered('@acme-corp/#', 20)
    expect(cover(tried, ...scoped, 'acme-corp-tool')).toEqual({ 'acme-corp': expect.arrayContaining(scoped), 'acme-corp-tool': ['acme-corp-tool'] })
  })

  test('is not covered by a stem that missed a name', () => {
    const demoted = know({ ...hyphen, demoted: new Set(['acme-corp']) })
    expect(cover(demoted, 'acme-corp', 'acme-corp-a')).toEqual({ 'acme-corp': ['acme-corp'], 'acme-corp-a': ['acme-corp-a'] })
  })
})

describe('disclosure', () => {
  let last = 0
  const subject = (text: string, more: Partial<Subject> = {}) => {
    last += 1
    return { id: `${last}`, form: 'name' as const, kind: 'package' as const, ecosystem: 'npm' as const, text, disclose: 'name' as const, near: [], publicOnPurpose: false, ...more }
  }

  test('a stem that is a name with disclose: never is not sent', () => {
    const names = numbered('hermes-builder-#', 20).map((text) => subject(text))
    const { terms: planned, unsearchable } = planTerms([subject('hermes-builder', { disclose: 'never' }), ...names], hyphen)
    expect(planned).toEqual([])
    expect(unsearchable.flatMap(({ covers }) => covers)).toHaveLength(21)
  })

  test('a name with disclose: never is covered by what other names send', () => {
    const secret = subject('acme-corp-secret', { disclose: 'never' })
    const { terms: planned, unsearchable } = planTerms([secret, ...numbered('acme-corp-#', 20).map((text) => subject(text))], hyphen)
    expect(planned).toMatchObject([{ text: 'acme-corp', covers: expect.arrayContaining([secret.id]) }])
    expect(unsearchable).toEqual([])
  })
})

const word = fc.constantFrom('acme', 'corp', 'auth', 'labs', 'zenith', 'billing', 'kit')
const mark = fc.constantFrom('-', '_', '.', '/', ':')
const name = fc.tuple(fc.constantFrom('', '@'), word, fc.array(fc.tuple(mark, word), { maxLength: 4 })).map(([at, first, rest]) => at + first + rest.flat().join(''))
const knowledge = fc.record({
  edges: fc.uniqueArray(fc.tuple(fc.constantFrom<Edge>('>-', '<-', '>_', '<_'), fc.constantFrom('proven' as const, 'tried' as const)), { selector: ([edge]) => edge }),
  demoted: fc.array(fc.constantFrom('acme', 'acme-corp', 'zenith')),
  counted: fc.array(fc.tuple(fc.constantFrom('acme', 'acme-corp', 'zenith', 'acme-labs'), fc.integer({ min: 0, max: 5_000 }))),
}).map(({ edges, demoted, counted }) => know({ edges: new Map(edges), demoted: new Set(demoted), counted: new Map(counted) }))

describe('every plan', () => {
  test('covers all terms, each with a text that stands in it, and with no more requests than one query per name', () => {
    fc.assert(fc.property(fc.uniqueArray(name, { maxLength: 60 }), knowledge, (names, known) => {
      const chosen = coverTerms(terms(...names), known, () => false)
      expect(chosen.flatMap(({ members }) => members.map(({ text }) => text)).sort()).toEqual([...names].sort())
      for (const { term, members } of chosen) {
        for (const { text } of members) expect(edgesIn(text, keyOf(term.text))).not.toBeNull()
        expect([...term.covers].sort()).toEqual(members.map(({ text }) => text).sort())
      }
      expect(chosen.length).toBeLessThanOrEqual(names.length)
      expect(requestsOf(chosen, known)).toBeLessThanOrEqual(requestsOf(terms(...names).map((term) => ({ term })), known))
      expect(coverTerms(terms(...names.toReversed()), known, () => false)).toEqual(chosen)
    }))
  })

  test('with its checks has no more queries than one per name, and sends nothing that may not be told', () => {
    const subject = fc.record({ text: name, disclose: fc.constantFrom(...disclosures), form: fc.constantFrom('name' as const, 'prefix' as const) })
    fc.assert(fc.property(fc.uniqueArray(subject, { maxLength: 80, selector: ({ text }) => text }), knowledge, fc.nat(200), (lines, known, turn) => {
      const subjects = lines.map((line, at) => ({ ...line, id: String(at), kind: 'package' as const, ecosystem: 'npm' as const, near: [], publicOnPurpose: false }))
      const plan = planTerms(subjects, known, turn)
      const sent = [...plan.terms, ...plan.checks].map(({ text }) => text)
      expect(sent.length).toBeLessThanOrEqual(plan.naive)
      const fold = (text: string) => text.toLowerCase().replace(/[-_.]+/g, '-').replace(/^@/, '')
      const secrets = subjects.filter(({ disclose }) => disclose === 'never').map(({ text }) => fold(text))
      expect(sent.filter((one) => secrets.some((secret) => fold(one).includes(secret)))).toEqual([])
      const told = [...plan.terms, ...plan.unsearchable].flatMap(({ covers }) => covers)
      expect(new Set(told)).toEqual(new Set(plan.everything))
    }))
  })
})

test('in fifty turns every name under a stem was searched in full', () => {
  const subjects = numbered('acme-corp-#', 777).map((text, at) => ({ id: String(at), form: 'name' as const, kind: 'package' as const, ecosystem: 'npm' as const, text, disclose: 'name' as const, near: [], publicOnPurpose: false }))
  const checked = new Set<string>()
  for (let turn = 0; turn < 50; turn += 1) for (const { text } of planTerms(subjects, hyphen, turn).checks) checked.add(text)
  expect(checked.size).toBe(777)
  expect(planTerms(subjects, hyphen, 3).checks).toHaveLength(16)
})

import { describe, expect, test } from 'vitest'
import type { Term } from '../../src/contracts/match.ts'
import { compile } from '../../src/matching/compile.ts'
import { findByIndex, findByPosition, type Hit } from './oracle.ts'
import { seeded } from './random.ts'
import { randomInventory, randomText } from './texts.ts'

/** Change it to look elsewhere; it is printed with every failure. */
const seed = Number(process.env['MATCHING_SEED'] ?? 20_261_123)
const inventories = Number(process.env['MATCHING_INVENTORIES'] ?? 34)
const names = 40
const textsOfInventory = 750

interface Case {
  readonly seed: number
  readonly text: string
  readonly hits: readonly string[]
}

const show = (hits: readonly { term: Term; start: number; end: number }[]): string[] =>
  hits.map(({ term, start, end }) => `${start}-${end} ${term.id}`).sort()

/** The engine's answer; the bytes lie at an odd place of a larger buffer, with names around them. */
function engine(matcher: ReturnType<typeof compile>, text: string, shift: number): string[] {
  const around = Buffer.from(`${'x'.repeat(shift)}${text}acme-corp-auth`, 'latin1')
  return show(matcher.find(new Uint8Array(around.buffer, around.byteOffset + shift, text.length)))
}

function compare(oracle: (terms: readonly Term[], text: string) => Hit[], share: number): { cases: number; hits: number; failures: Case[][] } {
  const failures: Case[][] = []
  let cases = 0
  let hits = 0
  for (let inventory = 0; inventory < inventories; inventory += 1) {
    const random = seeded(seed + inventory)
    const terms = randomInventory(random, names)
    const matcher = compile(terms)
    for (let index = 0; index < textsOfInventory * share; index += 1) {
      const text = randomText(random, terms)
      const expected = show(oracle(terms, text))
      const actual = engine(matcher, text, random.below(70))
      cases += terms.length
      hits += expected.length
      if (expected.join() !== actual.join() && failures.length < 5) {
        failures.push([{ seed: seed + inventory, text, hits: expected }, { seed: seed + inventory, text, hits: actual }])
      }
    }
  }
  return { cases, hits, failures }
}

describe('the engine finds what a naive matcher finds', () => {
  test('compared at every position, on over a million pairs of name and text', { timeout: 120_000 }, () => {
    const { cases, hits, failures } = compare(findByPosition, 1)
    for (const [expected, actual] of failures) expect(actual).toEqual(expected)
    expect(cases).toBeGreaterThanOrEqual(Math.min(1_000_000, inventories * names * textsOfInventory))
    // Texts in which nothing stands would prove nothing.
    expect(hits).toBeGreaterThan(cases / 200)
  })

  test('searched for every spelling with indexOf', { timeout: 120_000 }, () => {
    const { hits, failures } = compare(findByIndex, 1 / 25)
    for (const [expected, actual] of failures) expect(actual).toEqual(expected)
    expect(hits).toBeGreaterThan(0)
  })

  test('and a prefix covers every place at which one of its names is found', () => {
    const missed: string[] = []
    let hits = 0
    for (let inventory = 0; inventory < inventories; inventory += 1) {
      const random = seeded(seed + inventory)
      const terms = randomInventory(random, names)
      for (const name of terms.filter(canBePrefixed)) {
        const cut = /[-_./][A-Za-z0-9]/.exec(name.text.slice(1))!.index + 2
        const exact = compile([name])
        const pattern = compile([{ ...name, form: 'prefix', text: name.text.slice(0, cut) }])
        for (let index = 0; index < 20; index += 1) {
          const text = randomText(random, [name])
          // A dot ends what a prefix of PyPI spells out.
          const bytes = Buffer.from(name.ecosystem === 'pypi' ? text.replaceAll('.', ',') : text, 'latin1')
          const covered = pattern.find(bytes)
          for (const { start } of exact.find(bytes)) {
            hits += 1
            const place = `seed ${seed + inventory}, ${name.text} at ${start}, ${JSON.stringify(bytes.toString('latin1'))}`
            if (!covered.some((match) => match.start <= start && match.end > start)) missed.push(place)
          }
        }
      }
    }
    expect(missed).toEqual([])
    expect(hits).toBeGreaterThan(100)
  })
})

/**
 * Kinds whose names go on behind a prefix without further rules. Coordinates and groups have tests of their own; a plain
 * npm name that goes on may become a scope (`@acme.x/`).
 */
function canBePrefixed({ kind, ecosystem, text }: Term): boolean {
  if (kind !== 'package' || ecosystem === 'maven' || (ecosystem === 'npm' && !text.startsWith('@'))) return false
  // A dot ends what a prefix of PyPI spells out, unless the prefix has one.
  if (ecosystem === 'pypi' && text.includes('.')) return false
  return /^@?[A-Za-z0-9]+[-_./][A-Za-z0-9]/.test(text)
}

import { describe, expect, test } from 'vitest'
import type { Ecosystem, IdentifierKind } from '../../src/contracts/inventory.ts'
import { ecosystems, identifierKinds } from '../../src/contracts/inventory.ts'
import { foldCase, normalise } from '../../src/matching/normalise.ts'
import { seeded } from './random.ts'

type Row = readonly [kind: IdentifierKind, ecosystem: Ecosystem | null, one: string, other: string]

const same: readonly Row[] = [
  ['package', 'npm', '@Acme-Corp/Auth', '@acme-corp/auth'],
  ['package', 'pypi', 'Acme_.-Corp', 'acme-corp'],
  ['package', 'crates', 'Acme_Corp', 'acme-corp'],
  ['package', 'nuget', 'Acme.Auth', 'acme.auth'],
  ['package', 'rubygems', 'Acme', 'acme'],
  ['package', 'packagist', 'Acme/Auth', 'acme/auth'],
  ['package', 'docker', 'Reg.io/Acme', 'reg.io/acme'],
  ['package', 'go', 'Git.Acme.io/Mod', 'git.acme.io/Mod'],
  ['package', null, 'Acme', 'acme'],
  ['scope', 'npm', 'Acme', '@acme'],
  ['host', null, 'Git.Acme.io.', 'git.acme.io'],
  ['codename', null, 'Project\t\nZeus', 'project zeus'],
  ['codename', null, 'GRÖẞE', 'größe'],
  ['codename', null, 'CAFE\u0301', 'café'],
  ['codename', null, 'ΟΔΟΣ', 'οδος'],
]

const different: readonly Row[] = [
  ['package', 'npm', 'acme_corp', 'acme-corp'],
  ['package', 'npm', 'acme.corp', 'acme-corp'],
  ['package', 'crates', 'acme--corp', 'acme-corp'],
  ['package', 'crates', 'acme.corp', 'acme-corp'],
  ['package', 'rubygems', 'acme_corp', 'acme-corp'],
  ['package', 'maven', 'com.acme:Auth', 'com.acme:auth'],
  ['package', 'go', 'git.acme.io/Mod', 'git.acme.io/mod'],
  ['group', 'maven', 'com.Acme', 'com.acme'],
  ['other', null, 'ACME-1', 'acme-1'],
  ['codename', null, 'Größe', 'Grösse'],
]

describe('normalise', () => {
  test.each(same)('%s of %s: %j and %j are the same name', (kind, ecosystem, one, other) => {
    expect(normalise(one, kind, ecosystem)).toBe(normalise(other, kind, ecosystem))
  })

  test.each(different)('%s of %s: %j and %j are two names', (kind, ecosystem, one, other) => {
    expect(normalise(one, kind, ecosystem)).not.toBe(normalise(other, kind, ecosystem))
  })

  test('a key is its own key, whatever the text', () => {
    const random = seeded(7)
    const alphabet = ['a', 'Z', '-', '_', '.', '/', '@', ':', ' ', '\n', 'é', 'ß', 'ẞ', 'İ', 'ſ', 'K', 'Σ', 'ς', '\u0301', '😀', '\ud800', '']
    for (let index = 0; index < 20_000; index += 1) {
      let text = ''
      while (!random.chance(0.15)) text += random.pick(alphabet)
      const kind = random.pick(identifierKinds)
      const ecosystem = random.pick([...ecosystems, null])
      const key = normalise(text, kind, ecosystem)
      // A host loses one dot at its end: the root. More of them are no host.
      if (kind === 'host') continue
      expect(normalise(key, kind, ecosystem), JSON.stringify([text, kind, ecosystem])).toBe(key)
    }
  })

  test('folding keeps the number of characters', () => {
    for (const text of ['İstanbul', 'ẞß', 'ſtraße', 'ŉ', 'ﬁ', '😀']) expect([...foldCase(text)]).toHaveLength([...text].length)
  })
})

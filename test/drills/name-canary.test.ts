import { describe, expect, test } from 'vitest'
import type { Ecosystem, Line } from '../../src/contracts/inventory.ts'
import { nameCanary } from '../../src/drills/name-canary.ts'
import { plantable, plantOf } from '../../src/drills/plant.ts'
import { recognise } from '../../src/evidence/recognise.ts'
import { compile } from '../../src/matching/compile.ts'

const line = (more: Partial<Line>): Line => ({
  form: 'name', kind: 'package', ecosystem: 'npm', text: 'acme-corp-auth', team: null, disclose: 'name', publicOnPurpose: false, near: [], where: 'inventory.0', ...more,
})
const organization = { name: 'Acme Corp', domains: ['acme-corp.com'] }
const wish = (lines: readonly Line[], more: { readonly ecosystem?: Ecosystem; readonly name?: string } = {}) => {
  let turn = 0
  return nameCanary({ lines, organization, random: (bound) => (turn += 7) % bound, ...more })
}

describe('the name of a drill', () => {
  test('begins like a pattern of the inventory, and ends at random', () => {
    const canary = wish([line({}), line({ form: 'prefix', text: '@acme-corp/', team: 'web' })])
    expect(canary).toMatchObject({ ecosystem: 'npm', team: 'web' })
    expect(canary.name).toBe(`@acme-corp/canary-${canary.token}`)
    expect(canary.token).toMatch(/^[bcdfghjkmnpqrstvwxz][bcdfghjkmnpqrstvwxz2-9]{9}$/)
  })

  test('begins like a name, up to its last word, where there is no pattern', () => {
    expect(wish([line({ text: 'acme-corp-auth-client' })]).name).toMatch(/^acme-corp-auth-canary-/)
  })

  test('is of the ecosystem that has most names, unless another one is asked for', () => {
    const lines = [line({}), line({ ecosystem: 'pypi', text: 'acmecorp-a' }), line({ ecosystem: 'pypi', text: 'acmecorp-b' })]
    expect(wish(lines).ecosystem).toBe('pypi')
    expect(wish(lines, { ecosystem: 'npm' }).ecosystem).toBe('npm')
  })

  test('is never modelled on a name that nobody may learn', () => {
    expect(wish([line({ text: 'nightjar-core', disclose: 'never' })]).name).toMatch(/^acme-corp-canary-/)
  })

  test('is not taken where its manifest would make another line public: a scope that is a line of its own', () => {
    expect(wish([line({ text: '@acme-corp/auth' }), line({ kind: 'scope', text: '@acme-corp' })]).name).toMatch(/^acme-corp-canary-/)
  })

  test('one that contains a secret word is refused, and the message does not tell the word', () => {
    const lines = [line({}), line({ kind: 'codename', ecosystem: null, text: 'NightJar', disclose: 'never' })]
    expect(() => wish(lines, { name: 'nightjar-tools' })).toThrow(/another name of the inventory/)
    expect(() => wish(lines, { name: 'nightjar-tools' })).not.toThrow(/nightjar/i)
  })

  test('a beginning of one\'s own gets the random part', () => {
    const { name, token } = wish([line({})], { name: '@acme-labs/rehearsal' })
    expect(name).toBe(`@acme-labs/rehearsal-${token}`)
  })

  test('an ecosystem without a manifest, and a name that is none, are refused with what is expected', () => {
    expect(() => wish([line({})], { ecosystem: 'docker' })).toThrow(/--ecosystem.*npm, pypi/)
    expect(() => wish([line({})], { name: 'not a name' })).toThrow(/--name: .*npm name/)
  })

  test.each(plantable)('the manifest of %s declares it as a dependency, and has no other name of the inventory', (ecosystem) => {
    const lines = [line({}), line({ ecosystem: 'pypi', form: 'prefix', text: 'acmecorp-' }), line({ ecosystem: 'maven', kind: 'group', text: 'com.acmecorp' }), line({ kind: 'host', ecosystem: null, text: 'artifactory.acme-corp.com' })]
    const canary = wish(lines, { ecosystem })
    const plant = plantOf(canary)
    const text = Buffer.from(plant.content)
    const terms = [...lines, line({ ecosystem, text: canary.name })].map((one, at) => ({ ...one, id: String(at) }))
    const mentions = recognise({ path: plant.file, text }, compile(terms).find(text))
    expect(mentions.filter(({ name }) => !name.toLowerCase().includes(canary.token))).toEqual([])
    expect(mentions.find(({ name }) => name === canary.name)?.role).toBe('dependency')
  })
})

import { describe, expect, test } from 'vitest'
import type { PackageFacts } from '../../src/contracts/registry.ts'
import { isSuspicious, signalsOf, signalTable, suspiciousFrom, type SignalFacts } from '../../src/evidence/signals.ts'
import { compareVersions, highestVersion, versionNumbers } from '../../src/evidence/versions.ts'

const now = new Date('2026-11-22T12:00:00Z')
const honest: PackageFacts = {
  version: '1.4.2', versionCount: 30, firstPublishedAt: '2019-01-01T00:00:00.000Z', publishedAt: '2026-10-01T00:00:00.000Z', publishers: ['dev'], installTimeCode: null,
  description: 'Charts for the terminal', deprecated: null, links: ['https://code.example/charts'],
}
const about = (facts: Partial<PackageFacts>, more: Partial<SignalFacts> = {}): string[] =>
  signalsOf({ facts: { ...honest, ...facts }, ourVersion: '2.4.1', oursSince: new Date('2025-01-01T00:00:00Z'), records: [], now, ...more }).map(({ signal }) => signal)

describe('signs of an attack', () => {
  test('an old, honest namesake shows none', () => expect(about({})).toEqual([]))

  test.each<[string, Partial<PackageFacts>, Partial<SignalFacts>]>([
    ['malicious-record', {}, { records: ['MAL-2024-1'] }],
    ['published-after-ours', { firstPublishedAt: '2025-06-01T00:00:00.000Z' }, {}],
    ['version-above-ours', { version: '2.4.1' }, {}],
    ['absurd-version', { version: '99.0.0' }, { ourVersion: null }],
    ['high-version', { version: '1.95.0' }, {}],
    ['install-script', { installTimeCode: 'a preinstall script' }, {}],
    ['build-code', { installTimeCode: 'a source distribution, whose setup.py may run' }, {}],
    ['telling-description', { description: 'PoC for a bug bounty, please ignore' }, {}],
    ['fresh', { firstPublishedAt: '2026-11-20T00:00:00.000Z' }, { oursSince: null }],
    ['few-versions', { versionCount: 2 }, {}],
    ['no-repository', { links: [] }, {}],
  ])('%s, and nothing else', (signal, facts, more) => expect(about(facts, more)).toEqual([signal]))

  test('every row can be shown alone', () => expect(signalTable.map(({ signal }) => signal).toSorted()).toEqual(['absurd-version', 'build-code', 'few-versions', 'fresh', 'high-version', 'install-script', 'malicious-record', 'no-repository', 'published-after-ours', 'telling-description', 'version-above-ours']))
  test.each(['2026.11.1', '20261122.0', '1.4.2'])('a version that is a date is no absurdity: %s', (version) => expect(about({ version }, { ourVersion: null })).toEqual([]))
  test('what is not told is no sign', () => expect(about({ version: null, versionCount: null, firstPublishedAt: null, links: [] })).toEqual([]))
  test('the heaviest comes first', () => expect(about({ version: '99.9.9', versionCount: 1 }, { records: ['MAL-2024-1'] })[0]).toBe('malicious-record'))

  test('no sign but the record is enough by itself', () => {
    for (const { signal, weight } of signalTable) expect(weight >= suspiciousFrom).toBe(signal === 'malicious-record')
  })
  test('a fresh package of our name with one version is suspicious', () => {
    const signals = signalsOf({ facts: { ...honest, firstPublishedAt: '2026-11-20T00:00:00.000Z', versionCount: 1 }, ourVersion: null, oursSince: new Date('2025-01-01T00:00:00Z'), records: [], now })
    expect(isSuspicious(signals)).toBe(true)
  })
})

describe('versions', () => {
  test.each<[string, readonly number[]]>([['^2.1.0', [2, 1, 0]], ['>=1.4,<2', [1, 4]], ['v1.2.3-rc.1', [1, 2, 3]], ['latest', []], ['1.2.3.4.5', [1, 2, 3, 4]]])('%s has the numbers %j', (text, numbers) => expect(versionNumbers(text)).toEqual(numbers))
  test('are compared number by number', () => {
    expect(compareVersions('1.10.0', '1.9.9')).toBeGreaterThan(0)
    expect(compareVersions('1.0', '1.0.0')).toBe(0)
    expect(highestVersion(['1.9.9', 'latest', '^1.10.0'])).toBe('^1.10.0')
    expect(highestVersion(['latest'])).toBeNull()
  })
})

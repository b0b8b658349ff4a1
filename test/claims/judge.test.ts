import { describe, expect, test } from 'vitest'
import { judge, secondLookMs, type Before, type Circumstances } from '../../src/claims/judge.ts'
import type { PackageFacts, RegistryAnswer } from '../../src/contracts/registry.ts'

const now = new Date('2026-11-22T12:00:00Z')
const ago = (ms: number) => new Date(now.getTime() - ms)
const day = 86_400_000
const untold: Before = { state: 'unknown', facts: null, firstAbsentAt: null, held: false }
const calm: Circumstances = { leaked: true, ourVersion: '2.4.1', suspicious: false, now }
const free: RegistryAnswer = { state: 'unclaimed', claimable: 'yes', why: 'it is not there', facts: null }
const facts = (version: string, more: Partial<PackageFacts> = {}): PackageFacts => ({
  version, versionCount: 1, firstPublishedAt: null, publishedAt: '2020-01-01T00:00:00.000Z', publishers: ['eve'], installTimeCode: null, description: null, deprecated: null, links: [], ...more,
})
const stranger = (version: string, more: Partial<PackageFacts> = {}): RegistryAnswer => ({ state: 'stranger', claimable: 'no', why: 'it exists', facts: facts(version, more) })
const held = (version: string, more: Partial<PackageFacts> = {}): Before => ({ state: 'stranger', facts: facts(version, more), firstAbsentAt: null, held: true })

describe('an absence', () => {
  test('is unclaimed at once, and claimable by nobody yet: it is asked again after ten minutes', () => {
    expect(judge(untold, free, calm)).toMatchObject({ state: 'unclaimed', claimable: 'unknown', firstAbsentAt: now, dueAt: new Date(now.getTime() + secondLookMs), why: expect.stringMatching(/second look/) })
  })

  test('that is seen again nine minutes later proves nothing more, and keeps its appointment', () => {
    const first = ago(9 * 60_000)
    expect(judge({ ...untold, firstAbsentAt: first }, free, calm)).toMatchObject({ claimable: 'unknown', firstAbsentAt: first, dueAt: new Date(first.getTime() + secondLookMs) })
  })

  test('that is seen again ten minutes later is claimable', () => {
    expect(judge({ ...untold, firstAbsentAt: ago(secondLookMs) }, free, calm)).toMatchObject({ state: 'unclaimed', claimable: 'yes', why: 'it is not there' })
  })

  test('after any other answer begins anew', () => {
    const present = judge({ ...untold, firstAbsentAt: ago(day) }, stranger('1.0.0'), calm)
    expect(present.firstAbsentAt).toBeNull()
    expect(judge({ ...untold, firstAbsentAt: present.firstAbsentAt }, free, calm).claimable).toBe('unknown')
  })

  test('of a registry that also says so when it means "not now" is unknown until it is seen twice', () => {
    expect(judge(untold, { ...free, doubtful: true }, calm)).toMatchObject({ state: 'unknown', claimable: 'unknown' })
    expect(judge({ ...untold, firstAbsentAt: ago(secondLookMs) }, { ...free, doubtful: true }, calm)).toMatchObject({ state: 'unclaimed', claimable: 'yes' })
  })

  test.each(['no', 'unknown'] as const)('that a rule makes claimable: %s needs no second look', (claimable) => {
    expect(judge(untold, { ...free, claimable }, calm)).toMatchObject({ state: 'unclaimed', claimable, why: 'it is not there' })
  })
})

describe('it is asked again', () => {
  const after = (answer: RegistryAnswer, about: Partial<Circumstances> = {}, before: Before = { ...untold, firstAbsentAt: ago(secondLookMs) }) =>
    (judge(before, answer, { ...calm, ...about }).dueAt.getTime() - now.getTime()) / day

  test.each<[string, number, RegistryAnswer, Partial<Circumstances>]>([
    ['claimable and leaked', 1, free, {}],
    ['claimable and not leaked', 7, free, { leaked: false }],
    ['blocked by a rule', 7, { ...free, claimable: 'no' }, {}],
    ['ours', 7, { ...free, state: 'ours', claimable: 'no' }, {}],
    ["npm's placeholder", 7, { ...free, state: 'placeholder', claimable: 'no' }, {}],
    ['an old, quiet package of a stranger', 7, stranger('1.0.0'), {}],
    ['a suspicious one', 1, stranger('1.0.0'), { suspicious: true }],
    ['one that changed lately', 1, stranger('1.0.0', { publishedAt: ago(10 * day).toISOString() }), {}],
    ['blocked until tomorrow noon', 1, { ...free, claimable: 'no', until: new Date(now.getTime() + day).toISOString() }, {}],
  ])('%s: after %i days', (_, days, answer, about) => expect(after(answer, about)).toBe(days))
})

describe('news is', () => {
  const newsOf = (before: Before, answer: RegistryAnswer) => judge(before, answer, calm).news

  test('a stranger where none was', () => {
    expect(newsOf(untold, stranger('1.0.0'))).toBe('taken')
    expect(newsOf({ ...untold, state: 'unclaimed' }, stranger('1.0.0'))).toBe('taken')
    expect(newsOf({ ...untold, state: 'placeholder' }, stranger('1.0.0'))).toBe('taken')
  })
  test("a stranger's new version that reaches ours, once", () => {
    expect(newsOf(held('1.0.0'), stranger('2.4.1'))).toBe('version-above')
    expect(newsOf(held('1.0.0'), stranger('99.0.0'))).toBe('version-above')
    expect(newsOf(held('99.0.0'), stranger('99.0.1'))).toBeNull()
  })
  test('a new version that begins to run code at installation', () => {
    expect(newsOf(held('1.0.0'), stranger('1.0.1', { installTimeCode: 'a preinstall script' }))).toBe('install-time-code')
    expect(newsOf(held('1.0.0', { installTimeCode: 'a preinstall script' }), stranger('1.0.1', { installTimeCode: 'a preinstall script' }))).toBeNull()
  })
  test('a leaked name that was held and can be published by anybody, when two absences agree', () => {
    const gone: Before = { state: 'unclaimed', facts: null, firstAbsentAt: ago(secondLookMs), held: true }
    expect(newsOf(gone, free)).toBe('freed')
    expect(newsOf({ ...gone, firstAbsentAt: null }, free)).toBeNull()
    expect(newsOf({ ...gone, held: false }, free)).toBeNull()
    expect(newsOf(gone, { ...free, claimable: 'no' })).toBeNull()
    expect(judge(gone, free, { ...calm, leaked: false }).news).toBeNull()
  })
  test('nothing else', () => {
    expect(newsOf(held('1.0.0'), stranger('1.0.0'))).toBeNull()
    expect(newsOf(held('1.0.0'), stranger('1.0.1'))).toBeNull()
    expect(newsOf(held('1.0.0'), free)).toBeNull()
    expect(newsOf(untold, free)).toBeNull()
  })
})

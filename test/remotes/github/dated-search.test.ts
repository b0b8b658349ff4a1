import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Slice } from '../../../src/contracts/source.ts'
import { ContractBroken, Permanent, RetryLater, Transient } from '../../../src/errors.ts'
import { createHttp } from '../../../src/net/http.ts'
import { openGithub } from '../../../src/remotes/github/client.ts'
import { halve, planDated, queryOf, readDated, searchDated, type DatedInput, type DatedSearch } from '../../../src/remotes/github/dated-search.ts'
import { startScript, type Scripted } from '../../net/scripted-server.ts'
import { failure } from '../../sources/failure.ts'

const now = new Date('2026-11-22T12:00:00Z')
const search: DatedSearch = { always: 'is:public', date: 'created' }
const whole: DatedInput = { phrase: 'acme-corp-x', leaveOut: true, from: null, to: null }
const limits = (remaining = 5) => ({ 'content-type': 'application/json', 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-reset': String(now.getTime() / 1_000 + 40), 'x-ratelimit-resource': 'search', date: now.toUTCString() })
const answered = (total: number, count: number, more: Record<string, unknown> = {}): Scripted =>
  ({ headers: limits(), body: { total_count: total, incomplete_results: false, items: Array.from({ length: count }, (_, id) => ({ id })), ...more } })

async function ask(answers: readonly Scripted[], input = whole, page: string | null = null, organizations: readonly string[] = ['acme-corp']) {
  const server = await startScript(...answers)
  const http = createHttp({ userAgent: 'test', origins: [server.url], now: () => now })
  const client = openGithub({ token: 'secretToken', apiUrl: server.url, graphqlUrl: server.url }, { http, now: () => now, organizations })
  const once = () => searchDated(client, { path: '/search/issues', search, item: z.object({ id: z.int() }) }, input, page, organizations)
  return { once, server, client }
}

describe('windows of time', () => {
  const inputOf = ({ input }: Slice): DatedInput => readDated(input)
  const span = ({ from, to }: DatedInput) => [from === null ? -Infinity : Date.parse(from), to === null ? Infinity : Date.parse(to)] as const

  test('halves are disjoint, touch each other and keep the outer ends, however often they are cut', () => {
    const leaves: DatedInput[] = []
    const cut = (input: DatedInput, depth: number): void => {
      const halves = depth === 0 ? null : halve(input, now)
      if (halves === null) leaves.push(input)
      else for (const half of halves) cut(inputOf(half), depth - 1)
    }
    cut(whole, 7)
    const spans = leaves.map(span)
    expect(spans).toHaveLength(128)
    expect([spans[0]?.[0], spans.at(-1)?.[1]]).toEqual([-Infinity, Infinity])
    expect(spans.slice(1).map(([from]) => from)).toEqual(spans.slice(0, -1).map(([, to]) => to + 1_000))
  })

  test.each<[string, DatedInput]>([
    ['before everything', { ...whole, to: '2008-01-01T00:00:00Z' }],
    ['in the future', { ...whole, from: '2026-11-22T12:00:00Z' }],
    ['of two seconds', { ...whole, from: '2020-01-01T00:00:00Z', to: '2020-01-01T00:00:01Z' }],
  ])('a window %s can be cut', (_, input) => {
    expect(halve(input, now)).toHaveLength(2)
  })

  test('a second cannot be cut', () => {
    expect(halve({ ...whole, from: '2020-01-01T00:00:00Z', to: '2020-01-01T00:00:00Z' }, now)).toBeNull()
  })

  test('keys of slices differ, and tell no name', () => {
    const keys = (halve(whole, now) ?? []).map(({ key }) => key)
    expect(new Set(keys).size).toBe(2)
    expect(keys.join()).not.toContain('acme')
  })
})

describe('queries', () => {
  test('leave our owners out as far as they fit, and stand between the ends of their window', () => {
    expect(queryOf(whole, search, ['acme-corp', 'no login!', 'acme'])).toBe('"acme-corp-x" is:public -org:acme-corp -org:acme')
    expect(queryOf({ ...whole, leaveOut: false, from: '2020-01-01T00:00:00Z' }, search, ['acme-corp'])).toBe('"acme-corp-x" is:public created:>=2020-01-01T00:00:00Z')
  })

  test('terms that differ in nothing that GitHub reads are one query; what cannot be searched says why', () => {
    const { queries, unsearchable } = planDated([{ text: 'acme "corp"', covers: ['1'] }, { text: 'acme corp', covers: ['2'] }, { text: '@/', covers: ['3'] }], search, [])
    expect(queries.map(({ text, covers }) => [text, covers])).toEqual([['"acme corp" is:public', ['1', '2']]])
    expect(unsearchable).toEqual([{ covers: ['3'], reason: 'GitHub ignores every character of it' }])
  })
})

describe('what a search of GitHub proves', () => {
  test.each<[string, number, number, string | null, string | null]>([
    ['nothing found', 0, 0, null, null],
    ['one page', 3, 3, null, null],
    ['a first page', 150, 100, '2', null],
    ['fewer than counted', 50, 49, null, 'GitHub delivered fewer results than it counted'],
    ['more than counted', 1, 2, '2', null],
  ])('%s', async (_, total, count, next, shortfall) => {
    const { once } = await ask([answered(total, count)])
    expect(await once()).toMatchObject({ counted: total, next, shortfall, slices: [] })
  })

  test('an item that cannot be read is counted as missing, the others are used', async () => {
    const { once } = await ask([answered(2, 1, { items: [{ id: 1 }, { id: 'x' }] })])
    expect(await once()).toMatchObject({ items: [{ id: 1 }], shortfall: 'GitHub delivered results in a form that cannot be read' })
  })

  test('page ten of what can be reached is the last', async () => {
    const { once } = await ask([answered(1_000, 100)], whole, '10')
    expect(await once()).toMatchObject({ next: null, shortfall: null })
  })

  test.each(['11', '0', 'x', '1.5'])('page %s is never asked for', async (page) => {
    const { once } = await ask([], whole, page)
    expect(await failure(once(), [whole.phrase])).toBeInstanceOf(Permanent)
  })

  test('an unknown owner is left in, once; asked without, a refusal is a failure', async () => {
    const refused: Scripted = { status: 422, headers: limits(), body: { message: 'Validation Failed', errors: [{ message: 'The listed users and repositories cannot be searched either because …' }] } }
    const { once } = await ask([refused])
    expect(await once()).toMatchObject({ slices: [{ input: { leaveOut: false } }], shortfall: null, counted: null })
    const second = await ask([refused], { ...whole, leaveOut: false })
    expect(await failure(second.once(), [whole.phrase])).toBeInstanceOf(Permanent)
  })

  test.each<[string, Scripted, new (...args: never[]) => Error]>([
    ['a used-up limit', { status: 403, headers: limits(0), body: { message: 'API rate limit exceeded for user ID 7.' } }, RetryLater],
    ['a secondary limit', { status: 403, headers: limits(), body: { message: 'You have exceeded a secondary rate limit.' } }, RetryLater],
    ['an outage', { status: 502, body: '<html>' }, Transient],
    ['a wrong token', { status: 401, body: { message: 'Bad credentials' } }, Permanent],
    ['another form', { headers: limits(), body: { items: [] } }, ContractBroken],
  ])('%s is a failure, never "no results"', async (_, answer, errorClass) => {
    const { once } = await ask([answer])
    expect(await failure(once(), ['secretToken', whole.phrase])).toBeInstanceOf(errorClass)
  })

  test('after the last request of a window nothing is sent until it opens again', async () => {
    const { once, server } = await ask([{ ...answered(0, 0), headers: limits(0) }])
    await once()
    expect(await failure(once())).toMatchObject({ until: new Date(now.getTime() + 41_000) })
    expect(server.seen).toHaveLength(1)
  })
})

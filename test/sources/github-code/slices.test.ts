import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OpenSource } from '../../../src/contracts/source.ts'
import { createHttp } from '../../../src/net/http.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'
import { githubCode } from '../../../src/sources/github-code/index.ts'
import { searchInput, type SearchInput, type SearchItem } from '../../../src/sources/github-code/schema.ts'
import { cutQuery, queryOf } from '../../../src/sources/github-code/slices.ts'
import { sourceSettings } from '../../../src/sources/settings.ts'
import { commit, openSandbox, useShelf, type Files } from '../../sandbox/open-sandbox.ts'
import { startScript } from '../../net/scripted-server.ts'
import { found, items, open, term } from './github-answers.ts'

/** 5,000 results: most of all sizes, and 1,500 that are copies of one size, half of them of one name. */
const hot: Files = Object.fromEntries([
  ...Array.from({ length: 3_500 }, (_, at) => [`all/${at}.${['json', 'md', 'ts', 'x-odd'][at % 4]}`, `${term} ${at}${' '.repeat((at * at) % 60_000)}`]),
  ...Array.from({ length: 1_500 }, (_, at) => [`same/${at}/${['package.json', 'pom.xml'][at % 2]}`, `${term} ${String(at).padStart(8, '0')}`]),
])
const shelf = useShelf({ 'ann/hot': [commit(hot)] })

interface Read {
  readonly places: readonly string[]
  readonly counted: number
  /** Of the parts that were not cut again. */
  readonly parts: number
  readonly requests: number
  readonly shortfalls: readonly string[]
}

/** Searches as the search job does: slices take the place of the rest of a query. */
async function readAll(source: OpenSource, query: SearchInput): Promise<Read> {
  const places: string[] = []
  const shortfalls: string[] = []
  let [counted, parts, requests] = [0, 0, 0]
  const waiting: { input: Parameters<OpenSource['search']>[0]; page: string | null }[] = [{ input: { ...query }, page: null }]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const page = await source.search(next.input, next.page)
    requests += 1
    counted = Math.max(counted, page.counted ?? 0)
    places.push(...page.hits.map(({ ref }) => ref))
    if (page.shortfall !== null) shortfalls.push(page.shortfall)
    if (page.slices !== undefined) waiting.push(...page.slices.map(({ input }) => ({ input, page: null })))
    else if (page.next !== null) waiting.push({ input: next.input, page: page.next })
    if (page.slices === undefined && next.page === null) parts += page.counted ?? 0
  }
  return { places, counted, parts, requests, shortfalls }
}

function openOn(apiUrl: string, token: string): OpenSource {
  const now = () => new Date()
  const http = createHttp({ userAgent: 'namesake/test', origins: [new URL(apiUrl).origin], now })
  const settings = sourceSettings.parse({ github: { token, apiUrl, graphqlUrl: `${apiUrl}/graphql` } })
  const source = githubCode.open(settings, { http, now, organizations: [], memory: createForgetfulMemory() })
  if (source === null) throw new Error('the source is closed')
  return source
}

test('a name with 5,000 results is read in slices without a gap and without an overlap', async () => {
  await using sandbox = await openSandbox(shelf, { limits: { codeSearchPerMinute: 10_000 } })
  const read = await readAll(openOn(sandbox.github.apiUrl, sandbox.github.token), { q: `"${term}"` })
  expect(read).toMatchObject({ counted: 5_000, parts: 5_000, shortfalls: [] })
  expect(read.places).toHaveLength(5_000)
  expect(new Set(read.places).size).toBe(5_000)
  // 50 pages are needed in any case.
  expect(read.requests).toBeLessThan(120)
  expect(sandbox.requests().filter(({ status }) => status !== 200)).toEqual([])
}, 30_000)

describe('the slices of a query', () => {
  const file = fc.record({
    size: fc.oneof(fc.nat(393_215), fc.constantFrom(0, 1, 393_215, 500, 501)),
    path: fc.tuple(fc.constantFrom('a', 'package', 'pom'), fc.constantFrom('.json', '.xml', '.odd', '')).map((parts) => parts.join('')),
  })

  test('are disjoint and cover it, down to what no cut can divide', () => {
    fc.assert(fc.property(fc.array(file, { minLength: 2, maxLength: 200 }), (files) => {
      const leaves: number[] = []
      const cutDown = (input: SearchInput, inside: readonly typeof files[number][]): void => {
        // As if GitHub showed only four results.
        const slices = inside.length <= 4 ? null : cutQuery(input, 1_001, inside.map((one) => itemOf(one.path)))
        if (slices === null) leaves.push(inside.length)
        const parts = (slices ?? []).map((slice) => ({ ...slice, query: searchInput.parse(JSON.parse(JSON.stringify(slice.input))) }))
        expect(new Set(parts.map(({ key }) => key)).size).toBe(parts.length)
        for (const one of inside) expect(parts.filter(({ query }) => fits(one, query)).length).toBe(slices === null ? 0 : 1)
        for (const { query } of parts) cutDown(query, inside.filter((one) => fits(one, query)))
      }
      cutDown({ q: '"x" -org:a' }, files)
      expect(leaves.reduce((sum, count) => sum + count, 0)).toBe(files.length)
    }), { numRuns: 60 })
  })

  test('keep the exclusions that GitHub allows: five, owners included', () => {
    const full = { q: '"x" -org:a -org:b -org:c -org:d', cut: { size: [7, 7] as [number, number], without: ['extension:json'] } }
    expect(cutQuery(full, 2_000, [itemOf('pom.xml')])).toBeNull()
  })

  test('name no file that may be named after us', () => {
    const size: [number, number] = [7, 7]
    expect(cutQuery({ q: '"x"', cut: { size } }, 2_000, [itemOf('hermesbuilder.hermesbuilder'), itemOf('hermesbuilder')])).toBeNull()
  })

  test('are asked in bytes, the last one without an end', () => {
    expect(queryOf({ q: '"x"', cut: { size: [0, 10], only: ['extension:json'], without: ['filename:package.json'] } })).toBe('"x" extension:json -filename:package.json size:0..10')
    expect(queryOf({ q: '"x"', cut: { size: [11, 393_215] } })).toBe('"x" size:>10')
  })
})

test('what no cut makes reachable is told with numbers, and what can be read is read', async () => {
  const answers = Array.from({ length: 10 }, (_, page) => found(1_700, items(100, page * 100)))
  const server = await startScript(...answers)
  const read = await readAll(open(server), { q: '"x"', cut: { size: [7, 7], only: ['extension:json', 'filename:package.json'] } })
  expect(read.places).toHaveLength(1_000)
  expect(read.shortfalls).toEqual(['700 of 1,700 results of a query that cannot be cut further are out of reach: GitHub gives only the first 1,000'])
})

test('half the world is not cut: its first results are read, and the rest is told', async () => {
  const server = await startScript(...Array.from({ length: 10 }, (_, page) => found(2_500_000, items(100, page * 100))))
  const read = await readAll(open(server), { q: '"x"' })
  expect(read).toMatchObject({ requests: 10, shortfalls: ['2,499,000 of 2,500,000 results of a query that cannot be cut in reasonable time are out of reach: GitHub gives only the first 1,000'] })
})

test('a stem that brings more than its names are worth is left after one request', async () => {
  const server = await startScript(found(54_321, items(100)))
  const read = await readAll(open(server), { q: '"x"', worth: 30 })
  expect(read).toMatchObject({ requests: 1, places: [], counted: 54_321, shortfalls: [expect.stringContaining('one by one')] })
})

function itemOf(path: string): SearchItem {
  return { path, oid: 'a'.repeat(40), repositoryId: '1', nodeId: null, name: 'a/b', isPrivate: false, commit: null, web: null }
}

function fits({ size, path }: { readonly size: number; readonly path: string }, { cut }: SearchInput): boolean {
  const mark = (text: string) => (text.startsWith('extension:') ? path.endsWith(`.${text.slice(10)}`) : path.includes(text.slice(9)))
  const [low, high] = cut?.size ?? [0, Infinity]
  return size >= low && size <= high && (cut?.only ?? []).every(mark) && !(cut?.without ?? []).some(mark)
}

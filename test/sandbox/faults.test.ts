import { describe, expect, test } from 'vitest'
import { createFaults, faultPresets, faultTable, routes, type FaultName, type Faults } from '../../src/sandbox/faults.ts'
import { ask, commit, openSandbox, places, postGraphql, search, searchPath, useSandbox, useShelf } from './open-sandbox.ts'

const shelf = useShelf({
  'ann/app': [commit(Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`f${n}.txt`, `needle ${n}\n`])))],
  'bob/other': [commit({ 'x.txt': 'needle\n' })],
})
const world = useSandbox(shelf, () => ({ limits: { codeSearchPerMinute: 10_000 }, repositories: [shelf.source('ann/app', { description: 'an app' }), shelf.source('bob/other')] }))

const targets = { 'code-search': () => ask(world.sandbox, searchPath('needle')), rest: () => ask(world.sandbox, '/repos/ann/app'), graphql: () => postGraphql(world.sandbox, '{ viewer { login } }') }
type Target = keyof typeof targets
const everywhere: readonly Target[] = ['code-search', 'rest', 'graphql']

describe('the table of faults', () => {
  test('says of each what it does and where', () => {
    const names = Object.keys(faultTable)
    expect(names.length).toBeGreaterThan(50)
    expect(Object.entries(faultTable).filter(([, row]) => row.effect === '' || row.routes.length === 0)).toEqual([])
  })

  test('is off: without settings nothing strikes', () => {
    const faults = createFaults(1)
    // The keys of the table are the names.
    expect(Object.keys(faultTable).flatMap((name) => routes.map((route) => faults.strikes(name as FaultName, route))).every((strike) => strike === null)).toBe(true)
  })

  test('has presets that name only its rows', () => {
    const unknown = Object.values(faultPresets).flatMap((preset) => Object.keys(preset)).filter((name) => !Object.hasOwn(faultTable, name))
    expect(unknown).toEqual([])
    expect(Object.keys(faultPresets.heavy).length).toBeGreaterThan(Object.keys(faultPresets.light).length)
  })
})

describe('when a fault strikes', () => {
  const draw = (setting: Faults[FaultName], calls: number, seed = 1) => {
    const faults = createFaults(seed, { slow: setting })
    return Array.from({ length: calls }, () => faults.strikes('slow', 'rest') !== null)
  }
  const ordinals = (drawn: readonly boolean[]) => drawn.flatMap((struck, index) => (struck ? [index + 1] : []))

  test.each([
    [true, [1, 2, 3, 4, 5, 6]], [false, []], [1, [1, 2, 3, 4, 5, 6]], [0, []],
    [{ calls: [2, 5] }, [2, 5]], [{ from: 3 }, [3, 4, 5, 6]], [{ from: 2, to: 3 }, [2, 3]], [{ routes: ['graphql'] as const }, []],
  ])('%j', (setting, expected) => {
    expect(ordinals(draw(setting, 6))).toEqual(expected)
  })

  test('a share is about that share, the same for the same seed and another for another', () => {
    const struck = draw(0.3, 2_000)
    expect(ordinals(struck).length).toBeGreaterThan(500)
    expect(ordinals(struck).length).toBeLessThan(700)
    expect(draw(0.3, 2_000)).toEqual(struck)
    expect(draw(0.3, 2_000, 2)).not.toEqual(struck)
  })

  test('another fault does not move it, and new settings count from the beginning', () => {
    const faults = createFaults(1, { slow: 0.5, hang: 0.5 })
    const mixed = Array.from({ length: 50 }, () => [faults.strikes('hang', 'rest'), faults.strikes('slow', 'rest') !== null][1])
    expect(mixed).toEqual(draw(0.5, 50))
    faults.set({ slow: { calls: [1] } })
    expect(faults.strikes('slow', 'rest')).not.toBeNull()
  })

  test('its number is the one given, or the table\'s', () => {
    expect(createFaults(1, { slow: { amount: 7 } }).strikes('slow', 'rest')?.amount).toBe(7)
    expect(createFaults(1, { slow: true }).strikes('slow', 'rest')?.amount).toBe(faultTable.slow.amount)
  })
})

describe('on the wire', () => {
  test.each(everywhere)('%s: the connection is reset before the answer', async (target) => {
    world.sandbox.setFaults({ connectionDropped: true })
    await expect(targets[target]()).rejects.toThrow('fetch failed')
    expect(world.sandbox.requests()).toMatchObject([{ status: 0, faults: ['connectionDropped'] }])
  })

  test.each(everywhere)('%s: the connection is reset in the middle of the body', async (target) => {
    world.sandbox.setFaults({ connectionReset: true })
    const response = await targets[target]()
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  test.each(everywhere)('%s: no answer comes while the client waits, and the sandbox closes all the same', async (target) => {
    const sandbox = await openSandbox(shelf, { faults: { hang: true } })
    const paths = { 'code-search': searchPath('x'), rest: '/repos/ann/app', graphql: '/users/ann' }
    await expect(ask(sandbox, paths[target], { signal: AbortSignal.timeout(60) })).rejects.toThrow('timeout')
    const pending = ask(sandbox, paths[target]).then(() => 'answered', () => 'cut')
    await sandbox.close()
    expect(await pending).toBe('cut')
  })

  test.each([
    ['serverError', 500, /^\{"message":"Server Error"\}$/], ['badGatewayHtml', 502, /^<html>/], ['unavailable', 503, /Unavailable/],
  ] as const)('%s is a %i on every route', async (fault, status, body) => {
    world.sandbox.setFaults({ [fault]: true })
    for (const target of everywhere) {
      const response = await targets[target]()
      expect([target, response.status]).toEqual([target, status])
      expect(await response.text()).toMatch(body)
      expect(response.headers.has('x-ratelimit-remaining')).toBe(false)
    }
  })

  test.each(everywhere)('%s: JSON ends in the middle of a whole 200', async (target) => {
    world.sandbox.setFaults({ truncatedJson: true })
    const response = await targets[target]()
    const text = await response.text()
    expect([response.status, text.length > 10]).toEqual([200, true])
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
  })

  test.each(everywhere)('%s: an integer above 2^53', async (target) => {
    world.sandbox.setFaults({ hugeNumbers: true })
    const text = await (await targets[target]()).text()
    expect(text).toMatch(/^\{"sequence":9223372036854775807,/)
    expect(() => JSON.parse(text) as unknown).not.toThrow()
  })

  test('the Date header is away from the clock of the windows', async () => {
    const at = new Date('2026-03-01T09:00:00Z')
    await using sandbox = await openSandbox(shelf, { now: () => at, faults: { clockSkew: { amount: -120_000 } } })
    const response = await ask(sandbox, searchPath('needle'))
    expect([response.headers.get('date'), response.headers.get('x-ratelimit-reset')]).toEqual(['Sun, 01 Mar 2026 08:58:00 GMT', String(at.getTime() / 1_000 + 60)])
  })

  test('a bucket can be empty out of the blue', async () => {
    await using sandbox = await openSandbox(shelf, { faults: { primaryLimit: { calls: [1] } } })
    const response = await ask(sandbox, searchPath('needle'))
    expect([response.status, response.headers.get('x-ratelimit-remaining')]).toEqual([403, '0'])
    expect(sandbox.requests()).toMatchObject([{ sentWhileExhausted: false, faults: ['primaryLimit'] }])
  })
})

describe('in code search', () => {
  const page = (number: string) => search(world.sandbox, 'needle', { per_page: '50', page: number })

  test('incompleteResults: the flag, and a part of the hits', async () => {
    const whole = await search(world.sandbox, 'needle')
    world.sandbox.setFaults({ incompleteResults: true })
    const part = await search(world.sandbox, 'needle')
    expect([whole.total_count, whole.incomplete_results, part.incomplete_results]).toEqual([251, false, true])
    expect(part.total_count).toBeLessThan(251)
    expect(part.items.length).toBe(30)
  })

  test('incompleteFlag: the flag alone', async () => {
    world.sandbox.setFaults({ incompleteFlag: true })
    expect(await search(world.sandbox, 'needle')).toMatchObject({ incomplete_results: true, total_count: 251 })
  })

  test('totalCountDrifts: another count on each page, near the truth', async () => {
    world.sandbox.setFaults({ totalCountDrifts: true })
    const counts = [(await page('1')).total_count, (await page('2')).total_count, (await page('3')).total_count]
    expect(new Set(counts).size).toBe(3)
    for (const count of counts) expect(Math.abs(count - 251)).toBeLessThanOrEqual(51)
  })

  test('unstableOrder: the same hits in another order on every call', async () => {
    world.sandbox.setFaults({ unstableOrder: true })
    const [first, second] = [await search(world.sandbox, 'needle repo:ann/app', { per_page: '100' }), await search(world.sandbox, 'needle repo:ann/app', { per_page: '100' })]
    expect(first.items.map((item) => item.path)).not.toEqual(second.items.map((item) => item.path))
    expect(first.total_count).toBe(second.total_count)
  })

  test('duplicateAcrossPages: the first of a page is the last of the one before', async () => {
    world.sandbox.setFaults({ duplicateAcrossPages: true })
    const [first, second] = [await page('1'), await page('2')]
    expect(second.items[0]).toEqual(first.items.at(-1))
    expect(second.items).toHaveLength(50)
  })

  test('missingThenBack: a hit is left out once', async () => {
    world.sandbox.setFaults({ missingThenBack: { calls: [1] } })
    const [first, second] = [await page('1'), await page('1')]
    expect(first.items.length).toBeLessThan(50)
    expect(second.items).toHaveLength(50)
    expect(places(second)).toEqual(expect.arrayContaining(places(first)))
  })

  test('nullAttribution: description, owner.type and owner.node_id are null', async () => {
    world.sandbox.setFaults({ nullAttribution: true })
    const [hit] = (await search(world.sandbox, 'needle repo:ann/app')).items
    expect(hit?.repository).toMatchObject({ full_name: 'ann/app', description: null, owner: { type: null, node_id: null } })
  })

  test('searchTimesOut: 503 with a message', async () => {
    world.sandbox.setFaults({ searchTimesOut: true })
    const response = await ask(world.sandbox, searchPath('needle'))
    expect([response.status, response.headers.get('content-type')]).toEqual([503, 'application/json'])
  })
})

test.each(['light', 'heavy'] as const)('under the preset %s a patient client gets everything in the end, the same way every time', async (preset) => {
  async function outcomes(): Promise<(number | string)[]> {
    await using sandbox = await openSandbox(shelf, { faults: { ...faultPresets[preset], hang: false, slow: false }, seed: 7, limits: { codeSearchPerMinute: 1_000 } })
    let at = Date.parse('2026-03-01T09:00:00Z')
    sandbox.setNow(() => new Date(at))
    const seen: (number | string)[] = []
    for (let n = 0; n < 60; n += 1) {
      at += 61_000
      seen.push(await ask(sandbox, searchPath('needle')).then(async (response) => {
        await response.text()
        return response.status
      }, () => 'cut').catch(() => 'cut'))
    }
    return seen
  }
  const first = await outcomes()
  expect(first.filter((outcome) => outcome === 200).length).toBeGreaterThan(20)
  expect(first.filter((outcome) => outcome !== 200).length).toBeGreaterThan(0)
  expect(await outcomes()).toEqual(first)
})

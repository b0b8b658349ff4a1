import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eventVerbs, findingStates } from '../../src/db/schema/index.ts'
import { exposureCsv } from '../../src/metrics/exposure-csv.ts'
import type { CoverSpan } from '../../src/metrics/coverage-in-quarter.ts'
import { computeExposure } from '../../src/metrics/exposure.ts'
import { calendarOf, compute, event } from './support.ts'

const spread = { p75Hours: null, p90Hours: null, p95Hours: null }

describe('exposure', () => {
  test('counts what was found in the quarter and what is exposed at its start and end', () => {
    const exposure = compute([
      event('1', 'found', '2026-08-01T00:00:00Z'),
      event('2', 'found', '2026-11-01T00:00:00Z'),
      event('2', 'resolved', '2026-11-02T00:00:00Z'),
      event('3', 'found', '2026-12-01T00:00:00Z'),
    ])
    expect(exposure).toMatchObject({ exposedAtStart: 1, found: 2, closed: 1, exposedAtEnd: 2, dismissed: 0 })
  })

  test('what was found exactly at the end belongs to the next quarter', () => {
    expect(compute([event('1', 'found', '2027-01-01T00:00:00Z')], '2027-02-01T00:00:00Z').found).toBe(0)
  })

  test('a dismissed finding is no exposure and is counted apart', () => {
    const exposure = compute([event('1', 'found', '2026-11-01T00:00:00Z'), event('1', 'dismissed', '2026-11-02T00:00:00Z', { reason: 'tutorial' })])
    expect(exposure).toMatchObject({ found: 0, dismissed: 1, exposedAtEnd: 0 })
    expect(exposure.names[0]?.dismissedReason).toBe('tutorial')
  })

  test('a finding that was resolved and reopened is exposed, and not closed', () => {
    const exposure = compute([
      event('1', 'found', '2026-11-01T00:00:00Z'),
      event('1', 'resolved', '2026-11-02T00:00:00Z'),
      event('1', 'reopened', '2026-11-05T00:00:00Z'),
    ])
    expect(exposure).toMatchObject({ closed: 0, exposedAtEnd: 1 })
    expect(exposure.names[0]?.resolvedAt).toBeNull()
    expect(exposure.mttr).toEqual({ meanHours: null, medianHours: null, ...spread, known: 0, unknown: 1 })
  })

  test('what was over before the quarter began is no part of it', () => {
    expect(compute([event('1', 'found', '2026-05-01T00:00:00Z'), event('1', 'resolved', '2026-06-01T00:00:00Z')]).names).toEqual([])
  })

  test('durations leave out unknown moments and count them', () => {
    const known = { identifier: 'a', publicSince: '2026-11-01T00:00:00Z', publicSinceIsLowerBound: false }
    const exposure = compute([
      event('1', 'found', '2026-11-01T10:00:00Z', { facts: known }),
      event('1', 'acknowledged', '2026-11-01T12:00:00Z'),
      event('2', 'found', '2026-11-03T00:00:00Z'),
      event('2', 'acknowledged', '2026-11-03T06:00:00Z'),
      event('3', 'found', '2026-11-04T00:00:00Z'),
    ])
    expect(exposure.mttd).toEqual({ meanHours: 10, medianHours: 10, p75Hours: 10, p90Hours: 10, p95Hours: 10, known: 1, unknown: 2 })
    expect(exposure.mtta).toEqual({ meanHours: 4, medianHours: 4, p75Hours: 5, p90Hours: 5.6, p95Hours: 5.8, known: 2, unknown: 1 })
  })

  test('a place found later that was public earlier moves the beginning', () => {
    const exposure = compute([
      event('1', 'found', '2026-11-10T00:00:00Z'),
      event('1', 'place-added', '2026-11-12T00:00:00Z', { facts: { publicSince: '2026-11-02T00:00:00Z', publicSinceIsLowerBound: false } }),
    ])
    expect(exposure.names[0]).toMatchObject({ publicSince: '2026-11-02T00:00:00Z', publicSinceIsLowerBound: false })
  })

  test('later events change nothing in what was known at a moment', () => {
    const early = [event('1', 'found', '2026-11-01T00:00:00Z')]
    const late = [...early, event('1', 'resolved', '2026-11-20T00:00:00Z'), event('2', 'found', '2026-11-21T00:00:00Z')]
    expect(JSON.stringify(compute(late, '2026-11-10T00:00:00Z'))).toBe(JSON.stringify(compute(early, '2026-11-10T00:00:00Z')))
  })

  test('every name counts once, however often it went to and fro', () => {
    const old = '2026-05-01T00:00:00Z'
    const exposure = compute([
      // Exposed at the start, over, and back.
      event('1', 'found', old), event('1', 'resolved', '2026-10-02T00:00:00Z'), event('1', 'reopened', '2026-10-03T00:00:00Z'),
      // Over before, back, over, back, over.
      event('2', 'found', old), event('2', 'resolved', '2026-06-01T00:00:00Z'), event('2', 'reopened', '2026-10-03T00:00:00Z'),
      event('2', 'resolved', '2026-10-04T00:00:00Z'), event('2', 'reopened', '2026-10-05T00:00:00Z'), event('2', 'resolved', '2026-10-06T00:00:00Z'),
      // Over before, and back.
      event('3', 'found', old), event('3', 'resolved', '2026-06-01T00:00:00Z'), event('3', 'reopened', '2026-12-03T00:00:00Z'),
      // Exposed at the start, and no exposure after all.
      event('4', 'found', old), event('4', 'dismissed', '2026-11-01T00:00:00Z', { reason: 'a homonym' }),
      // Over before, and commented on.
      event('5', 'found', old), event('5', 'resolved', '2026-06-01T00:00:00Z'), event('5', 'commented', '2026-11-01T00:00:00Z', { state: 'resolved' }),
    ])
    expect(exposure).toMatchObject({ exposedAtStart: 2, found: 0, reopened: 2, closed: 1, withdrawn: 1, dismissed: 0, exposedAtEnd: 2 })
    expect(exposure.names.map(({ findingId, closedAt }) => [findingId, closedAt])).toEqual([['1', null], ['2', '2026-10-06T00:00:00.000Z'], ['3', null], ['4', null]])
  })

  test('a name that was found, is over, and back before the end is found, and not closed', () => {
    expect(compute([event('1', 'found', '2026-11-01T00:00:00Z'), event('1', 'resolved', '2026-11-02T00:00:00Z'), event('1', 'reopened', '2026-11-05T00:00:00Z')]))
      .toMatchObject({ found: 1, reopened: 0, closed: 0, exposedAtEnd: 1 })
  })

  test('the severity is that of the moment', () => {
    const events = [
      event('1', 'found', '2026-10-01T00:00:00Z', { facts: { identifier: 'a', severity: 'low' } }),
      event('1', 'reassessed', '2026-11-01T00:00:00Z', { facts: { severity: 'critical', before: 'low' } }),
      event('1', 'reassessed', '2027-02-01T00:00:00Z', { facts: { severity: 'high', before: 'critical' } }),
    ]
    expect(compute(events, '2026-10-15T00:00:00Z').by.severity).toEqual({ low: expect.objectContaining({ exposedAtEnd: 1 }) })
    expect(compute(events, '2027-03-01T00:00:00Z').by.severity).toEqual({ critical: expect.objectContaining({ exposedAtEnd: 1 }) })
  })

  test('the team is the one that owned the name at the end, whatever it is called later', () => {
    const fact = { inInventory: true, publicOnPurpose: false }
    const identifiers = new Map([['1', [
      { ...fact, team: 'identity', at: new Date('2026-01-01T00:00:00Z') }, { ...fact, team: 'iam', at: new Date('2026-12-01T00:00:00Z') }, { ...fact, team: 'access', at: new Date('2027-01-01T00:00:00Z') },
    ]]])
    expect(Object.keys(compute([event('1', 'found', '2026-10-01T00:00:00Z')], '2027-05-01T00:00:00Z', { identifiers }).by.team)).toEqual(['iam'])
  })

  test('claimable is what the registries had told by then: one "yes" is enough, "no" takes all of them, and nobody asked is neither', () => {
    const claim = (registry: string, claimable: 'yes' | 'no' | 'unknown', at = '2026-10-02T00:00:00Z') => ({ registry, claimable, at: new Date(at) })
    const exposure = compute(['1', '2', '3', '4', '5'].map((id) => event(id, 'found', '2026-10-01T00:00:00Z')), '2027-02-01T00:00:00Z', {
      claims: new Map([
        ['1', [claim('npm', 'no'), claim('docker', 'yes')]],
        ['2', [claim('npm', 'yes'), claim('npm', 'no', '2026-11-01T00:00:00Z'), claim('npm', 'yes', '2027-01-01T00:00:00Z')]],
        ['3', [claim('npm', 'no'), claim('docker', 'unknown')]],
        ['4', [claim('npm', 'yes', '2027-01-05T00:00:00Z')]],
      ]),
    })
    expect(exposure.claimable).toEqual({ exposedAtEnd: { yes: 1, no: 1, unknown: 1, notAsked: 2 }, found: { yes: 1, no: 1, unknown: 1, notAsked: 2 } })
    expect(exposure.by.ecosystem['npm']).toMatchObject({ exposedAtEnd: 5, claimableAtEnd: 1 })
  })

  test('a publication that is told to be later than our first sight of it is no date', () => {
    const facts = { identifier: 'a', publicSince: '2026-11-02T00:00:00Z', publicSinceIsLowerBound: false }
    const gone = event('1', 'proposed', '2026-11-05T00:00:00Z', { facts: { gone: true } })
    expect(compute([event('1', 'found', '2026-11-01T00:00:00Z', { facts }), gone])).toMatchObject({ mttd: { known: 0, unknown: 1 }, window: { known: 0, unknown: 1 } })
  })
})

describe('coverage in the quarter', () => {
  const day = (date: string) => new Date(`${date}T00:00:00Z`)
  const span = (identifierId: string, more: Partial<CoverSpan> = {}): CoverSpan => ({ identifierId, source: 'a', since: day('2026-09-01'), until: null, provenAt: null, lookedAt: null, ...more })
  const swept = { provenAt: day('2026-10-02'), lookedAt: day('2026-10-02') }
  const known = (ids: string[], fact = {}) => new Map(ids.map((id) => [id, [{ inInventory: true, publicOnPurpose: false, team: null, at: day('2026-01-01'), ...fact }]]))
  const coverage = (covers: CoverSpan[], ids = ['1']) => compute([], '2026-12-01T00:00:00Z', { covers, identifiers: known(ids) }).coverage

  test('tells a zero that is proven apart from one that is not', () => {
    const covers = [span('1', swept), span('1', { ...swept, source: 'b' }), span('2', swept), span('2', { source: 'b', lookedAt: day('2026-10-05') }), span('3'), span('3', { source: 'b' })]
    expect(coverage(covers, ['1', '2', '3'])).toEqual({
      identifiers: 3, proven: 1, partly: 1, neverSwept: 1, bySource: { a: { proven: 2, partly: 0, never: 1 }, b: { proven: 1, partly: 1, never: 1 } },
    })
  })

  test('takes every watch that covers a name', () => {
    expect(coverage([span('1', swept), span('1')])).toMatchObject({ proven: 0, partly: 1 })
    expect(coverage([span('1', swept), span('1', swept)])).toMatchObject({ proven: 1 })
  })

  test('a name that was proven stays so when the plan of its watches changes', () => {
    expect(coverage([span('1', { ...swept, until: day('2026-11-01') }), span('1', { since: day('2026-11-01') })])).toMatchObject({ proven: 1 })
  })

  test('a watch that stopped before it was swept does not stand in the way of the others for ever', () => {
    expect(coverage([span('1', swept), span('1', { until: day('2026-10-10') })])).toMatchObject({ proven: 1 })
    expect(coverage([span('1', { ...swept, until: day('2026-10-05') }), span('1', { until: day('2026-10-10') }), span('1', { since: day('2026-10-10') })])).toMatchObject({ proven: 0, partly: 1 })
  })

  test('of a source that watched nothing at the end nothing is asked', () => {
    expect(coverage([span('1', swept), span('1', { source: 'b', until: day('2026-11-01') })])).toMatchObject({ proven: 1, bySource: { a: { proven: 1 } } })
  })

  test('without any source nothing was looked at, and what is public on purpose or retired is not asked for', () => {
    expect(coverage([])).toMatchObject({ identifiers: 1, proven: 0, neverSwept: 1 })
    const identifiers = new Map([...known(['1'], { publicOnPurpose: true }), ...known(['2'], { inInventory: false }), ...known(['3'], { at: day('2026-12-24') })])
    expect(compute([], '2026-12-01T00:00:00Z', { covers: [span('1', swept)], identifiers }).coverage).toMatchObject({ identifiers: 0 })
  })
})

describe('the csv', () => {
  test('has a header and a row per name, with CRLF line ends', () => {
    const text = exposureCsv(compute([event('1', 'found', '2026-11-01T00:00:00Z')]))
    const lines = text.split('\r\n')
    expect(lines[0]).toMatch(/^quarter,asOf,findingId,identifier,/)
    expect(lines[1]).toContain('name-1')
    expect(lines).toHaveLength(3)
  })

  test.each(['=cmd()', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\uFF1D1', '\uFF0B1', '\uFF0D1', '\uFF201'])('a name such as %j cannot become a formula', (name) => {
    const text = exposureCsv(compute([event('1', 'found', '2026-11-01T00:00:00Z', { facts: { identifier: name } })]))
    expect(text).toContain(`'${name}`)
  })

  test('without names it is the header alone', () => {
    expect(exposureCsv(compute([])).split('\r\n')).toHaveLength(2)
  })
})

describe('places that are gone', () => {
  const gone = { facts: { gone: true }, reason: 'no place is public any more' }
  const found = event('1', 'found', '2026-10-05T00:00:00Z', { facts: { identifier: 'n', publicSince: '2026-10-04T00:00:00Z', publicSinceIsLowerBound: true } })
  const dated = event('1', 'dated', '2026-10-05T01:00:00Z', { facts: { publicSince: '2026-10-01T00:00:00Z', publicSinceIsLowerBound: false } })
  const proposed = event('1', 'proposed', '2026-10-11T00:00:00Z', gone)

  test('close the exposure on evidence, from when the evidence says that it began', () => {
    expect(compute([found, dated, proposed])).toMatchObject({ closed: 1, exposedAtEnd: 0, window: { meanHours: 240, known: 1 }, mttd: { meanHours: 96 } })
  })

  test('that a history still has, and those that came back, keep it open', () => {
    expect(compute([found, { ...proposed, facts: { gone: false } }])).toMatchObject({ closed: 0, exposedAtEnd: 1, window: { unknown: 1 } })
    expect(compute([found, proposed, event('1', 'proposal-withdrawn', '2026-10-12T00:00:00Z')])).toMatchObject({ closed: 0, exposedAtEnd: 1 })
  })

  test('count as of the moment that is asked for', () => {
    expect(compute([found, dated, proposed], '2026-10-10T00:00:00Z')).toMatchObject({ closed: 0, exposedAtEnd: 1, names: [{ goneAt: null, publicSince: '2026-10-01T00:00:00Z' }] })
  })
})

test('start + found + reopened - closed - withdrawn is the end, and each name is in it once, whatever happens in whatever order', () => {
  const calendar = calendarOf()
  const quarters = ['2026-Q2', '2026-Q3', '2026-Q4'].map((name) => calendar.quarter(name))
  const bounds = quarters.flatMap(({ from, to }) => [from.getTime(), to.getTime() - 1, to.getTime()])
  const moment = fc.oneof(fc.integer({ min: Date.UTC(2026, 2, 1), max: Date.UTC(2027, 1, 1) }), fc.constantFrom(...bounds)).map((at) => new Date(at))
  const step = fc.record({ verb: fc.constantFrom(...eventVerbs), state: fc.constantFrom(...findingStates), at: moment, gone: fc.boolean() })
  const life = fc.record({ born: moment, steps: fc.array(step, { maxLength: 8 }) })
  fc.assert(fc.property(fc.array(life, { maxLength: 12 }), moment, (lives, asOf) => {
    const findings = lives.map(({ born, steps }, index) => ({
      findingId: String(index), identifierId: String(index),
      events: [
        { verb: 'found' as const, state: 'open' as const, at: born, reason: null, facts: { identifier: `name-${index}` } },
        ...steps.filter(({ at }) => at >= born).toSorted((a, b) => a.at.getTime() - b.at.getTime()).map(({ gone, ...rest }) => ({ ...rest, reason: null, facts: { gone } })),
      ],
    }))
    const history = { findings, claims: new Map(), identifiers: new Map() }
    const answers = quarters.filter(({ from }) => from < asOf).map((quarter) => computeExposure({ quarter, timezone: 'UTC', asOf, history, covers: [] }))
    for (const answer of answers) {
      expect(answer.exposedAtStart + answer.found + answer.reopened - answer.closed - answer.withdrawn).toBe(answer.exposedAtEnd)
      expect(new Set(answer.names.map(({ findingId }) => findingId)).size).toBe(answer.names.length)
      expect(answer.mttr.known + answer.mttr.unknown).toBe(answer.found)
    }
    expect(answers.slice(1).map(({ exposedAtStart }) => exposedAtStart)).toEqual(answers.slice(0, -1).map(({ exposedAtEnd }) => exposedAtEnd))
  }), { numRuns: 300, seed: 5 })
})

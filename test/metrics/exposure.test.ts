import { describe, expect, test } from 'vitest'
import { exposureCsv } from '../../src/metrics/exposure-csv.ts'
import { computeExposure, type HistoryEvent } from '../../src/metrics/exposure.ts'
import { parseQuarter, quarterAt } from '../../src/metrics/quarter.ts'

const quarter = parseQuarter('2026-Q4')

function event(findingId: string, verb: HistoryEvent['verb'], at: string, more: Partial<HistoryEvent> = {}): HistoryEvent {
  const states: Partial<Record<HistoryEvent['verb'], HistoryEvent['state']>> = { acknowledged: 'acknowledged', resolved: 'resolved', dismissed: 'dismissed' }
  return {
    findingId, verb, at: new Date(at), state: states[verb] ?? 'open', reason: null,
    facts: verb === 'found' || verb === 'place-added' ? { identifier: `name-${findingId}`, ecosystem: 'npm', source: 'github-code', role: 'dependency', publicSince: at, publicSinceIsLowerBound: true } : {},
    ...more,
  }
}
const compute = (events: HistoryEvent[], asOf = '2027-01-01T00:00:00Z', coverage: Parameters<typeof computeExposure>[0]['coverage'] = []) =>
  computeExposure({ quarter, asOf: new Date(asOf), events, coverage })

describe('a quarter', () => {
  test('begins with its first month and ends before the next, in UTC', () => {
    expect([quarter.from.toISOString(), quarter.to.toISOString()]).toEqual(['2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'])
  })

  test.each([['2026-09-30T23:59:59.999Z', '2026-Q3'], ['2026-10-01T00:00:00Z', '2026-Q4'], ['2027-01-01T00:00:00Z', '2027-Q1']])('%s lies in %s', (moment, name) => {
    expect(quarterAt(new Date(moment)).name).toBe(name)
  })

  test.each(['2026', '2026-Q5', 'Q4', '2026-Q4x', ''])('"%s" is refused with an example', (text) => {
    expect(() => parseQuarter(text)).toThrow(/such as 2026-Q4/)
  })
})

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
    expect(exposure.mttr).toEqual({ meanHours: null, medianHours: null, known: 0, unknown: 1 })
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
    expect(exposure.mttd).toEqual({ meanHours: 10, medianHours: 10, known: 1, unknown: 2 })
    expect(exposure.mtta).toEqual({ meanHours: 4, medianHours: 4, known: 2, unknown: 1 })
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

  test('a zero that is proven is told apart from one that is not', () => {
    const at = new Date('2026-11-01T00:00:00Z')
    const exposure = compute([], '2026-12-01T00:00:00Z', [
      { identifier: '1', source: 'a', completeAt: at }, { identifier: '1', source: 'b', completeAt: at },
      { identifier: '2', source: 'a', completeAt: at }, { identifier: '2', source: 'b', completeAt: null },
      { identifier: '3', source: 'a', completeAt: null }, { identifier: '3', source: 'b', completeAt: null },
    ])
    expect(exposure).toMatchObject({ exposedAtEnd: 0, coverage: { identifiers: 3, proven: 1, neverSwept: 1 } })
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

  test.each(['=cmd()', '+1', '-1', '@SUM(A1)', '\t=1'])('a name such as %j cannot become a formula', (name) => {
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

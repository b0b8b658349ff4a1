import { describe, expect, test } from 'vitest'
import { compareDrills } from '../../src/drills/compare-drills.ts'
import { judgeDrill, type DrillFacts } from '../../src/drills/judge-drill.ts'

const at = (hours: number): Date => new Date(Date.parse('2026-11-01T00:00:00Z') + hours * 3_600_000)

function facts(more: Partial<DrillFacts> = {}): DrillFacts {
  return {
    id: '1', identifier: 'acme-corp-canary-k2b3c4d5f6', ecosystem: 'npm', startedBy: 'eve', startedAt: at(0),
    findWithinSeconds: 24 * 3_600, acknowledgeWithinSeconds: 4 * 3_600, plantedAt: at(1), plantedUrl: null, endedAt: null,
    findingId: null, foundAt: null, foundBy: null, alertedAt: null, alertedOn: null, deadAlerts: 0, waitingAlerts: 0,
    acknowledgedAt: null, acknowledgedBy: null, resolvedAt: null, cleanedAt: null,
    looks: { complete: 2, incomplete: {}, sources: ['github-code'] }, ...more,
  }
}
const found = { findingId: '7', foundAt: at(3), foundBy: 'github-code' }

describe('a drill', () => {
  test('passes when it was found, told and acknowledged in time, with the times since the planting', () => {
    expect(judgeDrill(facts({ ...found, alertedAt: at(3.5), alertedOn: 'slack', acknowledgedAt: at(5), cleanedAt: at(9) }), at(10))).toEqual({
      outcome: 'passed', step: null, why: 'found, told and acknowledged in time',
      secondsToFound: 7_200, secondsToAlerted: 9_000, secondsToAcknowledged: 14_400, secondsToCleaned: 28_800,
    })
  })

  test.each<[string, Partial<DrillFacts>, number, string, string, RegExp]>([
    ['waits for its planting', { plantedAt: null }, 500, 'running', 'planted', /nobody has said/],
    ['that was found before anybody said when it was planted has no time', { plantedAt: null, ...found }, 5, 'running', 'planted', /no time can be told/],
    ['waits to be found', {}, 24.9, 'running', 'found', /2 complete runs of github-code looked since/],
    ['that complete runs did not find fails', {}, 25, 'failed', 'found', /not found within 24 h of the planting, although 2 complete runs/],
    ['that no complete run looked for could not tell', { looks: { complete: 0, incomplete: { failed: 2, throttled: 1 }, sources: ['github-code'] } }, 25, 'could-not-tell', 'found', /0 complete runs, 2 failed, 1 throttled/],
    ['that no source was asked for could not tell', { looks: { complete: 0, incomplete: {}, sources: [] } }, 25, 'could-not-tell', 'found', /no source was asked/],
    ['that was found too late fails although all went well after it', { findingId: '7', foundAt: at(26), alertedAt: at(26), acknowledgedAt: at(26) }, 30, 'failed', 'found', /after 25 h, 24 h were allowed/],
    ['waits to be told', { ...found, waitingAlerts: 1 }, 4, 'running', 'alerted', /still waits/],
    ['that was never told fails', { ...found, waitingAlerts: 1 }, 7, 'failed', 'alerted', /still waits/],
    ['whose alert was refused fails at once', { ...found, deadAlerts: 1 }, 3, 'failed', 'alerted', /refused the alert for good/],
    ['without a channel fails', { ...found }, 7, 'failed', 'alerted', /no channel was to hear of it/],
    ['that was told too late fails', { ...found, alertedAt: at(8), acknowledgedAt: at(8) }, 9, 'failed', 'alerted', /after 5 h, 4 h were allowed/],
    ['waits to be acknowledged', { ...found, alertedAt: at(3) }, 6.9, 'running', 'acknowledged', /nobody has/],
    ['that nobody acknowledged fails', { ...found, alertedAt: at(3) }, 7, 'failed', 'acknowledged', /within 4 h of the alert/],
    ['that was acknowledged too late fails', { ...found, alertedAt: at(3), acknowledgedAt: at(8) }, 9, 'failed', 'acknowledged', /after 5 h/],
    ['that was ended before its time was over is neither', { endedAt: at(2) }, 900, 'abandoned', 'found', /not found yet/],
    ['that was ended after its time has the verdict of its end', { endedAt: at(30) }, 900, 'failed', 'found', /not found within/],
  ])('%s', (_, more, now, outcome, step, why) => {
    const verdict = judgeDrill(facts(more), at(now))
    expect([verdict.outcome, verdict.step]).toEqual([outcome, step])
    expect(verdict.why).toMatch(why)
  })
})

describe('drills over time', () => {
  const done = (id: string, start: number, toFound: number, toAcknowledged: number) => facts({
    id, startedAt: at(start), plantedAt: at(start), endedAt: at(start + 20), findingId: id, foundAt: at(start + toFound), alertedAt: at(start + toFound), acknowledgedAt: at(start + toAcknowledged),
  })

  test('each is compared with the one before it that has the time, and the median is over all that have it', () => {
    const report = compareDrills([done('3', 200, 1, 1.5), done('1', 0, 4, 5), facts({ id: '2', startedAt: at(100), plantedAt: null, endedAt: at(101) })], at(300))
    expect(report.drills.map(({ id, secondsToFound, change }) => [id, secondsToFound, change.secondsToFound, change.secondsToAcknowledged])).toEqual([
      ['1', 14_400, null, null], ['2', null, null, null], ['3', 3_600, -10_800, -12_600],
    ])
    expect(report.median).toEqual({ secondsToFound: 9_000, secondsToAlerted: 9_000, secondsToAcknowledged: 11_700, secondsToCleaned: null })
    expect(report.outcomes).toEqual({ running: 0, passed: 2, failed: 0, 'could-not-tell': 0, abandoned: 1 })
  })

  test('none is a report too', () => {
    expect(compareDrills([], at(0)).median.secondsToFound).toBeNull()
  })
})

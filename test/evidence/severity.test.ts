import { describe, expect, test } from 'vitest'
import { identifierKinds } from '../../src/contracts/inventory.ts'
import { roles, type Role } from '../../src/contracts/match.ts'
import { severities as stored } from '../../src/db/schema/findings.ts'
import { assess, severities, worstRole, type ClaimFacts, type Severity } from '../../src/evidence/severity.ts'

const npm = { kind: 'package', ecosystem: 'npm', places: 1 } as const
const index = (severity: Severity): number => severities.indexOf(severity)

describe('severity', () => {
  test('has the words that the database stores, in its order', () => {
    expect(severities).toEqual(stored)
  })

  test.each<[Role, Severity]>([
    ['dependency', 'critical'],
    ['own-name', 'high'],
    ['resolved-url', 'high'],
    ['registry-config', 'high'],
    ['import', 'high'],
    ['ci', 'high'],
    ['stack-trace', 'medium'],
    ['code', 'medium'],
    ['prose', 'low'],
  ])('a package as %s is %s', (role, severity) => {
    expect(assess({ ...npm, role }).severity).toBe(severity)
  })

  test('hosts and codenames, which nobody can publish, are never above medium', () => {
    for (const kind of ['host', 'codename', 'other'] as const) {
      for (const role of roles) expect(index(assess({ kind, ecosystem: null, role, places: 1 }).severity)).toBeGreaterThanOrEqual(index('medium'))
    }
  })

  test('a better role is never worse', () => {
    for (const kind of identifierKinds) {
      const order = (['dependency', 'code', 'prose'] as const).map((role) => index(assess({ kind, ecosystem: null, role, places: 1 }).severity))
      expect(order).toEqual(order.toSorted((a, b) => a - b))
    }
  })

  test.each(['maven', 'go'] as const)('a dependency of %s is high: a stranger cannot simply take its name, and that is said', (ecosystem) => {
    const { severity, reasons } = assess({ kind: 'package', ecosystem, role: 'dependency', places: 1 })
    expect(severity).toBe('high')
    expect(reasons.join(' ')).toMatch(/dangerous where/)
  })

  test('says why in words, the most important first', () => {
    expect(assess({ ...npm, role: 'dependency' }).reasons).toEqual([
      'declared as a dependency in a public file: a build that resolves it from the public registry installs whatever a stranger publishes under this name',
    ])
  })

  test('what nobody else has seen yet is as bad, and is not called public', () => {
    for (const kind of ['package', 'host', 'codename'] as const) {
      for (const role of roles) {
        const facts = { kind, ecosystem: null, role, places: 1 }
        const [now, later] = [assess(facts), assess({ ...facts, isPublic: false })]
        expect(later.severity).toBe(now.severity)
        expect(later.reasons[0]).toMatch(/once (?:it is )?pushed/)
        expect(now.reasons[0]).not.toMatch(/pushed/)
        for (const reason of [...now.reasons, ...later.reasons]) expect(reason).not.toMatch(/[{|}]| {2}/)
        expect(later.reasons.join(' ').replaceAll(/public registry|public once pushed/g, '')).not.toContain('public')
      }
    }
  })

  test('every combination has at least one reason, and reasons are sentences', () => {
    for (const kind of identifierKinds) {
      for (const role of roles) {
        const { reasons } = assess({ kind, ecosystem: null, role, places: 9 })
        expect(reasons.length).toBeGreaterThanOrEqual(2)
        for (const reason of reasons) expect(reason.split(' ').length).toBeGreaterThan(3)
      }
    }
  })

  test('many places are a reason, not a severity', () => {
    const few = assess({ ...npm, role: 'code', places: 4 })
    const many = assess({ ...npm, role: 'code', places: 12 })
    expect(many.severity).toBe(few.severity)
    expect(few.reasons).toHaveLength(1)
    expect(many.reasons[1]).toContain('12 places')
  })
})

describe('the claim', () => {
  const claimed = (role: Role, claim: ClaimFacts) => assess({ ...npm, role, claim })

  test.each<[ClaimFacts, Role, Severity]>([
    [{ state: 'stranger', claimable: 'no' }, 'prose', 'critical'],
    [{ state: 'stranger', claimable: 'unknown' }, 'code', 'critical'],
    [{ state: 'ours', claimable: 'no' }, 'dependency', 'medium'],
    [{ state: 'ours', claimable: 'no' }, 'prose', 'low'],
    [{ state: 'unclaimed', claimable: 'yes' }, 'dependency', 'critical'],
    [{ state: 'unclaimed', claimable: 'yes' }, 'import', 'critical'],
    [{ state: 'unclaimed', claimable: 'yes' }, 'prose', 'medium'],
    [{ state: 'unclaimed', claimable: 'no' }, 'dependency', 'high'],
    [{ state: 'unclaimed', claimable: 'no' }, 'prose', 'low'],
    [{ state: 'unclaimed', claimable: 'unknown' }, 'import', 'high'],
    [{ state: 'placeholder', claimable: 'no' }, 'import', 'high'],
    [{ state: 'placeholder', claimable: 'yes' }, 'import', 'critical'],
    [{ state: 'unknown', claimable: 'unknown' }, 'dependency', 'critical'],
    [{ state: 'unknown', claimable: 'unknown' }, 'prose', 'low'],
  ])('%j as %s is %s', (claim, role, severity) => {
    expect(claimed(role, claim).severity).toBe(severity)
  })

  test('what could not be told never lowers a severity, and is said', () => {
    for (const role of roles) {
      const told = claimed(role, { state: 'unknown', claimable: 'unknown' })
      expect(told.severity).toBe(assess({ ...npm, role }).severity)
      expect(told.reasons.join(' ')).toMatch(/could not be told/)
    }
  })

  test("a stranger's package is the first reason", () => {
    expect(claimed('prose', { state: 'stranger', claimable: 'no' }).reasons[0]).toMatch(/somebody who is not us/)
  })

  test('a free name of Maven that can be taken is critical again', () => {
    expect(assess({ kind: 'group', ecosystem: 'maven', role: 'dependency', places: 1, claim: { state: 'unclaimed', claimable: 'yes' } }).severity).toBe('critical')
  })

  test('every state and answer has a row', () => {
    for (const state of ['unclaimed', 'ours', 'placeholder', 'stranger', 'unknown'] as const) {
      for (const claimable of ['yes', 'no', 'unknown'] as const) expect(claimed('code', { state, claimable }).reasons).toHaveLength(2)
    }
  })

  test('does not concern hosts', () => {
    const host = { kind: 'host', ecosystem: null, role: 'code', places: 1 } as const
    expect(assess({ ...host, claim: { state: 'stranger', claimable: 'yes' } })).toEqual(assess(host))
  })
})

describe('what became of the places', () => {
  const none = { live: 0, unknown: 0, 'gone-from-head': 0, gone: 0 }

  test.each<[string, Partial<typeof none>, Severity, RegExp | null]>([
    ['one of them is live', { live: 1, gone: 5 }, 'critical', null],
    ['none is known to be live, and one could not be told', { unknown: 1, gone: 5 }, 'critical', /could not be told/],
    ['only histories still have it', { 'gone-from-head': 2, gone: 1 }, 'high', /their history still has it/],
    ['all are gone', { gone: 3 }, 'medium', /whoever read it there knows it still/],
  ])('%s', (_, left, severity, reason) => {
    const told = assess({ ...npm, role: 'dependency', statuses: { ...none, ...left } })
    expect(told.severity).toBe(severity)
    expect(told.reasons.slice(1).join(' ')).toMatch(reason ?? /^$/)
  })

  test('does not help when a stranger holds the name', () => {
    expect(assess({ ...npm, role: 'prose', statuses: { ...none, gone: 1 }, claim: { state: 'stranger', claimable: 'no' } }).severity).toBe('critical')
  })
})

describe('signs of an attack', () => {
  test('are the second reason, after the stranger', () => {
    const { reasons } = assess({ ...npm, role: 'import', claim: { state: 'stranger', claimable: 'no', suspicious: true } })
    expect(reasons[0]).toMatch(/somebody who is not us/)
    expect(reasons[1]).toMatch(/several signs/)
  })
  test('on record as malicious: an attack of the past, and no flaw of our own package', () => {
    for (const state of ['stranger', 'placeholder', 'unclaimed'] as const) {
      expect(assess({ ...npm, role: 'import', claim: { state, claimable: 'no', onRecord: true } }).reasons[1]).toMatch(/on record as malicious.*no flaw of our own/)
    }
  })
})

describe('the worst role', () => {
  test('is the dependency before everything and prose last', () => {
    expect(worstRole(['prose', 'code', 'dependency', 'ci'])).toBe('dependency')
    expect(worstRole(['prose', 'code'])).toBe('code')
    expect(worstRole(['prose'])).toBe('prose')
    expect(worstRole(roles.toReversed())).toBe('dependency')
  })

  test('of nothing is prose', () => {
    expect(worstRole([])).toBe('prose')
  })
})

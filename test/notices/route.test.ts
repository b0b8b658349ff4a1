import { describe, expect, test } from 'vitest'
import { routedKinds, severityNames, type Rule, type Routing } from '../../src/contracts/routing.ts'
import { findUnreachable, route, unrouted, type Facts } from '../../src/notices/route.ts'

const leak: Facts = { kind: 'leaked', severity: 'high', team: 'payments', ecosystem: 'npm', sources: ['github-code'] }
const summary: Facts = { kind: 'baseline', severity: null, team: null, ecosystem: null, sources: [] }
const rule = (when: Rule['when'], to: readonly string[], more: Partial<Rule> = {}): Rule => ({ when, to, continue: false, ...more })

function routing(names: readonly string[], rules: readonly Rule[], waking: readonly string[] = []): Routing {
  return { ...unrouted(names), destinations: names.map((name) => ({ name, alertsOnly: waking.includes(name) })), rules }
}

describe('a route', () => {
  test('without rules leads to every destination', () => {
    expect(route(unrouted(['slack', 'teams']), leak)).toEqual(['slack', 'teams'])
  })

  test('without destinations leads nowhere', () => {
    expect(route(unrouted([]), leak)).toEqual([])
  })

  test.each<[string, Rule['when']]>([
    ['severity', { severity: ['critical', 'high'] }],
    ['team', { team: ['payments'] }],
    ['ecosystem', { ecosystem: ['npm', 'pypi'] }],
    ['source', { source: ['github-code'] }],
    ['kind', { kind: ['leaked'] }],
    ['all of them', { severity: ['high'], team: ['payments'], ecosystem: ['npm'], source: ['github-code'], kind: ['leaked'] }],
    ['nothing', {}],
  ])('is taken by %s', (_, when) => {
    expect(route(routing(['slack', 'teams'], [rule(when, ['teams'])]), leak)).toEqual(['teams'])
  })

  test.each<[string, Rule['when']]>([
    ['another severity', { severity: ['low'] }],
    ['another team', { team: ['identity'] }],
    ['another ecosystem', { ecosystem: ['maven'] }],
    ['another source', { source: ['stack-exchange'] }],
    ['another kind', { kind: ['claim'] }],
    ['all but one', { severity: ['high'], team: ['payments'], ecosystem: ['maven'] }],
  ])('of %s goes on to who is named in no rule', (_, when) => {
    expect(route(routing(['slack', 'teams'], [rule(when, ['teams'])]), leak)).toEqual(['slack'])
  })

  test.each<[string, Partial<Facts>]>([['no team', { team: null }], ['no ecosystem', { ecosystem: null }], ['no source', { sources: [] }]])('of a finding with %s is not taken by a rule that asks for one', (_, facts) => {
    const asking = rule({ team: ['payments'], ecosystem: ['npm'], source: ['github-code'] }, ['teams'])
    expect(route(routing(['slack', 'teams'], [asking]), { ...leak, ...facts })).toEqual(['slack'])
  })

  test('of a finding in several sources is taken by a rule that asks for one of them', () => {
    expect(route(routing(['slack', 'teams'], [rule({ source: ['stack-exchange'] }, ['teams'])]), { ...leak, sources: ['github-code', 'stack-exchange'] })).toEqual(['teams'])
  })

  test('ends at the first rule that takes it', () => {
    expect(route(routing(['slack', 'teams', 'email'], [rule({ team: ['payments'] }, ['teams']), rule({}, ['email'])]), leak)).toEqual(['teams'])
  })

  test('goes on behind a rule that says continue, and adds to it', () => {
    const rules = [rule({ severity: ['high'] }, ['teams'], { continue: true }), rule({ team: ['payments'] }, ['email', 'teams']), rule({}, ['slack'])]
    expect(route(routing(['slack', 'teams', 'email'], rules), leak)).toEqual(['teams', 'email'])
  })

  test('that only a rule with continue took ends there: who is named nowhere does not hear of it', () => {
    expect(route(routing(['slack', 'teams'], [rule({}, ['teams'], { continue: true })]), leak)).toEqual(['teams'])
  })

  test('that no rule takes, where rules name every destination, leads to all of them', () => {
    expect(route(routing(['slack', 'teams'], [rule({ severity: ['low'] }, ['slack']), rule({ severity: ['medium'] }, ['teams'])]), leak)).toEqual(['slack', 'teams'])
  })

  test('of a summary is taken by rules that ask for its kind or for nothing, not by those that ask for a finding', () => {
    expect(route(routing(['slack', 'teams'], [rule({ severity: [...severityNames] }, ['teams'])]), summary)).toEqual(['slack'])
    expect(route(routing(['slack', 'teams'], [rule({ kind: ['baseline'] }, ['teams'])]), summary)).toEqual(['teams'])
    expect(route(routing(['slack', 'teams'], [rule({}, ['teams'])]), summary)).toEqual(['teams'])
  })
})

describe('a destination that wakes people', () => {
  const waking = routing(['slack', 'pagerduty'], [], ['pagerduty'])
  const withRule = (when: Rule['when'], to = ['pagerduty']) => ({ ...waking, rules: [rule(when, to)] })

  test('is woken by alerts, and not by places and summaries', () => {
    expect(route(waking, leak)).toEqual(['slack', 'pagerduty'])
    expect(route(waking, { ...leak, kind: 'place' })).toEqual(['slack'])
    expect(route(waking, summary)).toEqual(['slack'])
  })

  test('gets places where a rule names their kind, and not where it takes them among others', () => {
    expect(route(withRule({ severity: ['high'] }), { ...leak, kind: 'place' })).toEqual(['slack'])
    expect(route(withRule({ kind: ['place'] }), { ...leak, kind: 'place' })).toEqual(['pagerduty'])
  })

  test('that is the only one gets everything: nothing is told to nobody', () => {
    for (const kind of routedKinds) expect(route(routing(['pagerduty'], [], ['pagerduty']), { ...leak, kind })).toEqual(['pagerduty'])
  })
})

test('whatever the rules, news lead somewhere, and only to what is configured', () => {
  const names = ['slack', 'teams', 'pagerduty']
  const whens: Rule['when'][] = [{}, { severity: ['high'] }, { team: ['nobody'] }, { kind: ['place'] }, { kind: ['baseline'], severity: ['low'] }]
  const targets = [['slack'], ['pagerduty'], ['teams', 'slack'], names, ['gone']]
  let tried = 0
  for (const first of whens) for (const second of whens) for (const one of targets) for (const two of targets) for (const more of [true, false]) {
    const rules = [rule(first, one, { continue: more }), rule(second, two)]
    for (const kind of routedKinds) {
      const told = route(routing(names, rules, ['pagerduty']), kind === 'baseline' ? summary : { ...leak, kind })
      expect(told.length).toBeGreaterThan(0)
      expect(told.filter((name) => !names.includes(name))).toEqual([])
      tried += 1
    }
  }
  expect(tried).toBe(6250)
})

describe('what can never be told', () => {
  test('is nothing without rules', () => {
    expect(findUnreachable(unrouted(['slack', 'teams']))).toEqual([])
  })

  test('is nothing where the rules leave something for who is not named', () => {
    expect(findUnreachable(routing(['slack', 'teams'], [rule({ severity: ['high'] }, ['teams'])]))).toEqual([])
  })

  test('is a destination behind a rule that takes everything, and the rule too', () => {
    expect(findUnreachable(routing(['slack', 'teams', 'email'], [rule({}, ['teams']), rule({ severity: ['high'] }, ['email'])]))).toEqual([
      expect.stringContaining('slack can never'),
      expect.stringContaining('email can never'),
      expect.stringContaining('rule 2 of notify.routes is never asked: rule 1 takes everything'),
    ])
  })

  test('is not a destination that an escalation reaches', () => {
    const escalating = { ...routing(['slack', 'teams'], [rule({}, ['teams'])]), escalate: [{ afterMs: 1, when: {}, to: ['slack'] }] }
    expect(findUnreachable(escalating)).toEqual([])
  })

  test('is not what a rule with continue leaves', () => {
    expect(findUnreachable(routing(['slack', 'teams'], [rule({}, ['teams'], { continue: true }), rule({ severity: ['high'] }, ['slack'])]))).toEqual([])
  })
})

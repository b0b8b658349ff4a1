import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRouting } from '../../src/app/read-routing.ts'
import { loadConfig, type Config } from '../../src/config.ts'
import type { OpenNotifier } from '../../src/contracts/notifier.ts'
import type { Routing } from '../../src/contracts/routing.ts'
import { Invalid } from '../../src/errors.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-routing-'))
})
afterAll(() => rm(folder, { recursive: true }))

const unused = (): Promise<never> => Promise.reject(new Error('nothing is sent here'))
function open(alertsOnly: boolean): OpenNotifier {
  return { destination: 'example.test', limit: { max: 1, perMs: 1 }, alertsOnly, send: unused, sendPlain: unused, check: unused }
}
const notifiers = new Map([['slack', open(false)], ['slack-payments', open(false)], ['pagerduty', open(true)]])

async function load(notify: string): Promise<Config> {
  const file = path.join(folder, 'namesake.yaml')
  await writeFile(file, `organization: { name: Acme }\nnotify:\n${notify.replaceAll(/^/gm, '  ')}\n`)
  return loadConfig({ path: file, env: {} })
}
const read = async (notify: string): Promise<Routing> => readRouting(await load(notify), notifiers)
async function faultsOf(notify: string): Promise<string> {
  const error = await read(notify).then(() => null, (thrown: unknown) => thrown)
  if (!(error instanceof Invalid)) throw new Error('expected Invalid', { cause: error })
  return error.message
}

describe('the routing', () => {
  test('of a configuration that says nothing tells everybody everything, many at once as one message', async () => {
    expect(await read('baseline: true')).toMatchObject({
      destinations: [{ name: 'slack', alertsOnly: false }, { name: 'slack-payments', alertsOnly: false }, { name: 'pagerduty', alertsOnly: true }],
      rules: [], quietHours: null, storm: { more: 10, withinMs: 600_000 }, escalate: [],
    })
  })

  test('has what was written, with times as numbers', async () => {
    const routing = await read([
      'timezone: Europe/Berlin',
      'routes:',
      '  - { when: { severity: [critical, high], team: [payments], kind: [leaked, claim] }, to: [slack-payments, pagerduty] }',
      '  - { to: [slack], continue: true }',
      'quietHours: { from: "22:30", to: "7:00", days: [mon, fri], wholeDays: [sun] }',
      'storm: { more: 3, within: 90m }',
      'escalate: [{ after: 4h, when: { severity: [critical], source: [github-code] }, to: [pagerduty] }]',
    ].join('\n'))
    expect(routing).toMatchObject({
      rules: [
        { when: { severity: ['critical', 'high'], team: ['payments'], kind: ['leaked', 'claim'] }, to: ['slack-payments', 'pagerduty'], continue: false },
        { when: {}, to: ['slack'], continue: true },
      ],
      quietHours: { timezone: 'Europe/Berlin', from: 22 * 60 + 30, to: 7 * 60, days: [1, 5], wholeDays: [0], except: { severity: ['critical'] } },
      storm: { more: 3, withinMs: 90 * 60_000 },
      escalate: [{ afterMs: 4 * 3_600_000, when: { severity: ['critical'], source: ['github-code'] }, to: ['pagerduty'] }],
    })
  })

  test('keeps quiet hours in a zone of their own', async () => {
    expect((await read('timezone: Europe/Berlin\nquietHours: { timezone: Asia/Tokyo }')).quietHours?.timezone).toBe('Asia/Tokyo')
  })
})

describe('what leads nowhere is refused', () => {
  test.each([
    ['routes: [{ to: [slack-payment] }]', 'notify.routes.0.to.0: no such destination is configured; did you mean "slack-payments"? (got "slack-payment")'],
    ['routes: [{ to: [slack] }, { to: [slack, teams] }]', 'notify.routes.1.to.1: no such destination is configured; known here: slack, slack-payments, pagerduty (got "teams")'],
    ['escalate: [{ after: 4h, to: [pagerdutty] }]', 'notify.escalate.0.to.0: no such destination is configured; did you mean "pagerduty"? (got "pagerdutty")'],
    ['routes: [{ when: { source: [github] }, to: [slack] }]', 'notify.routes.0.when.source.0: no such source; known here: '],
    ['escalate: [{ after: 4h, when: { source: [git-hub-code] }, to: [slack] }]', 'notify.escalate.0.when.source.0: no such source; did you mean "github-code"?'],
    ['quietHours: { except: { source: [stackexchange] } }', 'notify.quietHours.except.source.0: no such source; did you mean "stack-exchange"?'],
  ])('%s', async (notify, words) => {
    expect(await faultsOf(notify)).toContain(words)
  })

  test('every fault at once', async () => {
    expect((await faultsOf('routes: [{ to: [a, b] }]\nescalate: [{ after: 1h, to: [c] }]')).split('\n')).toHaveLength(3)
  })

  test.each([
    ['routes: [{ when: { severity: [urgent] }, to: [slack] }]', 'notify.routes.0.when.severity.0: expected critical, high, medium or low (got "urgent")'],
    ['routes: [{ when: { severity: [] }, to: [slack] }]', 'notify.routes.0.when.severity: expected at least 1 entries'],
    ['routes: [{ when: { teams: [a] }, to: [slack] }]', 'notify.routes.0.when.teams: unknown key; did you mean "team"?'],
    ['routes: [{ when: {}, to: [] }]', 'notify.routes.0.to: expected at least 1 entries'],
    ['quietHours: { from: 10pm }', 'notify.quietHours.from: expected a time of day such as 22:00 (in quotes) (got "10pm")'],
    ['quietHours: { days: [monday] }', 'notify.quietHours.days.0: expected sun, mon, tue'],
    ['quietHours: { wholeDays: [mon, tue, wed, thu, fri, sat, sun] }', 'notify.quietHours.wholeDays: if every day is quiet, nothing is ever told'],
    ['timezone: Berlin', 'notify.timezone: expected the name of a time zone such as Europe/Berlin'],
    ['storm: { within: 10 }', 'notify.storm.within: expected a text (in quotes)'],
    ['storm: { within: "10" }', 'notify.storm.within: expected a duration with its unit'],
    ['escalate: [{ after: soon, to: [slack] }]', 'notify.escalate.0.after: expected a duration such as 90m, 4h, 2d or 1d12h (got "soon")'],
  ])('%s', async (notify, words) => {
    await expect(load(notify)).rejects.toThrow(words)
  })
})

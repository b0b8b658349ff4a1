import { describe, expect, test } from 'vitest'
import type { Notice } from '../../../src/contracts/notifier.ts'
import type { SlackMessage } from '../../../src/notifiers/slack/blocks.ts'
import { formatMessage, formatPlain } from '../../../src/notifiers/slack/message.ts'
import { finding } from './notices.ts'

function shown(message: SlackMessage): string[] {
  return (message.blocks ?? []).flatMap((block) => ('text' in block && 'text' in block.text ? [block.text.text] : []))
}
const about = { id: '34', organization: 'Acme Corp' }
const storm: Notice = { kind: 'storm', ...about, findings: [finding], findingCount: 37, placeCount: 40, alerts: { leaked: 30, reopened: 5, claim: 1, escalation: 1 }, page: 'https://namesake.acme-corp.example' }
const escalation: Notice = { kind: 'escalation', ...about, finding, toldAt: new Date('2026-11-23T05:53:00Z') }
const operator = (news: 'dead' | 'failing' | 'test'): Notice => ({ kind: 'operator', news, ...about, about: 'webhook-soar', reason: 'the webhook is gone (410)', since: new Date('2026-11-23T05:53:00Z'), untold: 3 })

describe('a message for many alerts', () => {
  test('says in its first line what they are, the loudest first', () => {
    expect(shown(formatMessage(storm))[0]).toBe('Many at once: 1 package of strangers under our names, 30 new leaks, 5 leaks are back, 1 leak that nobody acknowledged in time')
  })
  test('says how many are not in its table', () => {
    expect(shown(formatMessage(storm)).join('\n')).toContain('and 36 more names: `namesake findings`')
    expect(formatPlain(storm).text).toContain('Many at once: ')
    expect(shown(formatMessage(storm)).join('\n')).toContain('<https://namesake.acme-corp.example/|all of them>')
  })
  test('claims nothing about what was looked at', () => {
    expect(JSON.stringify(formatMessage(storm))).not.toMatch(/looked at|first sweep/)
  })
})

describe('an escalation', () => {
  test('says since when nobody has acknowledged it', () => {
    const [first, second] = shown(formatMessage(escalation))
    expect(first).toBe('CRITICAL leak, nobody has acknowledged it: acme-corp-auth-client')
    expect(second).toContain('told 2026-11-23 05:53 UTC, and nobody has acknowledged it')
  })
})

describe('word for the operator', () => {
  test('names the channel, the reason, what waits and the way out', () => {
    const text = shown(formatMessage(operator('dead'))).join('\n')
    expect(text).toContain('Nobody is told by webhook-soar: it refused us for good')
    expect(text).toContain('since 2026-11-23 05:53 UTC: the webhook is gone (410)')
    expect(text).toContain('3 notices are not told there, and kept.')
    expect(text).toContain('"namesake resend --destination webhook-soar"')
    expect(formatPlain(operator('dead')).text).toContain('410')
  })
  test('tells a destination that fails from one that refused us', () => {
    expect(shown(formatMessage(operator('failing')))[0]).toBe('Nobody is told by webhook-soar: it has taken nothing for a while')
  })
  test('a test looks like no alert', () => {
    expect(shown(formatMessage(operator('test'))).join('\n')).toMatch(/^Test: messages to webhook-soar arrive\nSomebody asked/)
  })
})

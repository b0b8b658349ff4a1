import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Notice, NoticeChange, NoticeClaim, NoticeFinding, NoticePlace, NoticeStanding } from '../../../src/contracts/notifier.ts'
import { type Block, limits, type Mrkdwn, type PlainText, type SlackMessage } from '../../../src/notifiers/slack/blocks.ts'
import { formatMessage, formatPlain } from '../../../src/notifiers/slack/message.ts'
import { finding, leaked, place, summary } from './notices.ts'

function textsOf(block: Block): readonly (PlainText | Mrkdwn)[] {
  if (block.type === 'actions') return block.elements.map(({ text }) => text)
  return 'text' in block ? [block.text] : block.elements
}

/** What a reader sees, block by block. */
function shown(message: SlackMessage): string[] {
  return (message.blocks ?? []).flatMap((block) => textsOf(block).map(({ text }) => text))
}
const all = (message: SlackMessage) => shown(message).join('\n')

describe('the message of a leak', () => {
  test('says in its first line what happened', () => {
    expect(shown(formatMessage(leaked()))[0]).toBe('CRITICAL leak: acme-corp-auth-client')
  })

  test('says so in the notification too, with the place', () => {
    expect(formatMessage(leaked()).text).toBe(
      'CRITICAL leak: acme-corp-auth-client (npm package) in someone/shop services/package.json:12 [finding 12 · notice 34 · Acme Corp]',
    )
  })

  test('reads as a whole', () => {
    expect(shown(formatMessage(leaked()))).toEqual([
      'CRITICAL leak: acme-corp-auth-client',
      '`acme-corp-auth-client` · npm package · team `identity` · public in 1 place',
      'Why it matters\n• declared as a dependency in a public manifest\n• nobody owns the name on npm\n• three places',
      '*Where*\n`someone/shop` `services/package.json:12` · <https://github.com/someone/shop/blob/4f2a/package.json#L12|open>\n'
        + 'declared as a dependency · by `octocat` · published 2026-11-02 10:00 UTC · first seen 2026-11-23 05:53 UTC\n'
        + '```"acme-corp-auth-client": "^1.2.0",```',
      '*What now*\n• Make sure that no build of ours can take this name from a public registry.\n'
        + '• Ask the owner of the place to remove it; its history keeps the name.\n'
        + '• `namesake triage 12 --acknowledge` says that you are on it; afterwards `--resolve`, or `--dismiss` with a reason.',
      'finding 12 · notice 34 · Acme Corp',
    ])
  })

  test('says that a resolved leak is back', () => {
    const message = formatMessage({ kind: 'reopened', id: '34', organization: 'Acme Corp', finding })
    expect(shown(message)[0]).toBe('CRITICAL leak is back: acme-corp-auth-client')
    expect(shown(message)[1]).toContain('was resolved, and a new place appeared')
  })

  test('keeps silent about what is not known', () => {
    const message = formatMessage(leaked({ team: null, ecosystem: null, kind: 'codename', places: [{ ...place, author: null, introducedAt: null, path: null }] }))
    expect(all(message)).not.toMatch(/null|undefined|team|by `|published/)
    expect(all(message)).toContain('`someone/shop` line 12')
  })

  test('shows a role it does not know as it is', () => {
    expect(all(formatMessage(leaked({ places: [{ ...place, role: 'constructor' }] })))).toContain('\nconstructor · by')
  })

  test('shows at most two lines of the leak, masked', () => {
    const line = (n: number) => ({ ...place, snippet: `_authToken=hunter${n} acme-corp-auth-client` })
    const message = all(formatMessage(leaked({ places: [line(1), line(2), line(3)], placeCount: 3 })))
    expect(message.match(/```_authToken=••• acme-corp-auth-client```/g)).toHaveLength(2)
    expect(message).not.toContain('hunter')
  })

  test('says how many places it leaves out', () => {
    expect(all(formatMessage(leaked({ places: Array.from({ length: 5 }, () => place), placeCount: 100 })))).toContain('and 97 more places: `namesake findings`')
  })

  test('says that there is no link when the address is none', () => {
    const message = all(formatMessage(leaked({ places: [{ ...place, url: 'javascript:alert(1)' }] })))
    expect(message).toContain('`someone/shop` `services/package.json:12` · no link')
    expect(message).not.toContain('javascript')
  })

  test('lets no part of the public mention, link or format', () => {
    const evil = '<!channel> <@U1> <https://evil.example|x> ```*bold*'
    const message = formatMessage(leaked({
      identifier: evil, team: evil, kind: evil, ecosystem: evil, severity: evil, id: evil,
      reasons: [evil],
      places: [{ ...place, container: evil, path: evil, author: evil, role: evil, snippet: evil, url: `https://x.example/${evil}` }],
    }))
    for (const text of mrkdwnOf(message)) {
      expect(text.replaceAll(/<https?:[^<>|]*\|open>/g, '')).not.toMatch(/[<>]/)
    }
    expect(message.text).not.toMatch(/[<>]/)
  })
})

describe('the message of the first sweep', () => {
  const findings = (severity: string, count: number) => Array.from({ length: count }, () => ({ ...finding, severity }))

  test('counts by severity when every finding is in it', () => {
    const message = formatMessage(summary('baseline', { findings: [...findings('critical', 1), ...findings('low', 2)], findingCount: 3, placeCount: 7 }))
    expect(shown(message)[0]).toBe('Baseline: 3 internal names are public')
    expect(shown(message)[1]).toContain('1 critical, 2 low; 7 places in all')
  })

  test('says what it cannot count by severity when there are more', () => {
    const message = formatMessage(summary('baseline', { findings: [...findings('critical', 3), ...findings('medium', 17)], findingCount: 1_240, placeCount: 5_000 }))
    expect(shown(message)[1]).toContain('3 critical, 1,237 medium or lower (at least 17 medium); 5,000 places in all')
  })

  test('shows the worst ten and says how many more there are', () => {
    const message = formatMessage(summary('baseline', { findings: findings('high', 20), findingCount: 240 }))
    expect(all(message).match(/\*HIGH\*/g)).toHaveLength(10)
    expect(all(message)).toContain('*The worst*')
    expect(all(message)).toContain('and 230 more names: `namesake findings`')
  })

  test('shows fewer when ten would be more than Slack takes, and says how many are left', () => {
    const long = { ...place, url: `https://github.com/${'a'.repeat(850)}`, container: 'c'.repeat(200), path: 'p'.repeat(300) }
    const message = formatMessage(summary('baseline', { findings: findings('high', 20).map((one) => ({ ...one, identifier: 'n'.repeat(300), places: [long] })), findingCount: 240 }))
    const count = all(message).match(/\*HIGH\*/g)?.length ?? 0
    expect(JSON.stringify(message).length).toBeLessThan(limits.message)
    expect(count).toBeGreaterThanOrEqual(4)
    expect(count).toBeLessThan(10)
    expect(all(message)).toContain(`and ${240 - count} more names`)
  })

  test('names what could not be looked at', () => {
    const gaps = Array.from({ length: 8 }, (_, n) => `github-code: ${n + 1} names: throttled`)
    const message = all(formatMessage(summary('baseline', { gaps })))
    expect(message).toContain('Could not be looked at:\n• github-code: 1 names: throttled\n')
    expect(message).toContain('• and 2 more gaps: namesake doctor')
  })

  test('with nothing found tells a proven nothing from an unknown one', () => {
    const none = { findings: [], findingCount: 0, placeCount: 0 }
    expect(shown(formatMessage(summary('baseline', none)))[0]).toBe('Baseline: no internal name was found in public')
    expect(shown(formatMessage(summary('baseline', { ...none, gaps: ['github-code: 3 names: failed'] })))[0]).toBe(
      'Baseline: nothing found, but not everything was looked at',
    )
  })
})

describe('the digest', () => {
  test('says how many places of how many leaks are new', () => {
    const message = formatMessage(summary('digest', { findingCount: 5, placeCount: 12 }))
    expect(shown(message)[0]).toBe('Digest: 12 new places of 5 known leaks')
    expect(all(message)).toContain('*CRITICAL* `acme-corp-auth-client` · npm package · 1 place · finding `12`\n`someone/shop` `services/package.json:12`')
    expect(all(message)).toContain('notice 35')
  })
})

describe("a stranger's package", () => {
  const claim: NoticeClaim = {
    registry: 'npm', state: 'stranger', claimable: 'no', why: 'it exists', version: '99.9.9', versionCount: 1, firstPublishedAt: new Date('2026-11-23T01:10:00Z'),
    publishedAt: new Date('2026-11-23T01:10:00Z'), publishers: ['<!channel>', 'qz81'], installTimeCode: 'a preinstall script', signals: ['its major version is 90 or more'], toldAt: new Date('2026-11-23T02:00:00Z'),
  }
  const notice = (news: 'taken' | 'version-above' | 'install-time-code' | 'freed', change: Partial<NoticeFinding> = {}): Notice => ({ kind: 'claim', news, id: '36', organization: 'Acme Corp', finding: { ...finding, ...change }, claim })

  test.each([
    ['taken', '🚨 A stranger has published acme-corp-auth-client on npm'],
    ['version-above', "🚨 A stranger's acme-corp-auth-client on npm has a version above ours"],
    ['install-time-code', "🚨 A stranger's acme-corp-auth-client on npm now runs code when installed"],
    ['freed', '🚨 Anybody can publish acme-corp-auth-client on npm now'],
  ] as const)('%s: the first line says what happened', (news, line) => {
    expect(shown(formatMessage(notice(news)))[0]).toBe(line)
    expect(formatMessage(notice(news)).text).toContain('on npm')
  })

  test('says what it is, why it is probably an attack, what to do first, and where the name is public', () => {
    const text = all(formatMessage(notice('taken')))
    expect(text).toContain('version `99.9.9` · 1 version in all · first published 2026-11-23 01:10 UTC')
    expect(text).toContain('installing it runs a preinstall script')
    expect(text.indexOf('Signs of an attack')).toBeLessThan(text.indexOf('What now'))
    expect(text).toContain('Search build logs and caches since 2026-11-23 01:10 UTC')
    expect(text).toContain('*Where our name is public*\n`someone/shop`')
    expect(text).not.toContain('<!channel>')
  })

  test('that went away leaves a name to be taken: what to do is to be first, and nobody is told to block what is not there', () => {
    const free: Notice = { ...notice('freed'), claim: { ...claim, state: 'unclaimed', claimable: 'yes', why: 'it is not there', version: null, versionCount: null, firstPublishedAt: null, publishedAt: null, publishers: [], installTimeCode: null, signals: [] } } as Notice
    const text = all(formatMessage(free))
    expect(text).toContain('Publish a placeholder of your own')
    expect(text).not.toMatch(/stranger|Search build logs|Signs of an attack|do not install/)
  })

  test('of a name that was never found in public there is nothing to triage', () => {
    const text = all(formatMessage(notice('taken', { id: '', places: [], placeCount: 0 })))
    expect(text).not.toMatch(/triage|finding /)
    expect(text).toContain('notice 36')
  })

  test('a leak says that anybody can claim it only when that is known', () => {
    const said = (claimable: string) => all(formatMessage(leaked({ claims: [{ ...claim, state: 'unclaimed', claimable }] })))
    expect(said('yes')).toContain('*can be claimed by anybody on npm*')
    for (const claimable of ['no', 'unknown']) expect(said(claimable)).not.toMatch(/can be claimed/)
    expect(all(formatMessage(leaked()))).not.toMatch(/can be claimed/)
  })
})

describe('the plain form', () => {
  test('says the same without any markup', () => {
    const message = formatPlain(leaked())
    expect(message).toEqual({
      text: [
        'CRITICAL leak: acme-corp-auth-client',
        'npm package, public in 1 place',
        'someone/shop services/package.json:12',
        'https://github.com/someone/shop/blob/4f2a/package.json#L12',
        'namesake triage 12 --acknowledge',
        'finding 12 · notice 34 · Acme Corp',
      ].join('\n'),
      mrkdwn: false,
      unfurl_links: false,
      unfurl_media: false,
    })
  })
})

function mrkdwnOf(message: SlackMessage): string[] {
  return (message.blocks ?? []).flatMap((block) => (block.type === 'section' && block.text.type === 'mrkdwn' ? [block.text.text] : []))
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', '&'.repeat(3_001), '<'.repeat(3_001), 'x'.repeat(3_001), '\u202e'.repeat(3_001), '👩‍💻'.repeat(1_000), 'שלום '.repeat(700), '`'.repeat(500), '"\\'.repeat(2_000)),
)
const time = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
const url = fc.oneof(text, text.map((tail) => `https://x.example/${tail}`), fc.nat(900).map((length) => `https://x.example/${'&'.repeat(length / 5)}`))
const places = fc.record<NoticePlace>({
  url, container: text, path: fc.option(text), line: fc.nat(), role: text, snippet: text, author: fc.option(text), introducedAt: fc.option(time), firstSeenAt: time,
})
const claims = fc.record<NoticeClaim>({
  registry: text, state: fc.constantFrom('stranger', 'ours', 'unclaimed'), claimable: fc.constantFrom('yes', 'no', 'unknown'), why: text, version: fc.option(text), versionCount: fc.option(fc.nat()),
  firstPublishedAt: fc.option(time), publishedAt: fc.option(time), publishers: fc.array(text), installTimeCode: fc.option(text), signals: fc.array(text), toldAt: time,
})
const standings = fc.record<NoticeStanding>({
  state: fc.constantFrom('open', 'acknowledged', 'resolved', 'dismissed'), by: fc.option(text), at: fc.option(time), reason: fc.option(text), proposed: fc.option(text), assignee: fc.option(text),
})
const changes = fc.record<NoticeChange>({
  what: fc.constantFrom('place', 'gone', 'claim', 'acknowledged', 'assigned', 'resolved', 'dismissed', 'reopened', 'proposed', 'proposal-withdrawn', 'suppressed'),
  by: fc.option(text), at: time, reason: fc.option(text), place: fc.option(places), claim: fc.option(claims),
})
const findings = fc.record<NoticeFinding>({
  drill: fc.boolean(), id: text, identifier: text, kind: text, ecosystem: fc.option(text), team: fc.option(text), severity: text,
  reasons: fc.array(text, { maxLength: 10 }), places: fc.array(places, { maxLength: 100, size: 'max' }), placeCount: fc.nat(),
  claims: fc.array(claims, { maxLength: 2 }), standing: fc.option(standings),
})
const noticesOfAllKinds: fc.Arbitrary<Notice> = fc.oneof(
  fc.record({ kind: fc.constantFrom('leaked' as const, 'reopened' as const), id: text, organization: text, finding: findings }),
  fc.record({
    kind: fc.constant('claim' as const), news: fc.constantFrom('taken' as const, 'version-above' as const, 'install-time-code' as const, 'freed' as const),
    id: text, organization: text, finding: findings, claim: claims,
  }),
  fc.record({ kind: fc.constant('changed' as const), id: text, organization: text, finding: findings, changes: fc.array(changes, { minLength: 1, maxLength: 30, size: 'max' }) }),
  fc.record({
    kind: fc.constantFrom('baseline' as const, 'digest' as const), id: text, organization: text,
    findings: fc.array(findings, { maxLength: 20, size: 'max' }), findingCount: fc.nat(), placeCount: fc.nat(), gaps: fc.array(text, { maxLength: 50 }),
  }),
)

describe('what people decided', () => {
  const standing = (change: Partial<NoticeStanding>): Partial<NoticeFinding> => ({ standing: { state: 'open', by: null, at: null, reason: null, proposed: null, assignee: null, ...change } })
  const at = new Date('2026-11-24T09:30:00Z')

  test('is said below the facts: who, when and why', () => {
    expect(shown(formatMessage(leaked(standing({ state: 'acknowledged', by: 'ann@acme-corp.com', at, assignee: 'bob@acme-corp.com' }))))[2]).toBe(
      '*Acknowledged* by `ann@acme-corp.com` · 2026-11-24 09:30 UTC\nassigned to `bob@acme-corp.com`',
    )
  })

  test('a leak that is settled does not shout any more', () => {
    expect(shown(formatMessage(leaked(standing({ state: 'dismissed', by: 'ann', at, reason: 'a <!channel> tutorial' })))).slice(0, 3)).toEqual([
      'Dismissed leak: acme-corp-auth-client', expect.any(String), '*Dismissed* by `ann` · 2026-11-24 09:30 UTC: `a &lt;!channel&gt; tutorial`',
    ])
    expect(shown(formatMessage(leaked(standing({ state: 'resolved', by: 'ann', at }))))[0]).toBe('Resolved leak: acme-corp-auth-client')
  })

  test('that it looks resolved is said as what it is', () => {
    expect(all(formatMessage(leaked(standing({ proposed: 'no place is public any more' }))))).toContain('looks resolved: no place is public any more')
  })

  test.each([
    ['open', ['finding.acknowledge', 'finding.assign', 'finding.dismiss']],
    ['acknowledged', ['finding.assign', 'finding.dismiss']],
    ['resolved', []],
    ['dismissed', []],
  ] as const)('of one that is %s: what may be done stands under it', (state, wanted) => {
    const every = ['acknowledge', 'assign', 'dismiss'] as const
    const buttons = (notice: Notice, form: Parameters<typeof formatMessage>[1]) =>
      (formatMessage(notice, form).blocks ?? []).flatMap((block) => (block.type === 'actions' ? block.elements : []))
    expect(buttons(leaked(standing({ state })), { buttons: every }).map((one) => one.action_id)).toEqual(wanted)
    expect(buttons(leaked(standing({ state })), { buttons: every }).every(({ value }) => value === '12')).toBe(true)
    expect(buttons(leaked(standing({ state })), { buttons: [] })).toEqual([])
  })
})

describe('what happened later', () => {
  const at = new Date('2026-11-24T09:30:00Z')
  const change = (values: Partial<NoticeChange>): NoticeChange => ({ what: 'acknowledged', by: null, at, reason: null, place: null, claim: null, ...values })
  const changed = (...changes: NoticeChange[]): Notice => ({ kind: 'changed', id: '40-41', organization: 'Acme Corp', finding, changes })

  test('is a line for each: who, when, why, where', () => {
    const message = formatMessage(changed(change({ by: 'ann@acme-corp.com' }), change({ what: 'place', place })))
    expect(shown(message)).toEqual([
      '*Acknowledged* by `ann@acme-corp.com` · 2026-11-24 09:30 UTC',
      '*Another place* · 2026-11-24 09:30 UTC\n`someone/shop` `services/package.json:12` · <https://github.com/someone/shop/blob/4f2a/package.json#L12|open> · declared as a dependency',
    ])
    expect(message.text).toBe('2 changes: acme-corp-auth-client (npm package) in someone/shop services/package.json:12 [finding 12 · notice 40-41 · Acme Corp]')
  })

  test('shows no line of the leak again', () => {
    expect(JSON.stringify(formatMessage(changed(change({ what: 'place', place }))))).not.toContain('^1.2.0')
  })

  test('beyond ten the newest are shown, and how many more there are', () => {
    const blocks = shown(formatMessage(changed(...Array.from({ length: 30 }, (_, index) => change({ by: `person ${index}` })))))
    expect(blocks).toHaveLength(11)
    expect(blocks[0]).toContain('20 earlier changes')
    expect(blocks.at(-1)).toContain('person 29')
  })

  test('as plain text has no markup', () => {
    expect(formatPlain(changed(change({ what: 'dismissed', by: 'ann', reason: 'a tutorial' }))).text).toContain('Dismissed by ann, 2026-11-24 09:30 UTC: a tutorial')
  })
})

describe('whatever is to be said', () => {
  test('every limit of Slack is kept, no preview is made, and nothing of the public is markup', () => {
    fc.assert(
      fc.property(noticesOfAllKinds, (notice) => {
        for (const message of [formatMessage(notice), formatPlain(notice)]) {
          expect(JSON.stringify(message).length).toBeLessThan(limits.message)
          expect(message.text.length).toBeGreaterThan(0)
          expect(message.text.length).toBeLessThan(4_000)
          expect(message.text).not.toMatch(/[<>`]|&(?!amp;|lt;|gt;)/)
          expect(message).toMatchObject({ unfurl_links: false, unfurl_media: false })
        }
        const { blocks = [] } = formatMessage(notice, { buttons: ['acknowledge', 'assign', 'dismiss'] })
        expect(blocks.length).toBeGreaterThan(0)
        expect(blocks.length).toBeLessThanOrEqual(limits.blocks)
        for (const block of blocks) {
          const objects = textsOf(block)
          expect(objects.length).toBeLessThanOrEqual(10)
          for (const object of objects) {
            expect(object.text.length).toBeGreaterThan(0)
            expect(object.text.length).toBeLessThanOrEqual(block.type === 'header' ? limits.header : limits.section)
            if (object.type !== 'mrkdwn') continue
            expect(object.verbatim).toBe(true)
            expect(object.text.replaceAll(/<https?:[^<>|]*\|open>/g, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
          }
        }
      }),
      // The notice itself is megabytes long: neither shrunk nor printed, the seed leads back to it.
      { seed: 20261123, numRuns: 80, endOnFailure: true, reporter: ({ failed, errorInstance, counterexamplePath }) => {
        if (failed) throw new Error(`seed 20261123, path ${counterexamplePath ?? ''}`, { cause: errorInstance })
      } },
    )
  })
})

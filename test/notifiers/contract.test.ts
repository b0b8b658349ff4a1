import { describe, expect, test } from 'vitest'
import type { Notice, OpenNotifier } from '../../src/contracts/notifier.ts'
import { NamesakeError, Permanent, RetryLater, Transient } from '../../src/errors.ts'
import { createHttp } from '../../src/net/http.ts'
import { notifiers } from '../../src/notifiers/all.ts'
import { email } from '../../src/notifiers/email/index.ts'
import { ocsf } from '../../src/notifiers/ocsf/index.ts'
import { ocsfSettings } from '../../src/notifiers/ocsf/settings.ts'
import { pagerduty } from '../../src/notifiers/pagerduty/index.ts'
import { refusalOf } from '../../src/notifiers/refusal.ts'
import type { NotifierSettings } from '../../src/notifiers/settings.ts'
import { slack } from '../../src/notifiers/slack/index.ts'
import { slackSettings } from '../../src/notifiers/slack/settings.ts'
import { teams } from '../../src/notifiers/teams/index.ts'
import { webhook } from '../../src/notifiers/webhook/index.ts'
import { useMailServer } from './email/mail-server.ts'
import { useReceiver, type Receiver } from './receiver.ts'
import { changed, change, finding, hostile, hostileClaim, hostileFinding, place, samples } from './samples.ts'

/** What every notifier has to do, whatever its format. A new one is a line of this table. */
interface Subject {
  readonly id: string
  /** Bytes of a message. */
  readonly cap: number
  /** Of the settings: none may be in an error. */
  readonly secrets: readonly string[]
  open(): OpenNotifier
  /** Bodies that arrived. */
  bodies(): readonly string[]
  /** What a reader sees of them, without the encoding of the wire. */
  readable(): string
  readonly http: Receiver | null
}

const now = () => new Date('2026-11-23T06:00:00Z')
const slackReceiver = useReceiver({ status: 200, body: 'ok' })
const taking = useReceiver({ status: 202 })
const mail = useMailServer()
const token = 'T0psecretT0ken'
const whsec = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3'
const routingKey = '0123456789abcdef0123456789abcdef'

function open(settings: NotifierSettings, notifier: (typeof notifiers)[number], origins: readonly string[]): OpenNotifier {
  const opened = notifier.open(settings, { http: createHttp({ userAgent: 'namesake test', origins: [...origins], now }), now }).get('')
  if (opened === undefined) throw new Error('it is configured')
  return opened
}

function overHttp(receiver: Receiver, id: string, cap: number, secrets: readonly string[], make: () => OpenNotifier): Subject {
  return {
    id, cap, secrets, open: make, http: receiver,
    bodies: () => receiver.received.map(({ body }) => body),
    readable: () => receiver.received.map(({ body }) => textsOf(JSON.parse(body)).join('\n')).join('\n'),
  }
}

/** Every text in a JSON value, keys left out. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

const subjects: readonly Subject[] = [
  overHttp(slackReceiver, 'slack', 12_000, [token], () =>
    open({ slack: slackSettings.parse({ webhookUrl: `${slackReceiver.url}/services/${token}`, messageEveryMs: 1 }) }, slack, [slackReceiver.url])),
  overHttp(taking, 'teams', 28_000, [token], () => open({ teams: [{ url: `${taking.url}/workflows/x?sig=${token}` }] }, teams, [taking.url])),
  overHttp(taking, 'webhook', 20_000, [token, whsec], () => open({ webhook: [{ url: `${taking.url}/hooks/${token}`, secret: whsec }] }, webhook, [taking.url])),
  // A SIEM takes megabytes; an event of a summary has each finding that is shown.
  overHttp(taking, 'ocsf', 1_000_000, [token], () => open({ ocsf: ocsfSettings.parse([{ url: `${taking.url}/ingest`, token }]) }, ocsf, [taking.url])),
  overHttp(taking, 'pagerduty', 64_000, [routingKey], () => open({ pagerduty: [{ routingKey, url: `${taking.url}/v2/enqueue` }] }, pagerduty, [taking.url])),
  {
    id: 'email', cap: 200_000, secrets: ['s3cretPassw0rd'], http: null,
    open: () => open({ email: [{ smtpUrl: mail.url, from: 'namesake@acme-corp.example', to: ['security@acme-corp.example'], subjectNames: false, tls: 'required' }] }, email, []),
    bodies: () => mail.received.map(({ raw }) => raw),
    readable: () => mail.received.map(({ raw }) => raw.replaceAll('=\r\n', '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))).join('\n'),
  },
]

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(() => { throw new Error('it should have failed') }, (error: unknown) => error)
}

/** Everything that an error says, causes included. */
function everythingIn(error: unknown): string {
  const parts: string[] = []
  for (let one = error; one instanceof Error; one = one.cause) parts.push(one.message, one.stack ?? '', JSON.stringify(one))
  return parts.join('\n')
}

/** Follow-ups that change nothing for a destination are not sent by all. */
const alwaysSent = (notice: Notice) => notice.kind !== 'changed'

test('the suite covers every notifier', () => {
  expect(subjects.map(({ id }) => id).sort()).toEqual(notifiers.map(({ id }) => id).sort())
})

describe.each(subjects)('$id', (subject) => {
  test('is not configured without its row', () => {
    const notifier = notifiers.find(({ id }) => id === subject.id)
    expect(notifier?.open({}, { http: createHttp({ userAgent: 'namesake test', origins: [], now }), now }).size).toBe(0)
  })

  test('names the host that sees the messages, and a limit', () => {
    const { destination, limit } = subject.open()
    expect(destination).toMatch(/^127\.0\.0\.1/)
    expect(limit.max).toBeGreaterThan(0)
    expect(limit.perMs).toBeGreaterThan(0)
  })

  test('tells every kind of notice with one request each, in full and in plain form', async () => {
    const notifier = subject.open()
    const all = samples().filter(alwaysSent)
    for (const notice of all) await notifier.send(notice)
    for (const notice of all) await notifier.sendPlain(notice)
    expect(subject.bodies()).toHaveLength(2 * all.length)
  })

  test('says what leaked, where, and under which ids', async () => {
    await subject.open().send({ kind: 'leaked', id: '4711', organization: 'Acme Corp', finding })
    const text = subject.readable()
    for (const part of ['someone/shop', '4711', '12']) expect(text).toContain(part)
    expect(text.replaceAll(/[\\\u200b]/g, '')).toContain('acme-corp-auth-client')
  })

  test('says DRILL in the first word of a drill', async () => {
    await subject.open().send({ kind: 'leaked', id: '1', organization: 'Acme Corp', finding: { ...finding, drill: true } })
    // Of a subject, behind whom it is from.
    expect(subject.readable()).toMatch(/^(?:.*\[namesake\] )?DRILL /m)
  })

  test('marks a drill among many alerts', async () => {
    const drill = { ...finding, drill: true }
    await subject.open().send({ kind: 'storm', id: '1-2', organization: 'Acme Corp', findings: [finding, drill], findingCount: 2, placeCount: 2, alerts: { leaked: 2, reopened: 0, claim: 0, escalation: 0 }, page: null })
    expect(/DRILL|"drill":true/.test(subject.bodies().join('\n'))).toBe(true)
  })

  test('shows no credential that stands beside the name', async () => {
    const snippet = '//registry.example/:_authToken=hunter2hunter2 acme-corp-auth-client https://user:hunter3@host.example/'
    const leaking = { ...finding, places: [{ ...place, snippet }] }
    for (const notice of samples(leaking)) await subject.open().send(notice)
    expect(/hunter[23]/.test(subject.readable())).toBe(false)
  })

  test.each([100, 200_000])('keeps hostile text of %d characters in every field harmless and small', async (length) => {
    const notifier = subject.open()
    for (const notice of samples(hostileFinding(length), hostileClaim(length), `${hostile}${'C'.repeat(length)}`)) {
      await notifier.send(notice)
      await notifier.sendPlain(notice)
    }
    for (const body of subject.bodies()) expect(Buffer.byteLength(body)).toBeLessThan(subject.cap)
    const text = subject.readable()
    // Nothing invisible, nothing that rewrites the line; what was there is written out.
    // As true or false: the texts are too long to be shown.
    expect(/[\u202e\ufeff\u0000\u001b]/.test(text) || !text.isWellFormed()).toBe(false)
    expect(text.replaceAll('\\', '').includes('[U+202E]')).toBe(true)
  })

  test('tells the same notice under the same ids again', async () => {
    const notifier = subject.open()
    const notice: Notice = { kind: 'leaked', id: '31', organization: 'Acme Corp', finding }
    await notifier.send(notice)
    await notifier.send(notice)
    const stable = (body: string) => body.replaceAll(/boundary="[^"]*"|--_\S+/g, '').replaceAll(/^Date: .*$/gm, '')
    const [first = '', second] = subject.bodies().map(stable)
    expect(second === first).toBe(true)
  })

  test('names no name where somebody else only asks whether messages arrive', async () => {
    await subject.open().send({ kind: 'operator', news: 'test', id: 'test-1', organization: 'Acme Corp', about: subject.id, reason: 'somebody asked', since: now(), untold: 0 })
    expect(subject.readable()).toContain('Test: messages to')
  })
})

describe.each(subjects.filter(({ http }) => http !== null))('$id over HTTP', (subject) => {
  const leak: Notice = { kind: 'leaked', id: '31', organization: 'Acme Corp', finding }
  const script = (status: number, headers: Readonly<Record<string, string>> = {}) => subject.http?.script({ status, headers, body: `acme-corp-auth-client ${subject.secrets.join(' ')}` })

  test.each([
    [400, 'message'], [413, 'message'], [422, 'message'],
    [301, 'destination'], [302, 'destination'], [307, 'destination'], [308, 'destination'],
    [401, 'destination'], [403, 'destination'], [404, 'destination'], [405, 'destination'], [410, 'destination'],
  ])('%i refuses the %s for good', async (status, refused) => {
    script(status, status < 400 ? { location: `${subject.http?.url}/elsewhere` } : {})
    const error = await failureOf(subject.open().send(leak))
    expect(error).toBeInstanceOf(Permanent)
    expect(refusalOf(error)).toBe(refused)
    expect(subject.bodies()).toHaveLength(1)
  })

  test.each([408, 425, 500, 502, 503, 504])('%i is tried again', async (status) => {
    script(status)
    expect(await failureOf(subject.open().send(leak))).toBeInstanceOf(Transient)
  })

  test('waits as long as it is asked to', async () => {
    for (const status of [429, 503]) {
      script(status, { 'retry-after': '120' })
      expect(await failureOf(subject.open().send(leak))).toMatchObject({ until: new Date(now().getTime() + 120_000), scope: 'destination' })
    }
    script(429)
    expect(await failureOf(subject.open().send(leak))).toBeInstanceOf(RetryLater)
  })

  test('a connection that is cut may have delivered it: it is tried again', async () => {
    subject.http?.script({ status: 200, cut: true })
    expect(await failureOf(subject.open().send(leak))).toBeInstanceOf(Transient)
  })

  test.each([302, 400, 401, 403, 404, 410, 413, 429, 500, 503])('says nothing of the secret, the name and the answer when %i is answered', async (status) => {
    script(status)
    const error = await failureOf(subject.open().send(leak))
    expect(error).toBeInstanceOf(NamesakeError)
    for (const secret of [...subject.secrets, 'acme-corp-auth-client']) expect(everythingIn(error)).not.toContain(secret)
  })
})

describe('a destination that follows', () => {
  test('gets what happened later', async () => {
    for (const subject of subjects.filter((one) => one.open().follows === true)) {
      await subject.open().send(changed('acknowledged', change('acknowledged')))
      expect(subject.bodies(), subject.id).not.toEqual([])
    }
  })
})

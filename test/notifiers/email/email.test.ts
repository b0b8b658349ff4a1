import { describe, expect, test } from 'vitest'
import { load } from 'cheerio'
import { Permanent, Transient } from '../../../src/errors.ts'
import type { Notice } from '../../../src/contracts/notifier.ts'
import { email } from '../../../src/notifiers/email/index.ts'
import { describeFailure } from '../../../src/notifiers/email/failure.ts'
import { formatMail } from '../../../src/notifiers/email/message.ts'
import { emailSettings } from '../../../src/notifiers/email/settings.ts'
import { refusalOf } from '../../../src/notifiers/refusal.ts'
import { finding, hostileFinding, samples } from '../samples.ts'
import { useMailServer, type MailAnswer } from './mail-server.ts'

const server = useMailServer()
const leaked: Notice = { kind: 'leaked', id: '34', organization: 'Acme Corp', finding }

function open(more: { readonly smtpUrl?: string; readonly tls?: 'required' | 'opportunistic'; readonly subjectNames?: boolean } = {}) {
  const rows = emailSettings.parse([{ smtpUrl: server.url, from: 'namesake@acme-corp.example', to: ['ann@acme-corp.example', 'bob@acme-corp.example'], ...more }])
  const opened = email.open({ email: rows }).get('')
  if (opened === undefined) throw new Error('it is configured')
  return opened
}
const header = (name: string) => new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(server.received[0]?.raw ?? '')?.[1]?.replaceAll(/\r\n[ \t]+/g, ' ')

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(() => { throw new Error('it should have failed') }, (error: unknown) => error)
}

describe('a mail', () => {
  test('goes to every recipient, as text and as HTML', async () => {
    await open().send(leaked)
    expect(server.received).toHaveLength(1)
    expect(server.received[0]).toMatchObject({ from: 'namesake@acme-corp.example', to: ['ann@acme-corp.example', 'bob@acme-corp.example'] })
    expect(header('Content-Type')).toContain('multipart/alternative')
    expect(server.received[0]?.raw).toMatch(/text\/plain[\s\S]*text\/html/)
  })

  test('has no name in its subject, which shows on a locked screen', async () => {
    await open().send(leaked)
    expect(header('Subject')).toBe('[namesake] CRITICAL leak: an internal name (npm package) (finding 12)')
  })

  test('has it there where somebody wants it', async () => {
    await open({ subjectNames: true }).send(leaked)
    expect(header('Subject')).toContain('acme-corp-auth-client')
  })

  test('no kind of notice has a name in its subject', () => {
    for (const notice of samples()) expect(formatMail(notice, { names: false }).subject).not.toContain('acme-corp')
  })

  test('is known by its notice, belongs to the thread of its finding, and says that a program wrote it', async () => {
    await open().send(leaked)
    expect(header('Message-ID')).toBe('<notice-34@acme-corp.example>')
    expect(header('References')).toBe('<finding-12@acme-corp.example>')
    expect(header('Auto-Submitted')).toBe('auto-generated')
  })

  test('of a summary belongs to no thread', async () => {
    await open().send({ kind: 'digest', id: '1-2', organization: 'Acme Corp', findings: [finding], findingCount: 1, placeCount: 1, gaps: [] })
    expect(header('References')).toBeUndefined()
  })

  test('in plain form has no HTML', async () => {
    await open().sendPlain(leaked)
    expect(server.received[0]?.raw).not.toMatch(/text\/html|<html/)
  })

  test('of hostile text has no header, tag or link of theirs', async () => {
    await open({ subjectNames: true }).send({ kind: 'leaked', id: '34', organization: 'x\r\nBcc: victim@example.org', finding: hostileFinding(50) })
    expect(server.received[0]?.raw.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im)
    expect(server.received[0]?.to).toEqual(['ann@acme-corp.example', 'bob@acme-corp.example'])
    for (const notice of samples(hostileFinding(50))) {
      const $ = load(formatMail(notice, { names: true }).html)
      expect($('script, img, iframe, style, form, [onerror], [onclick]').length).toBe(0)
      for (const link of $('a').toArray()) expect($(link).attr('href')).toMatch(/^https:\/\/github\.com\//)
    }
  })
})

describe('a mail server that says no', () => {
  const refused = 550
  test.each<[string, MailAnswer, 'destination' | 'message']>([
    ['to who we are', { at: 'auth', code: 535 }, 'destination'],
    ['to all recipients', { at: 'recipient', code: refused }, 'destination'],
    ['to the text', { at: 'data', code: 554 }, 'message'],
  ])('%s refuses for good', async (_, answer, expected) => {
    const answers = answer.at === 'recipient' ? [answer, answer] : [answer]
    server.script(...answers.map((one) => ({ ...one, text: 'ann@acme-corp.example s3cretPassw0rd acme-corp-auth-client' })))
    const error = await failureOf(open().send(leaked))
    expect(error).toBeInstanceOf(Permanent)
    expect(refusalOf(error)).toBe(expected)
    expect(String(error instanceof Error ? `${error.message} ${error.stack}` : error)).not.toMatch(/ann@|s3cret|acme-corp-auth/)
  })

  test.each<[string, MailAnswer]>([
    ['at the door', { at: 'connect', code: 421 }], ['to who we are', { at: 'auth', code: 454 }], ['to all recipients', { at: 'recipient', code: 451 }], ['to the text', { at: 'data', code: 452 }],
  ])('%s for now is asked again', async (_, answer) => {
    server.script(answer, answer)
    expect(await failureOf(open().send(leaked))).toBeInstanceOf(Transient)
  })

  test('to one recipient of two has taken it', async () => {
    server.script({ at: 'recipient', code: refused })
    await open().send(leaked)
    expect(server.received[0]?.to).toEqual(['bob@acme-corp.example'])
  })

  test('and one that is not there is asked again', async () => {
    expect(await failureOf(open({ smtpUrl: 'smtp://127.0.0.1:1' }).send(leaked))).toBeInstanceOf(Transient)
  })

  test('that offers no encryption is refused: names would be read on the way', () => {
    expect(refusalOf(describeFailure({ code: 'ETLS' }))).toBe('destination')
  })

  test.each([[null], ['a text'], [{}], [{ code: 'x y', responseCode: 'y' }], [new Error('boom')]])('%j of the library is no verdict: it is tried again', (thrown) => {
    expect(describeFailure(thrown)).toBeInstanceOf(Transient)
  })
})

describe('doctor', () => {
  test('logs in and sends nothing', async () => {
    expect(await open().check()).toEqual([expect.stringContaining('the mail server lets us in')])
    expect(server.received).toEqual([])
  })
  test('tells that the password is wrong', async () => {
    server.script({ at: 'auth', code: 535 })
    expect(refusalOf(await failureOf(open().check()))).toBe('destination')
  })
})

describe('the settings', () => {
  test.each([['mail.example.org'], ['https://mail.example.org'], ['smtp://']])('%s is no mail server', (smtpUrl) => {
    expect(() => emailSettings.parse([{ smtpUrl, from: 'a@b.example', to: ['c@d.example'] }])).toThrow(/smtp:\/\//)
  })
  test.each([[[]], [['no address']]])('%j are no recipients', (to) => {
    expect(() => emailSettings.parse([{ smtpUrl: 'smtp://mail.example', from: 'a@b.example', to }])).toThrow(/expected|small|email/i)
  })
})

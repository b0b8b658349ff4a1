import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach } from 'vitest'

export interface MailAnswer {
  /** Where in the conversation it is given. */
  readonly at: 'connect' | 'auth' | 'recipient' | 'data'
  readonly code: number
  readonly text?: string
}

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** As it came over the wire. */
  readonly raw: string
}

export interface MailServer {
  readonly url: string
  readonly received: readonly ReceivedMail[]
  /** Answers that are given instead of yes, each once. */
  script(...answers: readonly MailAnswer[]): void
}

/** A mail server on loopback, without encryption, that keeps what it was sent. */
export function useMailServer(): MailServer {
  const received: ReceivedMail[] = []
  let answers: MailAnswer[] = []
  const answerAt = (at: MailAnswer['at']): Error | null => {
    const index = answers.findIndex((answer) => answer.at === at)
    const [answer] = index === -1 ? [] : answers.splice(index, 1)
    return answer === undefined ? null : Object.assign(new Error(answer.text ?? 'no'), { responseCode: answer.code })
  }
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: true,
    disableReverseLookup: true,
    onConnect: (_session, callback) => callback(answerAt('connect')),
    onAuth: (auth, _session, callback) => {
      const refused = answerAt('auth')
      if (refused === null) callback(null, { user: auth.username ?? '' })
      else callback(refused)
    },
    onRcptTo: (_address, _session, callback) => callback(answerAt('recipient')),
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks).toString() })
        callback(answerAt('data'))
      })
    },
  })
  // A client that goes away in the middle is part of the tests.
  server.on('error', () => {})
  beforeAll(() => new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', () => listening())
  }))
  beforeEach(() => {
    received.length = 0
    answers = []
  })
  afterAll(() => new Promise<void>((closed) => {
    server.close(() => closed())
  }))
  return {
    get url() {
      return `smtp://mailer:s3cretPassw0rd@127.0.0.1:${(server.server.address() as AddressInfo).port}` // it listens on TCP
    },
    received,
    script: (...next) => {
      answers = [...next]
    },
  }
}

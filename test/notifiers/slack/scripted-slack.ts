import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { z } from 'zod'

const messageSchema = z.looseObject({ text: z.string().optional(), blocks: z.array(z.unknown()).optional() })

export interface ScriptedAnswer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** The connection is cut instead of answered: the request was read. */
  readonly cut?: boolean
  /** Done after the request was read and before it is answered. */
  readonly before?: () => Promise<void>
}

export const ok: ScriptedAnswer = { status: 200, body: 'ok' }

/** The secret part of the webhook's path: no error may hold it. */
export const secret = 'XXXXsecretXXXX'

/** A webhook on loopback that gives the answers of a script in order, and `ok` afterwards; it keeps what it was sent. */
export function useScriptedSlack(): {
  readonly webhookUrl: string
  readonly received: readonly z.output<typeof messageSchema>[]
  script(...answers: readonly ScriptedAnswer[]): void
} {
  const received: z.output<typeof messageSchema>[] = []
  let answers: ScriptedAnswer[] = []
  const server = createServer((request, response) => {
    void (async () => {
      received.push(messageSchema.parse(JSON.parse(await read(request))))
      const answer = answers.shift() ?? ok
      await answer.before?.()
      if (answer.cut === true) {
        request.socket.destroy()
        return
      }
      response.writeHead(answer.status, { 'content-type': 'text/plain', ...answer.headers }).end(answer.body)
    })()
  })
  beforeAll(async () => {
    await new Promise<void>((listening) => {
      server.listen(0, '127.0.0.1', listening)
    })
  })
  beforeEach(() => {
    received.length = 0
    answers = []
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((closed) => {
      server.close(closed)
    })
  })
  return {
    get webhookUrl() {
      // A server that listens on TCP has an address with a port.
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T1/B1/${secret}`
    },
    received,
    script: (...next) => {
      answers = [...next]
    },
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

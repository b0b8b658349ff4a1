import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'

export interface Answer {
  readonly status: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The connection is cut instead of answered: the request was read. */
  readonly cut?: boolean
}

export interface Received {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  script(...answers: readonly Answer[]): void
}

/** A server on loopback that gives the answers of a script in order, and `otherwise` afterwards; it keeps what it was sent. */
export function useReceiver(otherwise: Answer): Receiver {
  const received: Received[] = []
  let answers: Answer[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() })
      const answer = answers.shift() ?? otherwise
      if (answer.cut === true) request.socket.destroy()
      else response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  })
  beforeAll(() => new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening)
  }))
  beforeEach(() => {
    received.length = 0
    answers = []
  })
  afterAll(() => {
    server.closeAllConnections()
    return new Promise<void>((closed) => {
      server.close(() => closed())
    })
  })
  return {
    get url() {
      // A server that listens on TCP has an address with a port.
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    received,
    script: (...next) => {
      answers = [...next]
    },
  }
}

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished } from 'vitest'

/** What the server saw of one request. */
export interface Seen {
  readonly method: string
  /** Path and query, undecoded. */
  readonly path: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One answer: an object is sent as JSON, a text or bytes as they are; a function does what it likes with the response. */
export interface Scripted {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}
export type Act = (response: ServerResponse, seen: Seen) => void

export interface ScriptedServer {
  readonly url: string
  readonly host: string
  /** Every request so far, in order. */
  readonly seen: readonly Seen[]
  /** Appends answers; each is given once, in order. */
  script(...answers: readonly (Scripted | Act)[]): void
}

/**
 * An HTTP server on loopback for one test, with answers given in order. The test fails when an answer was not used,
 * and when a request came for which there was none.
 */
export async function startScript(...first: readonly (Scripted | Act)[]): Promise<ScriptedServer> {
  const answers: (Scripted | Act)[] = [...first]
  const seen: Seen[] = []
  let surplus = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const entry = {
        method: request.method ?? '',
        path: request.url ?? '',
        url: new URL(request.url ?? '', 'http://loopback'),
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      seen.push(entry)
      const answer = answers.shift()
      if (answer === undefined) surplus += 1
      perform(answer ?? { status: 599 }, response, entry)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect({ unusedAnswers: answers.length, requestsWithoutAnswer: surplus }).toEqual({ unusedAnswers: 0, requestsWithoutAnswer: 0 })
  })
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    seen,
    script: (...more) => void answers.push(...more),
  }
}

function perform(answer: Scripted | Act, response: ServerResponse, seen: Seen): void {
  if (typeof answer === 'function') return answer(response, seen)
  const raw = typeof answer.body === 'string' || answer.body instanceof Uint8Array
  response.writeHead(answer.status ?? 200, { ...(raw ? {} : { 'content-type': 'application/json' }), ...answer.headers })
  response.end(raw || answer.body === undefined ? answer.body : JSON.stringify(answer.body))
}

/** The connection breaks in the middle of a body of JSON. */
export const resetMidBody: Act = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('{"half":', () => response.destroy())
}

/** Headers come, the body never ends. */
export const hangMidBody: Act = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{')
}

/** Nothing comes at all. */
export const hang: Act = () => {}

/** A gateway's page. */
export function htmlPage(status: number): Scripted {
  return { status, headers: { 'content-type': 'text/html' }, body: '<html><head><title>Unicorn!</title></head></html>' }
}

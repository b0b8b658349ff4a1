import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Invalid } from '../errors.ts'
import type { Log } from '../log.ts'
import { answerScrape } from './answer-scrape.ts'
import type { Metrics } from './render-metrics.ts'

export interface MetricsListener {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly token: string | null
  readonly now: () => Date
  readonly log: Log
}

/**
 * A listener for Prometheus alone, where the web interface is not to be reached or not run.
 * @throws Invalid the address is taken, or it is open to other machines without a token
 */
export async function serveMetrics(metrics: Metrics, { host, port, token, now, log }: MetricsListener): Promise<{ readonly url: string; close(): Promise<void> }> {
  if (token === null && !isLoopback(host)) {
    throw new Invalid([{ where: 'configuration', key: 'telemetry.metrics.token', expected: `other machines can reach ${host}: a token is needed` }])
  }
  const server = createServer((request, response) => {
    void (async () => {
      const [path] = (request.url ?? '').split('?', 1)
      if (path !== '/metrics' || request.method !== 'GET') {
        response.writeHead(path === '/metrics' ? 405 : 404, { 'content-type': 'text/plain; charset=utf-8' }).end('only GET /metrics is here\n')
        return
      }
      const { status, headers, body } = await answerScrape(metrics, {
        token, authorization: request.headers.authorization ?? null, now: now(),
        onFailure: (error) => log.warn({ class: error instanceof Error ? error.constructor.name : 'unknown' }, 'the numbers could not be read'),
      })
      response.writeHead(status, headers).end(body)
    })()
  })
  // A scraper that does not send its request keeps no socket for long.
  server.requestTimeout = 10_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new Invalid([{ where: 'configuration', key: 'telemetry.metrics.port', value: `${host}:${port}`, expected: 'an address on this machine with a free port is expected' }], { cause })))
    server.listen(port, host, resolve)
  })
  // A server that listens on TCP has an address with a port.
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`,
    close: () => new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { trace } from '@opentelemetry/api'
import { afterEach, expect, test } from 'vitest'
import { startTraces } from '../../src/telemetry/traces.ts'

const taken: { readonly url: string; readonly body: string }[] = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (piece) => (body += String(piece)))
  request.on('end', () => {
    taken.push({ url: request.url ?? '', body })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
})

afterEach(() => new Promise<void>((resolve) => {
  server.closeAllConnections()
  server.close(() => resolve())
}))

test('spans are sent to the collector below /v1/traces, with the service, before the process ends', async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const traces = await startTraces({ endpoint: `http://127.0.0.1:${port}/`, version: '1.2.3', instance: 'host-1' })
  trace.getTracer('namesake').startSpan('a span').end()
  await traces.close()
  expect(taken.map(({ url }) => url)).toEqual(['/v1/traces'])
  for (const part of ['"a span"', '"namesake"', '"1.2.3"', '"host-1"']) expect(taken[0]?.body).toContain(part)
  expect(trace.getTracer('namesake').startSpan('x').isRecording()).toBe(false)
})

test('a collector that is not there holds nothing up', async () => {
  const traces = await startTraces({ endpoint: 'http://127.0.0.1:9', version: '1.2.3', instance: 'host-1' })
  trace.getTracer('namesake').startSpan('a span').end()
  await expect(traces.close()).resolves.toBeUndefined()
})

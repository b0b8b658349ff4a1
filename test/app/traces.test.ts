import { trace as api } from '@opentelemetry/api'
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { secretsOf } from '../../src/config.ts'
import { createTrace, type Trace } from '../support/trace.ts'

const mira = { name: 'Mira Quux', email: 'mira@quux.example' }

describe('the traces of a sweep', () => {
  const spans = new InMemorySpanExporter()
  let trace: Trace
  let finished: readonly ReadableSpan[]
  beforeAll(async () => {
    trace = await createTrace({
      repositories: { 'mira-data/notes': [{ author: mira, date: '2026-01-10T09:00:00Z', message: 'notes\n', files: { 'package.json': '{ "dependencies": { "acme-corp-auth": "1", "acme-corp-billing": "2" } }\n', 'NightJar.md': 'NightJar of acme\n' } }] },
      now: '2026-11-02T09:00:00Z', spans,
    })
    await trace.sweep()
    finished = spans.getFinishedSpans()
  }, 30_000)
  afterAll(() => trace[Symbol.asyncDispose]())

  test('join what a search found with what was fetched and told because of it', () => {
    const names = new Set(finished.map(({ name }) => name))
    for (const name of ['HTTP GET', 'HTTP POST']) expect(names).toContain(name)
    const byId = new Map(finished.map((span) => [span.spanContext().spanId, span]))
    /** Names of the spans above one, the next first. */
    const above = (span: ReadableSpan): string[] => {
      const parent = byId.get(span.parentSpanContext?.spanId ?? '')
      return parent === undefined ? [] : [parent.name, ...above(parent)]
    }
    const fetched = finished.find((span) => span.name === 'HTTP POST' && above(span)[0]?.includes('fetch.github-code'))
    expect(fetched).toBeDefined()
    expect(above(fetched as ReadableSpan).some((name) => name.includes('search.github-code'))).toBe(true)
    expect(fetched?.attributes['http.response.status_code']).toBe(200)
  })

  test('no loop of a worker hangs in the trace that began it', () => {
    const polls = finished.filter(({ name }) => /getNextJob|waitForJob|extendLocks|stalled/i.test(name))
    expect(polls.length).toBeGreaterThan(0)
    expect(polls.filter(({ parentSpanContext }) => parentSpanContext !== undefined).map(({ name }) => name)).toEqual([])
  })

  test('have no name, query, place, address or secret in them', () => {
    expect(finished.length).toBeGreaterThan(20)
    const text = JSON.stringify(finished.map(({ name, attributes, events, links, resource, status }) => [name, attributes, events, links.map((link) => link.attributes), resource.attributes, status])).toLowerCase()
    const hosts = [trace.sandbox.url, trace.sandbox.slack.webhookUrl].map((url) => new URL(url).host)
    for (const secret of ['acme', 'nightjar', 'mira', 'quux', 'package.json', 'notes', ...hosts, ...secretsOf(trace.app.config).map((one) => one.toLowerCase())]) expect(text).not.toContain(secret)
  })
})

test('without a configuration nothing is traced, and nothing of OpenTelemetry is registered', async () => {
  expect(api.getTracer('namesake').startSpan('x').isRecording()).toBe(false)
  await using trace = await createTrace({ repositories: {}, now: '2026-11-02T09:00:00Z' })
  await trace.sweep()
  expect(api.getTracer('namesake').startSpan('x').isRecording()).toBe(false)
})

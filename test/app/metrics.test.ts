import { expect, test } from 'vitest'
import { consumers } from '../../src/app/consumers.ts'
import { metricsOf, queueNames } from '../../src/app/metrics.ts'
import { createTrace } from '../support/trace.ts'

const mira = { name: 'Mira', email: 'mira@example.org' }

test('a sweep is seen in the numbers, without a name of ours, a query or a place; every queue has a depth', { timeout: 30_000 }, async () => {
  await using trace = await createTrace({
    repositories: { 'mira/notes': [{ author: mira, date: '2026-01-10T09:00:00Z', message: 'notes\n', files: { 'package.json': '{ "dependencies": { "acme-corp-auth": "1" } }\n' } }] },
    now: '2026-11-02T09:00:00Z',
  })
  await trace.sweep()
  const text = await metricsOf(trace.app).render(trace.app.now())
  expect(text).toContain('namesake_runs_total{source="github-code",outcome="complete"}')
  expect(text).toContain('namesake_findings{state="open",severity="critical"} 1')
  expect(text).toContain('namesake_queues_unreachable 0')
  for (const secret of ['acme', 'nightjar', 'mira', 'package.json']) expect(text.toLowerCase()).not.toContain(secret)

  // The list of queues is that of the processes.
  const worked: string[] = []
  const queues = { ...trace.app.queues, work: (name: string) => Promise.resolve({ close: () => Promise.resolve(void worked.push(name)) }) }
  for (const name of ['search', 'fetch', 'claims', 'attribute', 'recheck', 'notify'] as const) await (await consumers[name]({ ...trace.app, queues })).close()
  expect(worked.sort()).toEqual([...queueNames(trace.app)].sort())
})

import type { Hit, SearchPage } from '../contracts/source.ts'
import { Permanent } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { recordDocument } from '../findings/record-document.ts'
import { sightKnown } from '../findings/sight-known.ts'
import { isBaselineOpen } from '../notices/baseline.ts'
import type { JobHandler } from '../queue/open.ts'
import type { NewStep } from '../runs/end-step.ts'
import type { LoadedStep } from '../runs/pending-steps.ts'
import { channelsOf, type JobContext } from './context.ts'
import { readDocument } from './read-document.ts'
import { stepHandler } from './run-step.ts'

/** One page of a source's search: what is known is sighted, what is new becomes fetch steps, the next page a search step. */
export function searchJob(context: JobContext): JobHandler {
  return stepHandler(context, async (step) => {
    const { input } = step
    if (input.kind !== 'search') throw new Permanent('a fetch step came to the search queue')
    const source = context.sources.get(step.source)
    if (source === undefined) throw new Permanent(`the source ${step.source} is not configured any more`)
    const page = await source.search(step.query, input.page)
    const matcher = await context.matcher()
    const readings = page.documents
      .filter((document) => !context.ignored(document.container.name, document.path))
      .map((document) => readDocument(document, matcher))
    const hits = distinct(page.hits.filter((hit) => !context.ignored(hit.container, hit.path)))
    return {
      followers: nextPage(step.source, input.number, page),
      progress: { pages: 1, counted: page.counted, shortfalls: page.shortfall === null ? [] : [page.shortfall] },
      store: async (tx: Db) => {
        const now = context.now()
        const known = await sightKnown(tx, { source: step.source, runId: step.runId, hits, matchedWith: matcher.digest, now })
        const recording = { runId: step.runId, matchedWith: matcher.digest, channels: channelsOf(context), baseline: await isBaselineOpen(tx), now }
        for (const reading of byRef(readings)) await recordDocument(tx, reading, recording)
        return { followers: fetches(step, input.number, hits.filter((hit) => !known.has(hit.ref)), source.batch) }
      },
    }
  })
}

function nextPage(source: string, number: number, page: SearchPage): NewStep[] {
  if (page.next === null) return []
  const next = number + 1
  return [{ kind: 'search', source, key: String(next), input: { kind: 'search', page: page.next, number: next } }]
}

function fetches(step: LoadedStep, page: number, hits: readonly Hit[], batch: number): NewStep[] {
  const steps: NewStep[] = []
  for (let at = 0; at < hits.length; at += batch) {
    steps.push({
      kind: 'fetch',
      source: step.source,
      key: `${page}.${at / batch}`,
      input: { kind: 'fetch', hits: hits.slice(at, at + batch), round: 0 },
    })
  }
  return steps
}

/** Sources repeat items; the same place is fetched once a page. */
function distinct(hits: readonly Hit[]): Hit[] {
  return [...new Map(hits.map((hit) => [hit.ref, hit])).values()]
}

/** In the order of refs: workers that store the same documents lock them in the same order. */
export function byRef<T extends { readonly document: { readonly ref: string } }>(readings: readonly T[]): T[] {
  return [...readings].sort((a, b) => (a.document.ref < b.document.ref ? -1 : 1))
}

import type { SearchPage } from '../contracts/source.ts'
import { Permanent } from '../errors.ts'
import type { Db } from '../db/client.ts'
import type { StepInput } from '../db/schema/index.ts'
import { recordDocument } from '../findings/record-document.ts'
import { sightKnown } from '../findings/sight-known.ts'
import { isBaselineOpen } from '../notices/baseline.ts'
import type { JobHandler } from '../queue/open.ts'
import type { NewStep } from '../runs/end-step.ts'
import { recordProof } from '../runs/learn.ts'
import type { LoadedStep } from '../runs/pending-steps.ts'
import type { JobContext } from './context.ts'
import { distinct, fetchSteps, matchedHits } from './fetch-steps.ts'
import { proofsOf } from './proofs.ts'
import { readDocument } from './read-document.ts'
import { stepHandler } from './run-step.ts'

/** One page of a source's search: what is known is sighted, what is new becomes fetch steps, the next page a search step. */
export function searchJob(context: JobContext): JobHandler {
  return stepHandler(context, async (step) => {
    const { input } = step
    if (input.kind !== 'search') throw new Permanent('a fetch step came to the search queue')
    const source = context.sources.get(step.source)
    if (source === undefined) throw new Permanent(`the source ${step.source} is not configured any more`)
    await assertTellable(context, step)
    const page = await source.search(input.slice === undefined ? step.query : input.slice.input, input.page)
    const matcher = await context.matcher()
    const readings = page.documents
      .filter((document) => !context.ignored(document.container.name, document.path))
      .map((document) => readDocument(document, matcher))
    const hits = distinct(page.hits.filter((hit) => !context.ignored(hit.container, hit.path)))
    return {
      followers: followingSearches(step.source, input, page),
      progress: { pages: 1, counted: page.counted, part: partOf(input, page), shortfalls: page.shortfall === null ? [] : [page.shortfall] },
      store: async (tx: Db) => {
        const now = context.now()
        // A trial needs the texts again: what is known is in none of our tables.
        const known = step.trial.length > 0 ? new Set<string>() : await sightKnown(tx, { source: step.source, runId: step.runId, hits, matchedWith: matcher.digest, now })
        const recording = { runId: step.runId, matchedWith: matcher.digest, routing: context.routing, baseline: await isBaselineOpen(tx), now }
        for (const reading of byRef(readings)) await recordDocument(tx, reading, recording)
        await recordProof(tx, step.source, proofsOf(step, page.documents), now)
        const wanted = hits.filter((hit) => !known.has(hit.ref))
        const matched = await matchedHits(tx, context, step, page.onMatch ?? [], readings, matcher.digest)
        return { followers: [...fetchSteps(step, `${step.id}`, wanted, source.batch), ...fetchSteps(step, `matched-${step.id}`, matched, source.batch)] }
      },
    }
  })
}

/** A name may have become one that is never disclosed after its search was planned. */
async function assertTellable(context: JobContext, { term }: LoadedStep): Promise<void> {
  if (term === null || !(await context.guard())(term)) return
  throw new Permanent('not asked: the query would tell a name that is not to be disclosed any more')
}

type SearchInput = Extract<StepInput, { readonly kind: 'search' }>

/** What a part claims to hold in all, told once: on its first page, unless it is cut again. */
function partOf({ number, slice }: SearchInput, { counted, slices }: SearchPage): number | null {
  return slice === undefined || number > 1 || (slices ?? []).length > 0 ? null : counted
}

/** The next page, or the slices that take the place of the rest. */
function followingSearches(source: string, { number, slice }: SearchInput, page: SearchPage): NewStep[] {
  const slices = (page.slices ?? []).map((part): NewStep => ({
    kind: 'search', source, key: `${part.key}:1`, input: { kind: 'search', page: null, number: 1, slice: part },
  }))
  if (slices.length > 0 || page.next === null) return slices
  const next = number + 1
  const key = slice === undefined ? String(next) : `${slice.key}:${next}`
  return [{ kind: 'search', source, key, input: { kind: 'search', page: page.next, number: next, ...(slice === undefined ? {} : { slice }) } }]
}

/** In the order of refs: workers that store the same documents lock them in the same order. */
export function byRef<T extends { readonly document: { readonly ref: string } }>(readings: readonly T[]): T[] {
  return [...readings].sort((a, b) => (a.document.ref < b.document.ref ? -1 : 1))
}

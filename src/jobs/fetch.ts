import type { Fetched } from '../contracts/source.ts'
import { Permanent } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { recordDocument } from '../findings/record-document.ts'
import { isBaselineOpen } from '../notices/baseline.ts'
import type { JobHandler } from '../queue/open.ts'
import type { NewStep } from '../runs/end-step.ts'
import { recordProof } from '../runs/learn.ts'
import type { JobContext } from './context.ts'
import { changedSteps, fetchSteps, furtherSteps, matchedHits } from './fetch-steps.ts'
import { proofsOf } from './proofs.ts'
import { readDocument } from './read-document.ts'
import { stepHandler } from './run-step.ts'
import { byRef } from './search.ts'

/** Requests in a row that may bring nothing of their hits before that is recorded as a gap. */
const rounds = 5

/** One batch of documents: fetched, matched, recorded. What could not be told is asked again in a step of its own. */
export function fetchJob(context: JobContext): JobHandler {
  return stepHandler(context, async (step) => {
    const { input } = step
    if (input.kind !== 'fetch') throw new Permanent('a search step came to the fetch queue')
    const source = context.sources.get(step.source)
    if (source === undefined) throw new Permanent(`the source ${step.source} is not configured any more`)
    const fetched = await source.fetch(input.hits)
    const matcher = await context.matcher()
    const readings = fetched.documents
      // The container may have been renamed since the search: the rules are asked again.
      .filter((document) => !context.ignored(document.container.name, document.path))
      .map((document) => readDocument(document, matcher))
    // While something comes, it goes on: a source may give large documents one by one, or batches in parts.
    const round = fetched.retry.length === input.hits.length ? input.round + 1 : 0
    const again = round <= rounds ? fetched.retry : []
    const lost = fetched.retry.length - again.length
    const followers: NewStep[] =
      again.length === 0 ? [] : [{ kind: 'fetch', source: step.source, key: `after-${step.id}`, input: { kind: 'fetch', hits: again, round } }]
    return {
      followers,
      progress: { unread: fetched.unreadable.length + lost, shortfalls: shortfalls(fetched, lost) },
      store: async (tx: Db) => {
        const recording = {
          runId: step.runId,
          matchedWith: matcher.digest,
          routing: context.routing,
          baseline: await isBaselineOpen(tx),
          now: context.now(),
        }
        for (const reading of byRef(readings)) await recordDocument(tx, reading, recording)
        await recordProof(tx, step.source, proofsOf(step, fetched.documents), recording.now)
        const further = (fetched.further ?? []).filter((hit) => !context.ignored(hit.container, hit.path))
        const matched = await matchedHits(tx, context, step, fetched.onMatch ?? [], readings, matcher.digest)
        const inFull = await changedSteps(tx, context, step, fetched.unchanged ?? [], matcher.digest)
        return { followers: [...inFull, ...furtherSteps(step, further), ...fetchSteps(step, `matched-${step.id}`, matched, source.batch)] }
      },
    }
  })
}

function shortfalls({ unreadable, shortfall }: Fetched, lost: number): string[] {
  const reasons = [...new Set(unreadable.map(({ reason }) => `a document could not be read: ${reason}`))]
  if (shortfall !== undefined) reasons.push(shortfall)
  if (lost > 0) reasons.push(`a document could not be fetched: ${rounds + 1} requests in a row brought nothing`)
  return reasons
}

import { createHash } from 'node:crypto'
import type { Hit, OnMatch, Unchanged } from '../contracts/source.ts'
import type { Db } from '../db/client.ts'
import type { Reading } from '../findings/record-document.ts'
import { sightKnown } from '../findings/sight-known.ts'
import type { NewStep } from '../runs/end-step.ts'
import type { LoadedStep } from '../runs/pending-steps.ts'
import type { JobContext } from './context.ts'

/**
 * Fetch steps for these hits, `batch` in each. A source that fetches one by one gets steps named after their refs: however often a run meets a place, it
 * is fetched once. Other steps are named after the step that they follow from (`key`): a repeat is harmless there.
 */
export function fetchSteps({ source }: Pick<LoadedStep, 'source'>, key: string, hits: readonly Hit[], batch: number): NewStep[] {
  if (batch === 1) return hits.map((hit) => fetchStep(source, keyOf(hit), [hit]))
  const steps: NewStep[] = []
  for (let at = 0; at < hits.length; at += batch) steps.push(fetchStep(source, `${key}.${at / batch}`, hits.slice(at, at + batch)))
  return steps
}

/** What answers lead to: each a step of its own, named after its ref, so that a circle of links ends. */
export function furtherSteps({ source }: Pick<LoadedStep, 'source'>, hits: readonly Hit[]): NewStep[] {
  return distinct(hits).map((hit) => fetchStep(source, keyOf(hit), [hit]))
}

/** Hits to be fetched because the document that they belong to has one of our names; what is known is sighted instead. */
export async function matchedHits(
  tx: Db,
  context: Pick<JobContext, 'ignored' | 'now'>,
  step: Pick<LoadedStep, 'source' | 'runId'>,
  onMatch: readonly OnMatch[],
  readings: readonly Reading[],
  matchedWith: string,
): Promise<readonly Hit[]> {
  if (onMatch.length === 0) return []
  const matched = new Set(readings.filter(({ mentions }) => mentions.length > 0).map(({ document }) => document.ref))
  const hits = distinct(onMatch.filter(({ ref }) => matched.has(ref)).flatMap((one) => one.hits)).filter((hit) => !context.ignored(hit.container, hit.path))
  const known = await sightKnown(tx, { source: step.source, runId: step.runId, hits, matchedWith, now: context.now() })
  return hits.filter(({ ref }) => !known.has(ref))
}

/**
 * Steps for what did not change and yet must be read again, since another inventory read it; what this one read is sighted.
 * Named after the step: the place itself was fetched in this run already.
 */
export async function changedSteps(
  tx: Db,
  context: Pick<JobContext, 'now'>,
  step: Pick<LoadedStep, 'source' | 'runId' | 'id'>,
  unchanged: readonly Unchanged[],
  matchedWith: string,
): Promise<readonly NewStep[]> {
  const steps: NewStep[] = []
  for (const { hit, documents } of unchanged) {
    const hits = documents.map(({ ref, contentHash }): Hit => ({ ...hit, ref, contentHash, revision: null }))
    const known = await sightKnown(tx, { source: step.source, runId: step.runId, hits, matchedWith, now: context.now() })
    if (known.size < new Set(documents.map(({ ref }) => ref)).size) steps.push(fetchStep(step.source, `whole-${step.id}.${steps.length}`, [hit]))
  }
  return steps
}

/** Sources repeat items; the same place is fetched once a page. */
export function distinct(hits: readonly Hit[]): Hit[] {
  return [...new Map(hits.map((hit) => [hit.ref, hit])).values()]
}

function fetchStep(source: string, key: string, hits: readonly Hit[]): NewStep {
  return { kind: 'fetch', source, key, input: { kind: 'fetch', hits, round: 0 } }
}

/** A ref may be long, and may be an address with one of our names in it. */
function keyOf({ ref }: Hit): string {
  return `ref-${createHash('sha256').update(ref).digest('hex').slice(0, 32)}`
}

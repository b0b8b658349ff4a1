import type { RegistryAnswer } from '../contracts/registry.ts'
import { keepProgress } from '../claims/keep-progress.ts'
import { loadClaim, type LoadedClaim } from '../claims/load-claim.ts'
import { recordAnswer } from '../claims/record-answer.ts'
import { recordFailure } from '../claims/record-failure.ts'
import { describeError, NamesakeError, Permanent } from '../errors.ts'
import { closeBaseline } from '../notices/baseline.ts'
import type { JobHandler, Payload } from '../queue/open.ts'
import type { JobContext } from './context.ts'
import { enqueueClaims } from './enqueue-claims.ts'
import { enqueueNotices } from './enqueue-notices.ts'

/**
 * One request about one claim: to its registry, or to the records of malicious packages. What it brought is stored
 * before the job is acknowledged, and the request that follows is a job of its own; a crash repeats at most one.
 */
export function claimsJob(context: JobContext): JobHandler {
  const { database: { db }, now } = context

  async function end(claim: LoadedClaim, answer: RegistryAnswer, records: readonly string[] | null): Promise<void> {
    await recordAnswer(db, { claimId: claim.id, request: claim.requests, answer, records, routing: context.routing, now: now() })
    await afterCheck(context)
  }

  return {
    async run(payload) {
      const { claimId, request } = read(payload)
      const claim = await loadClaim(db, claimId, now())
      if (claim === null) return
      if (claim.requests === request) await ask(context, claim, end)
      // Also when this request was made before: a crash between its end and the next job is mended here.
      await enqueueClaims(context, { ids: [claimId] })
    },
    async giveUp(payload, error) {
      const { claimId, request } = read(payload)
      const claim = await loadClaim(db, claimId, now())
      if (claim === null || claim.requests !== request) return
      context.log.warn({ claim: String(claimId), registry: claim.registry, class: error instanceof Error ? error.constructor.name : 'unknown' }, 'a check of a claim was given up')
      // The registry has told; that the records could not be read takes nothing from it.
      if (claim.progress?.ask === 'osv') return end(claim, claim.progress.answer, null)
      await recordFailure(db, { claimId, request, failure: reasonOf(error), now: now() })
      await afterCheck(context)
    },
  }
}

async function ask(context: JobContext, claim: LoadedClaim, end: (claim: LoadedClaim, answer: RegistryAnswer, records: readonly string[] | null) => Promise<void>): Promise<void> {
  const { progress } = claim
  if (progress?.ask === 'osv') {
    if (context.records === null) return end(claim, progress.answer, null)
    return end(claim, progress.answer, await context.records.maliciousRecords(claim.ecosystem, claim.name.name))
  }
  const registry = context.registries.get(claim.registry)?.registry
  if (registry === undefined) throw new Permanent(`the registry ${claim.registry} is not configured any more`)
  const asked = await registry.ask(claim.name, progress?.progress ?? null)
  const keep = (next: Parameters<typeof keepProgress>[1]['progress']) =>
    keepProgress(context.database.db, { claimId: claim.id, request: claim.requests, progress: next })
  if ('more' in asked) await keep({ ask: 'registry', progress: asked.more })
  else if (isWorthRecords(context, claim, asked.answer)) await keep({ ask: 'osv', answer: asked.answer })
  else await end(claim, asked.answer, null)
}

/** What is ours is not looked up; a scope or a group is no package. */
function isWorthRecords({ records }: JobContext, { name, ecosystem }: LoadedClaim, { state }: RegistryAnswer): boolean {
  return records !== null && name.kind === 'package' && records.knows(ecosystem) && state !== 'ours' && state !== 'unknown'
}

async function afterCheck(context: JobContext): Promise<void> {
  await closeBaseline(context.database.db, context.routing, context.now())
  await enqueueNotices(context)
}

function read({ claim, request }: Payload): { readonly claimId: bigint; readonly request: number } {
  if (claim === undefined || typeof request !== 'number') throw new Permanent('the job names no claim and request')
  return { claimId: BigInt(claim), request }
}

/** Messages of the closed set hold no names; those of anything else might. */
function reasonOf(error: unknown): string {
  return error instanceof NamesakeError ? describeError(error) : 'an unexpected failure'
}

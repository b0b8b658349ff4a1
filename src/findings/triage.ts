import { Conflict, Invalid, NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { acknowledge } from './acknowledge.ts'
import { assign } from './assign.ts'
import { comment } from './comment.ts'
import { dismiss } from './dismiss.ts'
import { markPublic } from './mark-public.ts'
import { reopen } from './reopen.ts'
import { requestRecheck } from './request-recheck.ts'
import { resolve } from './resolve.ts'
import type { Triage } from './transition.ts'
import { unsuppress } from './unsuppress.ts'

/** What a person does to findings, one or many. */
export type TriageAction =
  | { readonly verb: 'acknowledge' | 'resolve' | 'reopen' | 'unsuppress'; readonly comment?: string | undefined }
  | { readonly verb: 'dismiss'; readonly reason: string; readonly comment?: string | undefined; readonly until?: Date | undefined }
  /** An account, or nobody. */
  | { readonly verb: 'assign'; readonly assignee: bigint | null }
  | { readonly verb: 'comment'; readonly comment: string }
  | { readonly verb: 'recheck' }
  | { readonly verb: 'mark-public'; readonly reason: string }

/** One verb for one finding. @throws Invalid | NotFound | Conflict */
export async function triage(db: Db, about: Omit<Triage, 'comment'>, action: TriageAction): Promise<void> {
  const said = 'comment' in action && action.comment !== undefined ? { ...about, comment: action.comment } : about
  switch (action.verb) {
    case 'acknowledge':
      return acknowledge(db, said)
    case 'resolve':
      return resolve(db, said)
    case 'reopen':
      return reopen(db, said)
    case 'unsuppress':
      return unsuppress(db, said)
    case 'dismiss':
      return dismiss(db, { ...said, reason: action.reason, ...(action.until === undefined ? {} : { until: action.until }) })
    case 'assign':
      return assign(db, { ...about, assignee: action.assignee })
    case 'comment':
      return comment(db, said)
    case 'recheck':
      await requestRecheck(db, { findingIds: [about.findingId], actor: about.actor, now: about.now })
      return
    case 'mark-public':
      return markPublic(db, { ...about, reason: action.reason })
  }
}

export interface TriageOutcome {
  readonly findingId: bigint
  readonly outcome: 'done' | 'conflict' | 'not-found' | 'invalid'
  /** Why it was not done; null: it was. */
  readonly message: string | null
}

/**
 * One verb for many findings, each in a transaction of its own: what cannot be done to one does not undo the others.
 * @param seen the last event of a finding that the person saw, by its id
 */
export async function triageMany(db: Db, findings: readonly { readonly findingId: bigint; readonly seen?: bigint }[], by: Pick<Triage, 'actor' | 'now'>, action: TriageAction): Promise<readonly TriageOutcome[]> {
  const outcomes: TriageOutcome[] = []
  for (const finding of findings) {
    try {
      await triage(db, { ...by, ...finding }, action)
      outcomes.push({ findingId: finding.findingId, outcome: 'done', message: null })
    } catch (error) {
      const outcome = error instanceof Conflict ? 'conflict' : error instanceof NotFound ? 'not-found' : error instanceof Invalid ? 'invalid' : null
      if (outcome === null || !(error instanceof Error)) throw error
      outcomes.push({ findingId: finding.findingId, outcome, message: error.message })
    }
  }
  return outcomes
}

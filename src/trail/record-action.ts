import type { Db } from '../db/client.ts'
import { auditTrail } from '../db/schema/index.ts'
import type { Actor } from './actor.ts'

/** Something that was done and is no event of a finding. */
export interface Action {
  readonly actor: Actor
  /** In the past tense with dashes, the thing first: `account-invited`, `run-requested`, `identifier-changed`. */
  readonly verb: string
  /** What it was done to: its kind, and which in words (an e-mail, a source's id, a name of the inventory). */
  readonly subject: { readonly kind: string; readonly name: string }
  /** What changed, as plain values; never a secret. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
  readonly at: Date
}

/** Writes a line of the audit trail. Call it in the transaction of the change: no change without its line. */
export async function recordAction(tx: Db, { actor, verb, subject, facts = {}, at }: Action): Promise<void> {
  await tx.insert(auditTrail).values({ actorKind: actor.kind, actor: actor.name, verb, subjectKind: subject.kind, subject: subject.name, facts, at })
}

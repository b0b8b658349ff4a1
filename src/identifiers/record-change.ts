import type { Db } from '../db/client.ts'
import type { Actor } from '../trail/actor.ts'
import { recordAction } from '../trail/record-action.ts'
import { writeDigest } from './write-digest.ts'

/** What people do to the inventory. */
export type InventoryVerb = 'identifier-added' | 'identifier-edited' | 'identifier-retired' | 'inventory-imported'

export interface InventoryChange {
  readonly actor: Actor
  readonly verb: InventoryVerb
  /** The name, or what was imported. */
  readonly subject: { readonly kind: 'identifier' | 'import'; readonly name: string }
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
  readonly now: Date
}

/**
 * Ends every change that a person makes to the inventory, in its transaction: matchers are compiled and watches planned
 * anew (see `writeDigest`), and the audit trail says who did what.
 */
export async function recordChange(tx: Db, { actor, verb, subject, facts, now }: InventoryChange): Promise<void> {
  await writeDigest(tx, now)
  await recordAction(tx, { actor, verb, subject, facts, at: now })
}

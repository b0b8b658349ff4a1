import { isNotNull, or } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { identifiers } from '../db/schema/index.ts'
import { decideInferred, type Decision } from './decide-inferred.ts'
import { unmarked } from './mark-public.ts'
import { lockInventory, writeDigest } from './write-digest.ts'

/**
 * A candidate becomes a line of the inventory: from the next reading on it is matched, and from the next sweep on it is
 * searched for by its name (`disclose: name`). A name that the database has already, because a pattern spelled it out
 * or because it was retired, becomes a line with the team and disclosure that it has; a line of the configuration stays.
 * @throws NotFound no such candidate | Conflict it is decided already
 */
export async function acceptInferred(db: Db, decision: Decision): Promise<{ readonly name: string }> {
  return db.transaction(async (tx) => {
    await lockInventory(tx)
    const { name, kind, ecosystem, key } = await decideInferred(tx, decision, 'accepted', null)
    await tx
      .insert(identifiers)
      .values({ form: 'name', kind, ecosystem, name, key, team: null, disclose: 'name', publicOnPurpose: false, near: [], origin: 'accepted', createdAt: decision.now })
      .onConflictDoUpdate({
        target: [identifiers.form, identifiers.kind, identifiers.ecosystem, identifiers.key],
        set: { origin: 'accepted', patternId: null, retiredAt: null, publicOnPurpose: false, ...unmarked },
        setWhere: or(isNotNull(identifiers.patternId), isNotNull(identifiers.retiredAt)),
      })
    await writeDigest(tx, decision.now)
    return { name }
  })
}

import type { Db } from '../db/client.ts'
import { drills, identifiers } from '../db/schema/index.ts'
import { writeDigest } from '../identifiers/write-digest.ts'
import { normalise } from '../matching/normalise.ts'
import type { Canary } from './name-canary.ts'

export interface DrillStart {
  readonly canary: Canary
  /** A drill that takes longer has failed: from the planting, and from the alert. */
  readonly findWithinSeconds: number
  readonly acknowledgeWithinSeconds: number
  readonly by: string
  readonly now: Date
}

/**
 * Makes the name an identifier that is matched and searched for like every other and counted nowhere. Its random part
 * is unique by constraint. @returns the drill's id
 */
export async function startDrill(db: Db, { canary, findWithinSeconds, acknowledgeWithinSeconds, by, now }: DrillStart): Promise<bigint> {
  return db.transaction(async (tx) => {
    const [identifier] = await tx
      .insert(identifiers)
      .values({
        form: 'name', kind: 'package', ecosystem: canary.ecosystem, name: canary.name, key: normalise(canary.name, 'package', canary.ecosystem),
        team: canary.team, disclose: 'name', publicOnPurpose: false, near: [], origin: 'drill', createdAt: now,
      })
      .returning({ id: identifiers.id })
    if (identifier === undefined) throw new Error('an insert returned no row')
    const [drill] = await tx
      .insert(drills)
      .values({ identifierId: identifier.id, token: canary.token, findWithinSeconds, acknowledgeWithinSeconds, startedBy: by, startedAt: now })
      .returning({ id: drills.id })
    if (drill === undefined) throw new Error('an insert returned no row')
    await writeDigest(tx, now)
    return drill.id
  })
}

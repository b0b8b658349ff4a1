import type { Actor } from '../trail/actor.ts'
import type { Line } from '../contracts/inventory.ts'
import { and, eq, isNotNull, ne, or, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { identifiers } from '../db/schema/index.ts'
import { Conflict, Invalid } from '../errors.ts'
import { currentTerms } from './current-terms.ts'
import { spelling } from './describe-identifier.ts'
import { createCoveringRule, loosens } from './disclosure.ts'
import { unmarked } from './mark-public.ts'
import { recordChange } from './record-change.ts'
import { rowOfLine } from './row-of-line.ts'
import { lockInventory } from './write-digest.ts'

export interface Addition {
  /** The line, then what it implies (the scope of `@acme-corp/*`), as `understand` read them. */
  readonly lines: readonly [Line, ...Line[]]
  /** The person said who may learn the name; else a pattern that covers it decides. */
  readonly statesDisclosure: boolean
  /** The person knows that the name may be told although a pattern that covers it is stricter. */
  readonly loosen: boolean
  readonly actor: Actor
  readonly now: Date
}

/**
 * A line that people keep on the page. What was retired comes back, and what a pattern spelled out becomes a line of its
 * own. What the line implies is added where nothing of that name is.
 * @throws Conflict the name is a line already | Invalid a pattern that covers it is stricter about who may learn it
 */
export async function addIdentifier(db: Db, { lines: [given, ...implied], statesDisclosure, loosen, actor, now }: Addition): Promise<{ readonly id: bigint; readonly name: string }> {
  return db.transaction(async (tx) => {
    await lockInventory(tx)
    const covering = createCoveringRule(await currentTerms(tx))(given)
    const line = covering !== null && !statesDisclosure ? { ...given, disclose: covering } : given
    if (loosens(covering, line.disclose) && !loosen) throw new Invalid([looserThanCovering(covering ?? 'never')])
    const [id] = await insertLines(tx, [line], now)
    if (id === undefined) throw await standsAlready(tx, line)
    await insertLines(tx, implied.map((one) => ({ ...one, disclose: line.disclose })), now)
    await recordChange(tx, {
      actor, now, verb: 'identifier-added', subject: { kind: 'identifier', name: spelling({ form: line.form, name: line.text }) },
      facts: { id: String(id), kind: line.kind, ecosystem: line.ecosystem, team: line.team, disclose: line.disclose, publicOnPurpose: line.publicOnPurpose },
    })
    return { id, name: spelling({ form: line.form, name: line.text }) }
  })
}

export function looserThanCovering(rule: string): { readonly where: string; readonly key: string; readonly expected: string } {
  return { where: 'inventory', key: 'disclose', expected: `a pattern that covers this name says "${rule}": leave disclose out, or confirm that sources may learn the name` }
}

/** Rows in one insert: PostgreSQL takes 65,535 parameters in a statement. */
const chunk = 2_000

/**
 * Ids of the lines that became current ones, kept on the page; those whose name a current line has already are left out.
 * Uniqueness by constraint: of two writers at once one adds it.
 */
export async function insertLines(tx: Db, lines: readonly Line[], now: Date): Promise<readonly bigint[]> {
  const ids: bigint[] = []
  const rows = lines.map((line) => ({ ...rowOfLine(line, now), origin: 'page' as const, place: null }))
  for (let at = 0; at < rows.length; at += chunk) {
    const written = await tx
      .insert(identifiers)
      .values(rows.slice(at, at + chunk))
      .onConflictDoUpdate({
        target: [identifiers.form, identifiers.kind, identifiers.ecosystem, identifiers.key],
        set: {
          name: sql`excluded.name`, team: sql`excluded.team`, disclose: sql`excluded.disclose`, publicOnPurpose: sql`excluded.public_on_purpose`, near: sql`excluded.near`,
          latestVersion: sql`excluded.latest_version`, firstPublishedAt: sql`excluded.first_published_at`, origin: sql`excluded.origin`, place: null, patternId: null, retiredAt: null, ...unmarked,
        },
        setWhere: and(ne(identifiers.origin, 'drill'), or(isNotNull(identifiers.patternId), isNotNull(identifiers.retiredAt))),
      })
      .returning({ id: identifiers.id })
    ids.push(...written.map(({ id }) => id))
  }
  return ids
}

async function standsAlready(tx: Db, line: Line): Promise<Conflict> {
  const { form, kind, ecosystem, key } = rowOfLine(line, new Date(0))
  const [found] = await tx.select().from(identifiers)
    .where(and(eq(identifiers.form, form), eq(identifiers.kind, kind), sql`${identifiers.ecosystem} is not distinct from ${ecosystem}`, eq(identifiers.key, key)))
  if (found?.origin === 'drill') return new Conflict('this is the made-up name of a drill')
  const place = found?.place ?? null
  return new Conflict(`this name is a line of the inventory already (#${found?.id ?? '?'}${place === null ? '' : `, ${place}`})`)
}

import type { identifiers } from '../db/schema/index.ts'

type Row = Pick<typeof identifiers.$inferSelect, 'id' | 'form' | 'name' | 'origin' | 'place' | 'patternId'>

/** A name as a person writes it: a pattern with its star. */
export function spelling({ form, name }: Pick<Row, 'form' | 'name'>): string {
  return form === 'prefix' ? `${name}*` : name
}

/** Why a line is not edited on the page, and the way out; null: it is. */
export function keptElsewhere({ origin, place, patternId }: Omit<Row, 'id' | 'form' | 'name'>): string | null {
  if (origin === 'drill') return 'it is the made-up name of a drill'
  if (patternId !== null) return 'a pattern spelled it out: edit the pattern, or add the name as a line of its own'
  if (origin !== 'inventory') return null
  return `it stands in ${place ?? 'the configuration'}: edit it there; the service takes the change over at its next start`
}

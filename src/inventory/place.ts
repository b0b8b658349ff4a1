import type { Fault } from '../errors.ts'
import { quote } from './describe-issues.ts'

/** Where a line of the inventory stands. */
export interface Place {
  /** File as the person wrote it, with the line number where lines are counted: `inventory.csv:17`. */
  readonly where: string
  /** Dotted path in the file, 0-based: `inventory.3`; empty where there is none. */
  readonly key: string
}

/** The place as one text: `namesake.yaml: inventory.3`, `inventory.csv:17`. */
export function describePlace({ where, key }: Place): string {
  return key === '' ? where : `${where}: ${key}`
}

/** A fault of one field of a line. */
export function faultAt(place: Place, field: string, value: unknown, expected: string): Fault {
  return { where: place.where, key: place.key === '' ? field : `${place.key}.${field}`, value: quote(value), expected }
}

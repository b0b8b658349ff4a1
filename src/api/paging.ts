import { Invalid } from '../errors.ts'

/** A list that goes down by id continues below the last one. */
export function idCursor(last: string | undefined): string | null {
  return last === undefined ? null : writeCursor([last])
}

/** @throws Invalid it is none that we gave out */
export function readIdCursor(cursor: string | undefined): bigint | null {
  if (cursor === undefined) return null
  const [last] = readCursor(cursor)
  if (last === undefined || !/^[1-9]\d{0,18}$/.test(last)) throw noCursor()
  return BigInt(last)
}

/** The values of the last row by which the list is ordered; opaque to callers. */
export function writeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** @throws Invalid it is none that we gave out */
export function readCursor(cursor: string): readonly string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return values
  } catch {
    // Falls through: it is none of ours.
  }
  throw noCursor()
}

/** It is none that we gave out, or not for this list. */
export function noCursor(): Invalid {
  return new Invalid([{ where: 'query', key: 'cursor', expected: 'the "next" of the page before, unchanged' }])
}

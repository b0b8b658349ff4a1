import type { Line } from '../contracts/inventory.ts'
import type { identifiers } from '../db/schema/index.ts'
import { normalise } from '../matching/normalise.ts'

type Row = typeof identifiers.$inferInsert

/** A line of the inventory as the database keeps it; its origin is the caller's. */
export function rowOfLine(line: Line, now: Date): Omit<Row, 'origin'> & { readonly ecosystem: Line['ecosystem'] } {
  return {
    form: line.form,
    kind: line.kind,
    ecosystem: line.ecosystem,
    name: line.text,
    key: keyOfLine(line),
    team: line.team,
    disclose: line.disclose,
    publicOnPurpose: line.publicOnPurpose,
    near: line.near,
    latestVersion: line.latestVersion ?? null,
    firstPublishedAt: line.firstPublishedAt === undefined || line.firstPublishedAt === null ? null : new Date(line.firstPublishedAt),
    place: line.where,
    createdAt: now,
  }
}

export function keyOfLine(line: Line): string {
  return line.form === 'name' ? normalise(line.text, line.kind, line.ecosystem) : line.text
}

/** Equal for the rows and lines that the database takes for the same one. */
export function identityOfRow({ form, kind, ecosystem, key }: { readonly form: string; readonly kind: string; readonly ecosystem?: string | null; readonly key: string }): string {
  return JSON.stringify([form, kind, ecosystem ?? null, key])
}

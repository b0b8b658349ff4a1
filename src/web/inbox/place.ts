import type { FindingRow } from '../../api/contract.ts'

/** Where somebody was in the list: for "next finding", and for coming back to the same place. Lasts as long as the page. */
export interface ListPlace {
  /** Address of the inbox with its filter. */
  readonly address: string
  readonly ids: readonly string[]
  readonly total: number | null
  readonly scrollY: number
  /** The finding that was opened or looked at last. */
  readonly at: string | null
}
let place: ListPlace | null = null

export function rememberPlace(next: ListPlace): void {
  place = next
}
export function rememberedPlace(): ListPlace | null {
  return place
}
export function lookedAt(id: FindingRow['id']): void {
  if (place !== null && place.ids.includes(id)) place = { ...place, at: id }
}
/** Neighbours of a finding in the list it was opened from. */
export function neighbours(id: string): { readonly previous: string | null; readonly next: string | null; readonly position: number; readonly of: number } | null {
  const at = place?.ids.indexOf(id) ?? -1
  if (place === null || at === -1) return null
  return { previous: place.ids[at - 1] ?? null, next: place.ids[at + 1] ?? null, position: at + 1, of: place.total ?? place.ids.length }
}

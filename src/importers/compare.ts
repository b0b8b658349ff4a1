import type { Disclosure, Ecosystem } from '../contracts/inventory.ts'
import type { Normalise } from '../inventory/merge-duplicates.ts'
import { flag } from './flag.ts'
import { earlier, identityOf, type Gathered } from './gather.ts'
import { newerVersion } from './newest-version.ts'
import { columnKey, writeTable, type Row, type Table } from './table.ts'

export interface NewName {
  readonly name: string
  readonly ecosystem: Ecosystem
  readonly latestVersion: string | null
  readonly firstPublishedAt: string | null
  readonly team: string | null
  readonly disclose: Disclosure
  readonly publicOnPurpose: boolean
  readonly from: readonly string[]
  /** Why it will drown the reader; null: it will not. */
  readonly flag: string | null
}

export interface ChangedName {
  readonly name: string
  readonly ecosystem: Ecosystem
  readonly latestVersion: { readonly before: string | null; readonly after: string | null }
  readonly firstPublishedAt: { readonly before: string | null; readonly after: string | null }
  readonly from: { readonly before: readonly string[]; readonly after: readonly string[] }
}

export interface GoneName {
  readonly name: string
  readonly ecosystem: Ecosystem
  readonly from: readonly string[]
}

/** What an import would do to an inventory file. */
export interface Comparison {
  readonly added: readonly NewName[]
  readonly changed: readonly ChangedName[]
  /** No import that wrote them has them any more. Their rows stay unless they are pruned. */
  readonly removed: readonly GoneName[]
  readonly unchanged: number
  /** New names that were left out because they are flagged. */
  readonly leftOut: readonly NewName[]
  /** New names about which nothing is told that another line of the inventory does not say. */
  readonly listedElsewhere: number
  /** The file afterwards. */
  readonly text: string
}

/** How the rest of the inventory settles a name that is new. */
export interface Settled {
  /** Another line names exactly this one; `row` is written only for what it adds. */
  readonly isListed: boolean
  readonly team: string | null
  readonly disclose: Disclosure
  readonly publicOnPurpose: boolean
}

export interface CompareInput {
  readonly table: Table
  readonly names: ReadonlyMap<string, Gathered>
  /** Imports that ran. A row that only others wrote is not theirs to remove. */
  readonly ran: ReadonlySet<string>
  readonly settle: (name: Gathered) => Settled
  readonly normalise: Normalise
  readonly prune: boolean
  readonly withoutFlagged: boolean
}

const ownColumns = ['name', 'ecosystem', 'team', 'disclose', 'publicOnPurpose', 'latestVersion', 'firstPublishedAt', 'importedFrom'] as const
type Column = (typeof ownColumns)[number]

/**
 * Compares what imports told with an inventory file. Rows keep their order, and every cell but latestVersion,
 * firstPublishedAt and importedFrom stays as it is. A first publication only moves back: a registry that threw old
 * versions away does not make our package younger.
 */
export function compare({ table, names, ran, settle, normalise, prune, withoutFlagged }: CompareInput): Comparison {
  const header = [...table.header, ...ownColumns.filter((column) => !table.header.some((title) => columnKey(title) === columnKey(column)))]
  const at = (column: Column): number => header.findIndex((title) => columnKey(title) === columnKey(column))
  const places = Object.fromEntries(ownColumns.map((column) => [column, at(column)])) as Record<Column, number>
  const rows: (readonly string[])[] = []
  const changed: ChangedName[] = []
  const removed: GoneName[] = []
  const met = new Set<string>()
  let unchanged = 0

  for (const row of table.rows) {
    const { line } = row
    const identity = line.form === 'name' && line.kind === 'package' && line.ecosystem !== null ? identityOf(normalise(line.text, 'package', line.ecosystem), line.ecosystem) : null
    const found = identity === null ? undefined : names.get(identity)
    if (identity !== null) met.add(identity)
    const before = factsOf(row, places.importedFrom)
    // Those that did not run this time still vouch for it.
    const others = before.from.filter((name) => !ran.has(name))
    if (found === undefined || line.ecosystem === null) {
      const gone = before.from.length > 0 && others.length === 0
      if (gone && line.ecosystem !== null) removed.push({ name: line.text, ecosystem: line.ecosystem, from: before.from })
      if (!(gone && prune)) rows.push(row.cells)
      continue
    }
    const after = {
      latestVersion: found.latestVersion === null ? before.latestVersion : others.length > 0 && before.latestVersion !== null ? newerVersion(before.latestVersion, found.latestVersion) : found.latestVersion,
      firstPublishedAt: earlier(before.firstPublishedAt, found.firstPublishedAt),
      // A row that a person wrote stays a person's: it is never removed by an import.
      from: before.from.length === 0 ? [] : [...others, ...found.from],
    }
    if (after.latestVersion === before.latestVersion && after.firstPublishedAt === before.firstPublishedAt && same(after.from, before.from)) {
      unchanged += 1
      rows.push(row.cells)
      continue
    }
    changed.push({
      name: line.text, ecosystem: line.ecosystem,
      latestVersion: { before: before.latestVersion, after: after.latestVersion },
      firstPublishedAt: { before: before.firstPublishedAt, after: after.firstPublishedAt },
      from: { before: before.from, after: after.from },
    })
    const cells = header.map((_, index) => row.cells[index] ?? '')
    cells[places.latestVersion] = after.latestVersion ?? ''
    if (after.firstPublishedAt !== before.firstPublishedAt) cells[places.firstPublishedAt] = after.firstPublishedAt ?? ''
    cells[places.importedFrom] = after.from.join('|')
    rows.push(cells)
  }

  const added: NewName[] = []
  const leftOut: NewName[] = []
  let listedElsewhere = 0
  for (const [identity, found] of [...names].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (met.has(identity)) continue
    const settled = settle(found)
    if (settled.isListed && found.latestVersion === null && found.firstPublishedAt === null) {
      listedElsewhere += 1
      continue
    }
    const { team, disclose, publicOnPurpose } = settled
    const { name, ecosystem, latestVersion, firstPublishedAt, from } = found
    const one: NewName = { name, ecosystem, latestVersion, firstPublishedAt, team, disclose, publicOnPurpose, from, flag: settled.isListed || publicOnPurpose ? null : flag(name, found.key, ecosystem) }
    if (one.flag !== null && withoutFlagged) {
      leftOut.push(one)
      continue
    }
    added.push(one)
    const cells: string[] = header.map(() => '')
    const put = (column: Column, text: string | null): void => void (cells[places[column]] = text ?? '')
    put('name', name)
    put('ecosystem', ecosystem)
    put('latestVersion', latestVersion)
    put('firstPublishedAt', firstPublishedAt)
    put('importedFrom', from.join('|'))
    // The line that names it settles the rest; a row beside it only adds what a registry knows.
    if (!settled.isListed) {
      put('team', team)
      put('disclose', disclose === 'name' ? '' : disclose)
      put('publicOnPurpose', publicOnPurpose ? 'true' : '')
    }
    rows.push(cells)
  }
  return { added, changed, removed, unchanged, leftOut, listedElsewhere, text: writeTable(header, rows, table.delimiter) }
}

function factsOf({ line, cells }: Row, importedFrom: number): { readonly latestVersion: string | null; readonly firstPublishedAt: string | null; readonly from: readonly string[] } {
  return {
    latestVersion: line.latestVersion ?? null,
    firstPublishedAt: line.firstPublishedAt ?? null,
    from: (cells[importedFrom] ?? '').split('|').map((name) => name.trim()).filter((name) => name !== ''),
  }
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name))
}

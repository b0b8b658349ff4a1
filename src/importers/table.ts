import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { Invalid } from '../errors.ts'
import { readLine } from '../inventory/read-line.ts'
import { readList } from '../inventory/read-list.ts'
import type { Line } from '../contracts/inventory.ts'

/** An inventory file in CSV, with every cell that a person wrote. */
export interface Table {
  readonly delimiter: string
  /** As the person wrote it. */
  readonly header: readonly string[]
  readonly rows: readonly Row[]
}

export interface Row {
  /** Beside the header; what a person wrote stays as it is. */
  readonly cells: readonly string[]
  /** What the row means. */
  readonly line: Line
}

/** Columns as the inventory's reader knows them: without case, spaces, - and _. */
export function columnKey(title: string): string {
  return title.trim().toLowerCase().replace(/[\s_-]/g, '')
}

/** @throws Invalid every fault of the file, as `inventory check` would tell it */
export function readTable(text: string, where: string): Table {
  const list = readList(text, where)
  const faults = [...(list?.faults ?? [])]
  const lineAt = new Map<string, Line>()
  for (const entry of list?.entries ?? []) {
    const read = readLine(entry)
    if ('faults' in read) faults.push(...read.faults)
    else lineAt.set(entry.place.where, read.line)
  }
  if (list === null || faults.length > 0) throw new Invalid(list === null ? [{ where, key: '', expected: 'expected a file that ends in .csv' }] : faults)
  const head = text.slice(0, 10_000).split(/[\r\n]/).find((line) => line.trim() !== '') ?? ''
  const delimiter = [',', ';', '\t'].find((candidate) => head.includes(candidate)) ?? ','
  // With `info` each record comes with the line it ends on; the types of the library know only plain records.
  const records = parse(text, { delimiter, info: true, relax_column_count: true, skip_empty_lines: true, trim: true, record_delimiter: ['\r\n', '\n', '\r'] }) as unknown as readonly {
    readonly record: readonly string[]
    readonly info: { readonly lines: number }
  }[]
  const [header, ...rows] = records
  return {
    delimiter,
    header: header?.record ?? [],
    rows: rows.flatMap(({ record, info }) => {
      const line = lineAt.get(`${where}:${info.lines}`)
      // A row without any text says nothing.
      return line === undefined ? [] : [{ cells: record, line }]
    }),
  }
}

export function writeTable(header: readonly string[], rows: readonly (readonly string[])[], delimiter: string): string {
  return stringify([header, ...rows].map((cells) => [...cells]), { delimiter })
}

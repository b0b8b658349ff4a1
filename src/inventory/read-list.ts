import path from 'node:path'
import { z } from 'zod'
import { parse, CsvError } from 'csv-parse/sync'
import { identifierKinds } from '../contracts/inventory.ts'
import { Invalid, type Fault } from '../errors.ts'
import { describeIssues, quote, suggestion } from './describe-issues.ts'
import { guessSubject } from './guess.ts'
import { faultAt, type Place } from './place.ts'
import { rawLine } from './raw-line.ts'
import type { Entry } from './read-line.ts'
import { readYaml } from './read-yaml.ts'

/** What a file of the inventory says, line by line, before anybody asks what it means. */
export interface List {
  readonly entries: readonly Entry[]
  readonly faults: readonly Fault[]
}

const readers: Readonly<Record<string, (text: string, where: string) => List>> = {
  '.yaml': readYamlList,
  '.yml': readYamlList,
  '.csv': readCsvList,
  '.txt': readTextList,
}

/** Endings of files that an inventory may be in. */
export const endings = Object.keys(readers)

/**
 * Reads a list in the format its ending names.
 * @param where the file as the person wrote it
 * @returns null for an ending that is not known
 * @throws Invalid when the text is not of that format at all
 */
export function readList(text: string, where: string): List | null {
  const read = readers[path.extname(where).toLowerCase()]
  return read === undefined ? null : read(text, where)
}

/** A YAML list of the lines that namesake.yaml has under `inventory`. */
function readYamlList(text: string, where: string): List {
  const value = readYaml(text, where) ?? []
  const schema = z.array(rawLine)
  const parsed = schema.safeParse(value, { reportInput: true })
  if (!parsed.success) return { entries: [], faults: describeIssues(parsed.error.issues, { schema, written: value, where }) }
  return { entries: parsed.data.map((raw, index) => ({ raw, place: { where, key: String(index) } })), faults: [] }
}

/** One name a line; `#` starts a comment at the start of a line or after a space. What a name is follows from its shape. */
function readTextList(text: string, where: string): List {
  const entries: Entry[] = []
  const faults: Fault[] = []
  for (const [index, written] of text.split(/\r\n|\n|\r/).entries()) {
    const line = written.replace(/(?:^|\s)#.*$/, '').trim()
    if (line === '') continue
    const place = { where: `${where}:${index + 1}`, key: '' }
    const guess = guessSubject(line)
    if ('fault' in guess) faults.push({ where: place.where, key: '', value: quote(line), expected: guess.fault })
    else add(entries, faults, { [guess.value]: line }, place)
  }
  return { entries, faults }
}

const kinds = [...identifierKinds.filter((kind) => kind !== 'other'), 'pattern', 'regex'] as const
type Kind = (typeof kinds)[number]

/** Columns of a .csv; compared without case, spaces, - and _. `kind` says what `name` is; lists are separated by |. */
const columns = [...Object.keys(rawLine.shape), 'kind']
const plain = (text: string) => text.trim().toLowerCase().replace(/[\s_-]/g, '')
const columnOf = new Map(columns.map((column) => [plain(column), column]))

/** A table with a header line, separated by comma, semicolon or tab (whichever the header has). */
function readCsvList(text: string, where: string): List {
  const [header, ...rows] = parseCsv(text, where)
  if (header === undefined) return { entries: [], faults: [] }
  const names = header.record.map((cell) => columnOf.get(plain(cell)))
  const faults = headerFaults(header.record, names, `${where}:${header.line}`)
  if (faults.length > 0) return { entries: [], faults }
  const entries: Entry[] = []
  for (const { record, line } of rows) {
    const place = { where: `${where}:${line}`, key: '' }
    if (record.length > names.length && record.slice(names.length).some((cell) => cell.trim() !== '')) {
      faults.push({ where: place.where, key: '', expected: `expected ${names.length} cells as in the header, these are ${record.length}; put a cell that holds the separator in double quotes` })
      continue
    }
    const cells = new Map(names.flatMap((name, index) => (name === undefined || !record[index]?.trim() ? [] : [[name, record[index].trim()] as const])))
    if (cells.size > 0) addRow(entries, faults, cells, place)
  }
  return { entries, faults }
}

function headerFaults(header: readonly string[], names: readonly (string | undefined)[], where: string): Fault[] {
  const faults: Fault[] = []
  for (const [index, cell] of header.entries()) {
    const name = names[index]
    if (name === undefined) {
      faults.push({ where, key: `column ${index + 1}`, value: quote(cell), expected: `unknown column; ${suggestion(cell, columns)}; the first line is the header` })
    } else if (names.indexOf(name) !== index) {
      faults.push({ where, key: name, expected: 'this column stands here twice' })
    }
  }
  return faults
}

function addRow(entries: Entry[], faults: Fault[], cells: ReadonlyMap<string, string>, place: Place): void {
  const row: Record<string, unknown> = {}
  for (const [column, cell] of cells) {
    if (column === 'near' || column === 'examples' || column === 'counterExamples') row[column] = cell.split('|').map((word) => word.trim()).filter((word) => word !== '')
    else if (column === 'publicOnPurpose') row[column] = truth(cell)
    else if (column === 'ecosystem' || column === 'disclose') row[column] = cell.toLowerCase()
    else if (column !== 'kind' && column !== 'name') row[column] = cell
  }
  const name = cells.get('name')
  const stated = cells.get('kind')?.toLowerCase()
  const kind = kinds.find((candidate) => candidate === stated)
  if (stated !== undefined && kind === undefined) return void faults.push(faultAt(place, 'kind', stated, `expected ${kinds.join(', ')}`))
  if (name === undefined) return add(entries, faults, row, place)
  const subject = kind === undefined ? shapeOf(name, cells) : { value: subjectOf(kind) }
  if ('fault' in subject) return void faults.push(faultAt(place, 'name', name, subject.fault))
  row[subject.value] = name
  add(entries, faults, row, place, kind === 'package' || kind === 'scope' || kind === 'group' ? kind : undefined)
}

/** With an ecosystem it is a name or a pattern; without one its shape says what it is. */
function shapeOf(name: string, cells: ReadonlyMap<string, string>): ReturnType<typeof guessSubject> {
  if (!cells.has('ecosystem')) return guessSubject(name)
  return { value: name.endsWith('*') ? 'pattern' : 'name' }
}

function subjectOf(kind: Kind): 'name' | 'pattern' | 'host' | 'codename' | 'regex' {
  return kind === 'package' || kind === 'scope' || kind === 'group' ? 'name' : kind
}

function truth(cell: string): unknown {
  const text = cell.toLowerCase()
  if (['true', 'yes', '1', 'x'].includes(text)) return true
  return ['false', 'no', '0'].includes(text) ? false : cell
}

function add(entries: Entry[], faults: Fault[], written: unknown, place: Place, kind?: Entry['kind']): void {
  const parsed = rawLine.safeParse(written, { reportInput: true })
  if (parsed.success) entries.push({ raw: parsed.data, place, ...(kind === undefined ? {} : { kind }) })
  else faults.push(...describeIssues(parsed.error.issues, { schema: rawLine, written, where: place.where, prefix: place.key }))
}

interface Row {
  readonly record: readonly string[]
  /** 1-based line of the file on which the row ends. */
  readonly line: number
}

/** What is wrong with a table that cannot be read; the library's own messages quote it. */
const csvSentences: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a double quote is opened and not closed',
  CSV_INVALID_CLOSING_QUOTE: 'after a closing double quote the cell must end; write "" for a quote inside',
  INVALID_OPENING_QUOTE: 'a double quote stands inside a cell; put the whole cell in quotes, and write "" for a quote inside',
  CSV_MAX_RECORD_SIZE: 'this row has more than 100,000 characters; is a double quote not closed?',
}

function parseCsv(text: string, where: string): Row[] {
  const header = text.slice(0, 10_000).split(/[\r\n]/).find((line) => line.trim() !== '') ?? ''
  const delimiter = [',', ';', '\t'].find((candidate) => header.includes(candidate)) ?? ','
  try {
    // With `info` each record comes with the line it ends on; the types of the library know only plain records.
    const rows = parse(text, { delimiter, info: true, relax_column_count: true, skip_empty_lines: true, trim: true, record_delimiter: ['\r\n', '\n', '\r'], max_record_size: 100_000 }) as unknown as readonly {
      readonly record: readonly string[]
      readonly info: { readonly lines: number }
    }[]
    return rows.map(({ record, info }) => ({ record, line: info.lines }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = 'lines' in error && typeof error['lines'] === 'number' ? `:${error['lines']}` : ''
    throw new Invalid([{ where: `${where}${line}`, key: '', expected: csvSentences[error.code] ?? 'this is not a table in CSV' }])
  }
}


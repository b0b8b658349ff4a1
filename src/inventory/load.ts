import path from 'node:path'
import type { Line } from '../contracts/inventory.ts'
import type { Matcher, Term } from '../contracts/match.ts'
import { Invalid, type Fault } from '../errors.ts'
import { quote } from './describe-issues.ts'
import { markPublic } from './mark-public.ts'
import type { Normalise } from './merge-duplicates.ts'
import type { RawLine } from './raw-line.ts'
import { maxFileBytes, readInventoryFile } from './read-file.ts'
import type { Entry } from './read-line.ts'
import { endings, readList } from './read-list.ts'
import { decodeText } from './read-yaml.ts'
import { drowning, understand } from './understand.ts'

/** What must not be public, validated. `warnings` are sentences for a person: true, and not wrong enough to stop. */
export interface Inventory {
  readonly lines: readonly Line[]
  readonly warnings: readonly string[]
}

/** The parts of the configuration that the inventory is made of; a `Config` is one. */
export interface InventoryConfig {
  /** The configuration file as the person named it. */
  readonly where: string
  /** Absolute folder that `inventoryFiles` are relative to. */
  readonly folder: string
  readonly organization: { readonly name: string; readonly domains: readonly string[] }
  readonly inventory: readonly RawLine[]
  readonly inventoryFiles: readonly string[]
  readonly publicOnPurpose: readonly string[]
}

export interface LoadInventoryInput {
  readonly config: InventoryConfig
  /** Reads a file by its absolute path, at most a little more than 50 MB of it. */
  readonly readFile?: (path: string) => Promise<Uint8Array>
  /** The real matcher, for examples. */
  readonly compile: (terms: readonly Term[], options?: { readonly anchors?: readonly string[] }) => Matcher
  /** The canonical key of a name: equal keys are the same name. */
  readonly normalise: Normalise
}

/** More faults than a person reads; the rest is counted. */
const maxFaults = 200
const maxWarnings = 200

/**
 * Reads the inventory: the lines of the configuration, then its files, in order. A pattern that means a whole npm scope
 * or Maven group brings the scope or group as a line of its own. Names that may be public are marked; examples and
 * counter-examples are run through the real matcher.
 * @throws Invalid with every fault (the first 200): file and line, key, value, what was expected; also for an
 *   inventory without a single name, because "nothing found" would then mean nothing
 */
export async function loadInventory(input: LoadInventoryInput): Promise<Inventory> {
  const { config } = input
  const faults: Fault[] = []
  const warnings: string[] = []
  const entries = await readEntries(input, faults, warnings)
  const understood = understand(entries, { ...input, anchors: [config.organization.name, ...config.organization.domains] })
  faults.push(...understood.faults)
  warnings.push(...understood.warnings)
  const marked = markPublic(understood.lines, { names: config.publicOnPurpose, where: config.where }, input.normalise)
  faults.push(...marked.faults)
  warnings.push(...marked.warnings, ...drowning(marked.lines))
  if (entries.length === 0 && faults.length === 0) {
    faults.push({ where: config.where, key: 'inventory', expected: 'the inventory is empty: put names under inventory, or files under inventoryFiles' })
  }
  if (faults.length > 0) throw new Invalid(capped(faults, config.where))
  return { lines: marked.lines, warnings: cappedWarnings(warnings) }
}

async function readEntries({ config, readFile = readInventoryFile }: LoadInventoryInput, faults: Fault[], warnings: string[]): Promise<Entry[]> {
  const entries: Entry[] = config.inventory.map((raw, index) => ({ raw, place: { where: config.where, key: `inventory.${index}` } }))
  for (const [index, file] of config.inventoryFiles.entries()) {
    const wrong = (expected: string) => faults.push({ where: config.where, key: `inventoryFiles.${index}`, value: quote(file), expected })
    if (config.inventoryFiles.indexOf(file) !== index) {
      wrong('this file stands here twice')
      continue
    }
    if (!endings.includes(path.extname(file).toLowerCase())) {
      wrong(`expected a file that ends in ${endings.join(', ')}`)
      continue
    }
    try {
      const bytes = await readFile(path.resolve(config.folder, file))
      if (bytes.length > maxFileBytes) {
        wrong('the file has more than 50 MB; is it the right one?')
        continue
      }
      const list = readList(decodeText(bytes, file), file)
      faults.push(...(list?.faults ?? []))
      for (const entry of list?.entries ?? []) entries.push(entry)
      if (list !== null && list.entries.length === 0 && list.faults.length === 0) warnings.push(`${file}: the file holds no names`)
    } catch (error) {
      if (error instanceof Invalid) faults.push(...error.faults)
      else wrong(fileSentence(error, path.resolve(config.folder, file)))
    }
  }
  return entries
}

function fileSentence(error: unknown, file: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return `there is no such file (looked for ${file})`
  if (code === 'ERR_FS_FILE_TOO_LARGE') return 'the file has more than 50 MB; is it the right one?'
  if (code === 'EISDIR') return 'this is not a file'
  return `the file cannot be read${code === '' ? '' : `: ${code}`}`
}

function capped(faults: readonly Fault[], where: string): Fault[] {
  if (faults.length <= maxFaults) return [...faults]
  return [...faults.slice(0, maxFaults), { where, key: 'inventory', expected: `${faults.length - maxFaults} more faults are not shown` }]
}

function cappedWarnings(warnings: readonly string[]): string[] {
  if (warnings.length <= maxWarnings) return [...warnings]
  return [...warnings.slice(0, maxWarnings), `${warnings.length - maxWarnings} more warnings are not shown`]
}


import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../config.ts'
import type { Line } from '../contracts/inventory.ts'
import type { HttpClient } from '../contracts/http.ts'
import { describeError, Invalid, Permanent } from '../errors.ts'
import { openImport, type ImportSettings } from '../importers/all.ts'
import { askPatiently } from '../importers/ask.ts'
import { compare, type Comparison } from '../importers/compare.ts'
import { createGatherer } from '../importers/gather.ts'
import { readRules, stricter } from '../importers/settle.ts'
import { readTable, type Table } from '../importers/table.ts'
import { loadInventory } from '../inventory/load.ts'
import { maxFileBytes, readInventoryFile } from '../inventory/read-file.ts'
import { decodeText } from '../inventory/read-yaml.ts'
import { compile } from '../matching/compile.ts'
import { normalise } from '../matching/normalise.ts'
import { createHttp } from '../net/http.ts'
import { listFiles } from '../scan/list-files.ts'
import { contactOf } from './open.ts'
import { version } from './version.ts'

export interface ImportOptions {
  readonly imports: readonly ImportSettings[]
  /** The inventory file, .csv, as the person named it, relative to the configuration. */
  readonly into: string
  readonly prune: boolean
  readonly withoutFlagged: boolean
  readonly onProgress: (line: string) => void
  readonly signal: AbortSignal
  /** For tests; absent: the real ones. */
  readonly http?: HttpClient
  readonly wait?: (ms: number) => Promise<void>
}

export interface ImportPlan extends Comparison {
  /** Absolute path of the file. */
  readonly file: string
  /** True when the file does not exist yet. */
  readonly isNew: boolean
  /** The configuration does not name the file: what is written has no effect before it does. */
  readonly isUnlisted: boolean
  /** What was there and could not be read as a name, with how often. */
  readonly unreadable: ReadonlyMap<string, number>
  /** Names that each import told. */
  readonly told: readonly { readonly name: string; readonly names: number }[]
  readonly before: string
}

/**
 * Asks every import and compares what it has with the inventory file. Writes nothing.
 * @throws Invalid | Permanent and the errors of an import; then nothing is known about what is missing, and nothing is planned
 */
export async function planImport(config: Config, options: ImportOptions): Promise<ImportPlan> {
  const { into, imports, onProgress } = options
  if (path.extname(into).toLowerCase() !== '.csv') throw new Invalid([{ where: 'command line', key: '--into', value: JSON.stringify(into), expected: 'expected a file that ends in .csv' }])
  const file = path.resolve(config.folder, into)
  const before = await readExisting(file, into)
  const table: Table = before === '' ? { delimiter: ',', header: [], rows: [] } : readTable(before, into)
  const inventoryFiles = config.inventoryFiles.filter((one) => path.resolve(config.folder, one) !== file)
  const elsewhere = await linesOf({ ...config, inventoryFiles })
  const rules = readRules({ elsewhere, all: [...elsewhere, ...table.rows.map(({ line }) => line)], normalise })

  const opened = imports.map((settings) => openImport(settings))
  const twice = opened.find(({ name }, at) => opened.findIndex((one) => one.name === name) !== at)
  if (twice !== undefined) throw new Invalid([{ where: config.where, key: 'imports', value: JSON.stringify(twice.name), expected: 'two imports have this name; give each a name of its own' }])
  const gatherer = createGatherer(normalise)
  const now = (): Date => new Date()
  for (const one of opened) {
    const http = options.http ?? createHttp({ userAgent: `namesake/${version} (+${contactOf(config)}; imports our own names)`, origins: one.url === null ? [] : [one.url], now })
    try {
      await one.read(
        {
          http: stoppable(askPatiently(http, { now, wait: options.wait ?? ((ms) => pause(ms, undefined, { signal: options.signal })) }), options.signal),
          readFile: (local) => readFile(local),
          listFiles: (place) => listLocal(path.resolve(config.folder, place), options.signal),
          isOurs: rules.isOurs,
        },
        { found: (found) => gatherer.take(one.name, found), unreadable: gatherer.unreadable, progress: onProgress },
      )
    } catch (error) {
      if (error instanceof Invalid) throw error
      throw new Permanent(`${one.name}: ${describeError(error)}; the list is not complete, so nothing is taken from it and nothing is written`, { cause: error })
    }
    // Without the right to read, these services show empty lists: that is "could not tell", not "none".
    if (gatherer.countOf(one.name) === 0) throw new Permanent(`${one.name}: told not a single name of ours; ${one.url === null ? 'are these the right files, and does the inventory know our scopes, groups and hosts?' : 'may its account read the repositories?'} Nothing is written`)
  }

  const comparison = compare({
    table,
    names: gatherer.gathered.names,
    ran: new Set(opened.map(({ name }) => name)),
    normalise,
    prune: options.prune,
    withoutFlagged: options.withoutFlagged,
    settle(name) {
      const by = rules.settle(name)
      const givers = opened.filter((one) => name.from.includes(one.name))
      const stated = givers.flatMap(({ disclose }) => (disclose === undefined ? [] : [disclose]))
      return {
        isListed: rules.isListed(name),
        team: by.team ?? givers.find(({ team }) => team !== null)?.team ?? null,
        disclose: [...stated, ...(by.disclose === null ? [] : [by.disclose])].reduce(stricter, 'name'),
        publicOnPurpose: by.publicOnPurpose,
      }
    },
  })
  // What is written must be an inventory that every command can read: it is proved before it is shown.
  const isUnlisted = inventoryFiles.length === config.inventoryFiles.length
  await linesOf({ ...config, inventoryFiles: [...inventoryFiles, into] }, { file, text: comparison.text })
  return {
    ...comparison,
    file,
    isNew: before === '',
    isUnlisted,
    unreadable: gatherer.gathered.unreadable,
    told: opened.map(({ name }) => ({ name, names: gatherer.countOf(name) })),
    before,
  }
}

/**
 * Writes the planned file in one step: a reader sees the old one or the new one.
 * @throws Invalid when somebody changed the file since it was compared
 */
export async function applyImport(plan: ImportPlan): Promise<void> {
  if ((await readExisting(plan.file, plan.file)) !== plan.before) throw new Invalid([{ where: plan.file, key: '', expected: 'the file was changed since it was compared; import again' }])
  const beside = path.join(path.dirname(plan.file), `.${path.basename(plan.file)}.${randomUUID().slice(0, 8)}`)
  // Internal names: a new file is its owner's alone.
  const mode = plan.isNew ? 0o600 : (await stat(plan.file)).mode & 0o777
  try {
    const handle = await open(beside, 'wx', mode)
    try {
      await handle.writeFile(plan.text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(beside, plan.file)
  } catch (error) {
    await rm(beside, { force: true })
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new Invalid([{ where: plan.file, key: '', expected: `the file cannot be written: ${code}` }], { cause: error })
  }
}

async function readExisting(file: string, where: string): Promise<string> {
  try {
    const bytes = await readInventoryFile(file)
    if (bytes.length > maxFileBytes) throw new Invalid([{ where, key: '', expected: 'the file has more than 50 MB; is it the right one?' }])
    return decodeText(bytes, where)
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      if (error.code === 'ENOENT') return ''
      throw new Invalid([{ where, key: '', expected: `the file cannot be read: ${String(error.code)}` }], { cause: error })
    }
    throw error
  }
}

/** Lines of an inventory, which may still be empty before the first import. `instead`: what a file will hold. */
async function linesOf(config: Config, instead?: { readonly file: string; readonly text: string }): Promise<readonly Line[]> {
  if (config.inventory.length === 0 && config.inventoryFiles.length === 0) return []
  const { lines } = await loadInventory({
    // Names on purpose public that only the imported file covers would be warned about here, which nobody reads.
    config,
    compile,
    normalise,
    readFile: async (file) => (file === instead?.file ? Buffer.from(instead.text) : readInventoryFile(file)),
  })
  return lines
}

async function* listLocal(place: string, signal: AbortSignal): AsyncGenerator<string> {
  const found = await stat(place).catch(() => null)
  if (found === null) throw new Invalid([{ where: place, key: '', expected: 'there is no such file or folder' }])
  if (!found.isDirectory()) {
    yield place
    return
  }
  const gaps: string[] = []
  for await (const { file, inner, isFolder, mayBeGone } of listFiles(place, { noIgnore: false, signal, gap: (at, reason) => gaps.push(`${at}: ${reason}`) })) {
    if (isFolder || typeof file !== 'string') continue
    if (mayBeGone && (await stat(path.join(place, inner)).catch(() => null)) === null) continue
    yield path.join(place, inner)
  }
  if (gaps.length > 0) throw new Invalid([{ where: place, key: '', expected: `not everything could be listed: ${gaps.slice(0, 3).join('; ')}` }])
}

function stoppable(http: HttpClient, signal: AbortSignal): HttpClient {
  return {
    ...http,
    request(request) {
      signal.throwIfAborted()
      return http.request(request)
    },
  }
}

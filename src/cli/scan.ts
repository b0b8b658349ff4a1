import { open, type FileHandle } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { version } from '../app/version.ts'
import type { Config } from '../config.ts'
import { Invalid } from '../errors.ts'
import { compileIgnore } from '../inventory/ignore.ts'
import type { LocalMention, ScanMention, ScanProgress, ScanReport } from '../scan/contract.ts'
import { writeSarif } from '../scan/write-sarif.ts'
import { exitCodes } from './exit.ts'
import { interruptible } from './interrupt.ts'
import { configOf } from './load.ts'
import { createProgress, cut, humanDuration, paint, plural, shown } from './terminal.ts'

interface ScanOptions {
  readonly staged?: boolean
  readonly history?: boolean
  /** False with --no-ignore. */
  readonly ignore: boolean
  readonly format: 'text' | 'json' | 'sarif'
  readonly output?: string
  readonly maxBytes: number
  readonly stdinPath?: string
}

export function addScan(program: Command): void {
  program
    .command('scan')
    .description('internal names in files, in what is staged, or in whole git histories, before they are public')
    .argument('[paths...]', 'files, folders and archives; - for standard input; with --staged and --history: repositories', ['.'])
    .addOption(new Option('--staged', 'only what is about to be committed').conflicts('history'))
    .option('--history', 'every version of every file in all branches, tags and the stash, and what a push takes along: messages, authors, names of branches and tags')
    .option('--no-ignore', 'look at what .gitignore names too')
    .addOption(new Option('--format <format>', 'how the result is written').choices(['text', 'json', 'sarif']).default('text'))
    .option('--output <file>', 'write the result to a file instead of standard output')
    .option('--max-bytes <bytes>', 'larger files are reported as not looked at', parseBytes, 50_000_000)
    .option('--stdin-path <path>', 'what standard input would be called as a file: it tells its format')
    .addHelpText(
      'after',
      `
Needs the inventory of the configuration, and neither a token, a database nor a network: nothing leaves this machine.
ignore.paths of the configuration applies; names that may be public are not reported.

As a pre-commit hook:   namesake scan --staged
In CI:                  namesake scan --format sarif --output namesake.sarif

Exit codes: 0 clean, 1 internal names found, 2 nothing found but something could not be looked at, or bad input.`,
    )
    .action(async (paths: string[], options: ScanOptions, command: Command) => {
      if (options.stdinPath !== undefined && !paths.includes('-')) throw wrong('--stdin-path', 'standard input is not read; add - to the paths')
      const config = await configOf(command, { for: 'inventory' })
      const output = options.output === undefined ? null : await openOutput(options.output)
      try {
        const report = await runScan(config, paths, options)
        if (output === null) process.stdout.write(render(report, options.format, true))
        else await output.writeFile(render(report, options.format, false))
        printSummary(report, config)
        process.exitCode = exitCodeOf(report)
      } finally {
        await output?.close()
      }
    })
}

function parseBytes(text: string): number {
  const bytes = Number(text)
  // A Buffer and a string hold no more.
  if (!/^\d+$/.test(text) || bytes < 1 || bytes > 500_000_000) throw new InvalidArgumentError('expected a number of bytes, 1 to 500000000.')
  return bytes
}

function wrong(key: string, expected: string): Invalid {
  return new Invalid([{ where: 'command line', key, expected }])
}

/** Opened before the work, so that a wrong path costs nothing. */
async function openOutput(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'w')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
    throw new Invalid([{ where: 'command line', key: '--output', value: JSON.stringify(file), expected: `the file cannot be written: ${code}` }], { cause })
  }
}

async function runScan(config: Config, paths: readonly string[], options: ScanOptions): Promise<ScanReport> {
  const [{ readInventory }, { scan }] = await Promise.all([import('../app/read-inventory.ts'), import('../scan/scan.ts')])
  const inventory = await readInventory(config)
  for (const warning of inventory.warnings) console.error(paint('yellow', `warning: ${warning}`))
  const isIgnored = compileIgnore({ repositories: [], paths: config.ignore.paths }, [])
  const progress = createProgress()
  const interrupt = interruptible()
  try {
    return await scan({
      what: options.staged === true ? 'staged' : options.history === true ? 'history' : 'files',
      paths,
      noIgnore: !options.ignore,
      except: new Set(options.output === undefined ? [] : [path.resolve(options.output)]),
      stdin: { stream: process.stdin, path: options.stdinPath ?? '' },
      recipe: {
        terms: inventory.lines.map((line, at) => ({ ...line, id: String(at) })),
        options: { anchors: [config.organization.name, ...config.organization.domains], nearWindow: config.matching.nearWindow },
      },
      maxBytes: options.maxBytes,
      isIgnored: (file) => isIgnored('', file),
      // Of a history git unpacks, which keeps a core busy.
      threads: availableParallelism() - (options.history === true ? 1 : 0),
      signal: interrupt.signal,
      onProgress: watch(progress),
    })
  } finally {
    progress.end()
    interrupt.dispose()
  }
}

/** Milliseconds before which nobody wonders what is going on. */
const patience = 1_000

function watch(progress: ReturnType<typeof createProgress>): (state: ScanProgress) => void {
  const began = performance.now()
  return ({ documents, bytes, totalDocuments }) => {
    const took = performance.now() - began
    if (took < patience) return
    const rate = `${(bytes / 1e6).toFixed(0)} MB, ${(bytes / 1e3 / took).toFixed(0)} MB/s`
    if (totalDocuments === null) progress.show(`${plural(documents, 'file')}, ${rate}`)
    else {
      const left = documents === 0 ? '' : `, ${humanDuration((took / documents) * Math.max(0, totalDocuments - documents))} left`
      progress.show(`${documents.toLocaleString('en')} of ${plural(totalDocuments, 'version')}, ${rate}${left}`)
    }
  }
}

/** Names outweigh gaps: what was found is certain. */
export function exitCodeOf(report: Pick<ScanReport, 'mentions' | 'gaps' | 'interrupted'>): number {
  if (report.mentions.length > 0) return exitCodes.newFindings
  return report.gaps.length > 0 || report.interrupted ? exitCodes.failed : exitCodes.complete
}

/** The result as a text that ends in a line feed, or is empty. */
export function render(report: ScanReport, format: ScanOptions['format'], colours: boolean): string {
  if (format === 'sarif') return `${writeSarif(report, version)}\n`
  if (format === 'json') return `${JSON.stringify(report.mentions.map(asContract), null, 2)}\n`
  return report.mentions.map((mention) => `${describe(mention, colours ? paint : plain)}\n`).join('')
}

const plain: typeof paint = (_style, text) => text
const colours = { critical: 'red', high: 'yellow', medium: 'cyan', low: 'dim' } as const

/** `path:line:column  role  name  snippet`, as grep and its kin. */
function describe(mention: ScanMention, paintWith: typeof paint): string {
  const { path, line, column, role, identifier, snippet, severity, place, commit, blob } = mention
  const origin = place !== undefined ? '' : commit !== undefined ? `  commit ${commit.slice(0, 12)}` : blob !== undefined ? `  blob ${blob.slice(0, 12)}` : ''
  return `${shown(path)}:${line}:${column}  ${paintWith(colours[severity], role)}  ${paintWith('bold', shown(identifier))}  ${cut(shown(snippet).trim(), 160)}${paintWith('dim', origin)}`
}

function asContract({ character: _character, ...mention }: ScanMention): LocalMention {
  return mention
}

/** More reasons, and more paths of one reason, are only counted; JSON has no place for them, SARIF lists all. */
const shownReasons = 20
const shownPaths = 5

/** For the person, on stderr: standard output is for the result. */
function printSummary(report: ScanReport, config: Config): void {
  const byReason = [...Map.groupBy(report.gaps, ({ reason }) => reason)]
  for (const [reason, gaps] of byReason.slice(0, shownReasons)) {
    const paths = gaps.slice(0, shownPaths).flatMap(({ path }) => (path === '' ? [] : [shown(path)]))
    const more = gaps.length > shownPaths ? ` and ${(gaps.length - shownPaths).toLocaleString('en')} more` : ''
    console.error(paint('yellow', `not scanned: ${paths.length === 0 ? '' : `${paths.join(', ')}${more}: `}${reason}`))
  }
  if (byReason.length > shownReasons) console.error(paint('yellow', `… and ${plural(byReason.slice(shownReasons).flatMap(([, gaps]) => gaps).length, 'more gap')}`))
  if (report.interrupted) console.error(paint('yellow', 'Interrupted before the end: what follows is only a part.'))
  const names = new Set(report.mentions.map(({ identifier, kind, ecosystem }) => JSON.stringify([identifier, kind, ecosystem]))).size
  const found = names === 0 ? 'no internal name' : `${plural(names, 'internal name')} in ${plural(report.mentions.length, 'place')}`
  const ignored = report.ignored === 0 ? '' : `; ${plural(report.ignored, 'file')} left out by ignore.paths`
  const incomplete = report.gaps.length > 0 || report.interrupted ? ' Not everything was looked at.' : ''
  const looked = report.messages === 0 ? plural(report.documents, 'file') : `${plural(report.documents, 'file version')} and ${plural(report.messages, 'message')}`
  console.error(`${looked}, ${(report.bytes / 1e6).toFixed(1)} MB: ${found}${ignored}.${incomplete}`)
  if (report.withoutCommit > 0) console.error(`The commits of ${plural(report.withoutCommit, 'blob')} were not looked for: "git log --all --find-object=BLOB" tells them.`)
  const ownFiles = new Set([config.where, ...config.inventoryFiles].map((file) => path.basename(file)))
  if (report.mentions.some(({ path: file }) => ownFiles.has(path.basename(file)))) {
    console.error('The inventory itself stands among what was scanned: whoever may see it knows every name. ignore.paths leaves it out.')
  }
}

import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { Option, type Command } from 'commander'
import { version } from '../app/version.ts'
import type { AuditReport, AuditRow, Verdict } from '../audit/contract.ts'
import type { SourceText } from '../evidence/source-text.ts'
import { Invalid } from '../errors.ts'
import { exitCodes } from './exit.ts'
import { interruptible } from './interrupt.ts'
import { configOf } from './load.ts'
import { createProgress, paint, plural, shown } from './terminal.ts'

interface AuditOptions {
  readonly format: 'text' | 'json' | 'sarif'
  readonly all?: boolean
}

export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('internal projects: does any of our names resolve from more than one place?')
    .argument('[paths...]', 'folders with checkouts, or single files', ['.'])
    .option('--all', 'show what is safe too')
    .addOption(new Option('--format <format>', 'how the result is written').choices(['text', 'json', 'sarif']).default('text'))
    .addHelpText(
      'after',
      `
Reads manifests, registry settings, Dockerfiles and CI files of npm, Python, Maven, Gradle, NuGet, Bundler, Composer, Go
and Cargo below the paths. Needs the inventory of the configuration (its names, its hosts, organization.domains), and
neither a token, a database nor a network. Settings of a machine or a person are not in a project: they prove nothing.

  safe     our names come from one place, and the files of the project say so
  exposed  a public place is asked for them, too; the fix to paste stands below
  unknown  the files do not say: a variable holds the address, or only one build sets it

Exit codes: 0 all safe, 1 exposed projects, 2 something is unknown or could not be read, or bad input.`,
    )
    .action(async (paths: string[], options: AuditOptions, command: Command) => {
      const report = await runAudit(paths, command)
      if (options.format === 'json') process.stdout.write(`${JSON.stringify(report.rows, null, 2)}\n`)
      else if (options.format === 'sarif') process.stdout.write(`${(await import('../audit/write-sarif.ts')).writeAuditSarif(report, version)}\n`)
      else process.stdout.write(render(report, options.all === true))
      for (const { path: file, reason } of report.gaps.slice(0, 20)) console.error(paint('yellow', `not read: ${shown(file)}: ${reason}`))
      if (report.gaps.length > 20) console.error(paint('yellow', `… and ${plural(report.gaps.length - 20, 'more file')}`))
      console.error(summaryOf(report))
      process.exitCode = exitCodeOf(report)
    })
}

/** What was installed are projects of others. */
const installed = /(?:^|[/\\])(?:node_modules|site-packages|\.venv|bower_components)[/\\]/

/** No manifest is longer; lock files are not read. */
const maxBytes = 4_000_000

async function runAudit(paths: readonly string[], command: Command): Promise<AuditReport> {
  const config = await configOf(command, { for: 'inventory' })
  const [{ readInventory }, { audit, isAudited }, { createOurs }, { createSourceText }, { listFiles }] = await Promise.all([
    import('../app/read-inventory.ts'), import('../audit/audit.ts'), import('../audit/ours.ts'), import('../evidence/source-text.ts'), import('../scan/list-files.ts'),
  ])
  const { lines } = await readInventory(config)
  const progress = createProgress()
  const interrupt = interruptible()
  const files: SourceText[] = []
  const gaps: { path: string; reason: string }[] = []
  const take = (file: string | Buffer, name: string): void => {
    if (installed.test(name) || !isAudited(createSourceText(name, ''))) return
    try {
      const { size } = statSync(file)
      if (size > maxBytes) gaps.push({ path: name, reason: `has more than ${maxBytes / 1e6} MB` })
      else files.push(createSourceText(name, readFileSync(file, 'latin1')))
    } catch (error) {
      gaps.push({ path: name, reason: `cannot be read: ${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'}` })
    }
    if (process.stderr.isTTY && files.length % 100 === 0) progress.show(`${plural(files.length, 'file')} read`)
  }
  try {
    for (const named of paths) {
      if (!kindOf(named).isDirectory()) {
        take(named, path.normalize(named))
        continue
      }
      const gap = (inner: string, reason: string): void => void gaps.push({ path: path.join(named, inner), reason })
      for await (const { file, inner, isFolder } of listFiles(named, { noIgnore: false, signal: interrupt.signal, gap })) {
        if (isFolder) gap(inner, 'is a repository of its own: name it')
        else take(file, path.join(named, inner))
      }
    }
    if (interrupt.signal.aborted) gaps.push({ path: '.', reason: 'interrupted before the end' })
  } finally {
    progress.end()
    interrupt.dispose()
  }
  const ours = createOurs(lines.map((line, at) => ({ ...line, id: String(at) })), config.organization.domains)
  return { ...audit(files, ours), gaps }
}

function kindOf(named: string) {
  try {
    return statSync(named)
  } catch (cause) {
    throw new Invalid([{ where: 'command line', key: 'path', value: JSON.stringify(named), expected: 'there is no such file or folder' }], { cause })
  }
}

/** What is exposed outweighs what is unknown. */
export function exitCodeOf({ rows, gaps }: AuditReport): number {
  if (rows.some(({ verdict }) => verdict === 'exposed')) return exitCodes.newFindings
  return gaps.length > 0 || rows.some(({ verdict }) => verdict === 'unknown') ? exitCodes.failed : exitCodes.complete
}

const colours = { exposed: 'red', unknown: 'yellow', safe: 'dim' } as const satisfies Record<Verdict, string>

function render({ rows }: AuditReport, all: boolean): string {
  return rows.filter(({ verdict }) => all || verdict !== 'safe').map(describe).join('')
}

function describe({ verdict, project, kind, reason, path: file, line, fix }: AuditRow): string {
  const advice = fix === null ? '' : `\n  fix: ${fix.split('\n').map((text, at) => (at === 0 ? shown(text) : `    ${shown(text)}`)).join('\n')}`
  return `${paint(colours[verdict], verdict)}  ${paint('bold', shown(project === '' ? '.' : project))}  ${kind}\n  ${shown(file)}:${line}: ${shown(reason)}${advice}\n\n`
}

function summaryOf({ rows, notOurs }: AuditReport): string {
  const projects = Map.groupBy(rows, ({ project }) => project)
  const safe = [...projects.values()].filter((own) => own.every(({ verdict }) => verdict === 'safe')).length
  const others = notOurs === 0 ? '' : `; ${plural(notOurs, 'folder')} with nothing of ours`
  if (projects.size === 0) return `No project uses a name or a registry of ours${others}.`
  return `${safe} of ${plural(projects.size, 'project')} safe (${Math.floor((safe / projects.size) * 100)}%)${others}.`
}

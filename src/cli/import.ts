import { createInterface } from 'node:readline/promises'
import path from 'node:path'
import type { Command } from 'commander'
import type { ImportPlan } from '../app/import-inventory.ts'
import { environment, type Config } from '../config.ts'
import { readVariable } from '../config/interpolate.ts'
import { Invalid } from '../errors.ts'
import { importSettings, importers, type ImportSettings } from '../importers/all.ts'
import { describeIssues } from '../inventory/describe-issues.ts'
import { teach } from './help.ts'
import { untilInterrupted } from './interrupt.ts'
import { configOf } from './load.ts'
import { createProgress, excerpt, paint, plural, table } from './terminal.ts'

interface Options {
  readonly from?: string
  readonly url?: string
  readonly group?: string
  readonly organization?: string
  readonly user?: string
  readonly tokenVariable?: string
  readonly only?: readonly string[]
  readonly into: string
  readonly apply?: boolean
  readonly prune?: boolean
  readonly withoutFlagged?: boolean
  readonly json?: boolean
  readonly all?: boolean
}

export function addImport(inventory: Command): void {
  const command = inventory
    .command('import')
    .description('names from where they live: registries, bills of materials, manifests; shows a diff, writes with --apply')
    .argument('[paths...]', 'with --from cyclonedx, spdx or manifests: files or folders')
    .option('--from <type>', `one origin instead of those under imports: in the configuration (${importers.map(({ type }) => type).join(', ')})`)
    .option('--url <url>', 'with --from: base URL')
    .option('--group <group>', 'with --from gitlab-packages: id or path of the group')
    .option('--organization <name>', 'with --from github-packages: whose packages')
    .option('--user <name>', 'with --from nexus: name of the user')
    .option('--token-variable <name>', 'with --from: the environment variable that holds token or password (or NAME_FILE the file with it); a secret itself is never given here')
    .option('--only <names...>', 'of the configured imports only these, by name or type')
    .option('--into <file>', 'inventory file to compare with and write, .csv, relative to the configuration', 'inventory.csv')
    .option('--apply', 'write it without asking')
    .option('--prune', 'also take out names that every import which wrote them has dropped')
    .option('--without-flagged', 'leave out new names that are well-known public packages or ordinary words')
    .option('--all', 'show every name of the diff, not only the first twenty of each kind')
    .option('--json', 'print the diff as JSON; writes only with --apply')
    .action((paths: string[], options: Options, self: Command) => untilInterrupted(async (signal) => {
      const config = await configOf(self, { for: 'inventory' })
      const imports = await chooseImports(config, paths, options)
      const { applyImport, planImport } = await import('../app/import-inventory.ts')
      const progress = createProgress()
      let plan: ImportPlan
      try {
        plan = await planImport(config, {
          imports, into: options.into, prune: options.prune === true, withoutFlagged: options.withoutFlagged === true, signal,
          onProgress: (line) => progress.show(excerpt(line, 200)),
        })
      } finally {
        progress.end()
      }
      const isChange = plan.added.length + plan.changed.length > 0 || (options.prune === true && plan.removed.length > 0)
      if (options.json !== true) console.log(describePlan(plan, options))
      const written = isChange && (options.apply === true || (options.json !== true && (await confirm(plan, signal))))
      if (written) await applyImport(plan)
      if (options.json === true) console.log(JSON.stringify(asJson(plan, written), null, 2))
      else console.log(conclude(plan, { isChange, written }, options))
    }))
  teach(command, {
    notes: [
      'Without a terminal nothing is written unless --apply is given; on a terminal it asks. Rows and cells that a person wrote stay as they',
      'are; names that are gone stay until --prune. When a page of an origin fails, nothing is known to be complete and nothing is written.',
      'New names take the strictest disclose of the patterns that cover them.',
    ].join('\n'),
    examples: [
      ['inventory import', 'every import of the configuration, as a diff'],
      ['inventory import --from artifactory --url https://artifactory.acme-corp.com/artifactory --token-variable ARTIFACTORY_TOKEN', 'one origin, its token in the environment'],
      ['inventory import --from manifests ../service-a ../service-b --apply', 'names that internal repositories declare'],
    ],
    exitCodes: '0 compared (and written, if asked), 2 an origin could not be read completely, or bad input: nothing was written.',
  })
}

async function chooseImports(config: Config, paths: readonly string[], options: Options): Promise<readonly ImportSettings[]> {
  const { from, only } = options
  if (from !== undefined) return [await settingsFrom(from, paths, options)]
  const stray = paths.length > 0 ? '[paths...]' : (['url', 'group', 'organization', 'user', 'tokenVariable'] as const).find((key) => options[key] !== undefined)
  if (stray !== undefined) throw new Invalid([{ where: 'command line', key: stray, expected: 'this belongs to --from; say which type it is' }])
  if (config.imports.length === 0) {
    throw new Invalid([{ where: config.where, key: 'imports', expected: `nothing to import from: list origins under imports, or give one with --from (${importers.map(({ type }) => type).join(', ')})` }])
  }
  if (only === undefined) return config.imports
  return only.flatMap((name) => {
    const chosen = config.imports.filter((one) => one.name === name || one.type === name)
    if (chosen.length === 0) throw new Invalid([{ where: 'command line', key: '--only', value: JSON.stringify(name), expected: 'no import of the configuration has this name or type' }])
    return chosen
  })
}

async function settingsFrom(type: string, paths: readonly string[], { url, group, organization, user, tokenVariable }: Options): Promise<ImportSettings> {
  const written: Record<string, unknown> = { type }
  // Relative to where the person stands, unlike those of the configuration.
  if (paths.length > 0) written['paths'] = paths.map((one) => path.resolve(one))
  for (const [key, value] of Object.entries({ url, group, organization, user })) if (value !== undefined) written[key] = value
  const shown = { ...written }
  if (tokenVariable !== undefined) {
    const { value, fault } = await readVariable(tokenVariable, environment())
    if (fault !== undefined) throw new Invalid([fault])
    if (value === undefined) throw new Invalid([{ where: 'command line', key: '--token-variable', expected: 'the environment variable of this name is not set' }])
    written[type === 'nexus' ? 'password' : 'token'] = value
  }
  const parsed = importSettings.safeParse(written, { reportInput: true })
  if (!parsed.success) throw new Invalid(describeIssues(parsed.error.issues, { schema: importSettings, written: shown, where: 'command line', prefix: '--from' }))
  return parsed.data
}

/** Asks on a terminal; elsewhere the answer is no. */
async function confirm(plan: ImportPlan, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  const ask = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await ask.question(`Write ${plan.file}? [y/N] `, { signal })
    return /^y(?:es)?$/i.test(answer.trim())
  } finally {
    ask.close()
  }
}

const shownOfEach = 20

function describePlan(plan: ImportPlan, options: Options): string {
  const most = options.all === true ? Infinity : shownOfEach
  const section = <Item>(mark: string, title: string, items: readonly Item[], row: (item: Item) => readonly string[]): string[] => {
    if (items.length === 0) return []
    const rest = items.length > most ? [`  … and ${(items.length - most).toLocaleString('en')} more: --all`] : []
    return [`${paint('bold', title)}`, table(items.slice(0, most).map((item) => [`  ${mark}`, ...row(item).map((cell) => excerpt(cell, 200))])), ...rest]
  }
  const flagged = plan.added.filter((one) => one.flag !== null)
  return [
    ...plan.told.map(({ name, names }) => `${excerpt(name, 200)}: ${plural(names, 'name')}`),
    ...section(paint('yellow', '!'), `These will drown the reader: ${flagged.length.toLocaleString('en')} new, of which --without-flagged leaves out all`, flagged, (one) => [one.name, one.ecosystem, one.flag ?? '']),
    ...section(paint('green', '+'), `Added: ${plan.added.length.toLocaleString('en')}`, plan.added, (one) => [one.name, one.ecosystem, one.latestVersion ?? '', [one.firstPublishedAt?.slice(0, 10), one.team === null ? undefined : `team ${one.team}`, one.disclose === 'name' ? undefined : `disclose: ${one.disclose}`].filter((part) => part !== undefined).join(' · ')]),
    ...section(paint('cyan', '~'), `Changed: ${plan.changed.length.toLocaleString('en')}`, plan.changed, (one) => [one.name, one.ecosystem, one.latestVersion.before === one.latestVersion.after ? '' : `${one.latestVersion.before ?? '(none)'} → ${one.latestVersion.after ?? '(none)'}`]),
    ...section(paint('red', '-'), `${options.prune === true ? 'Removed' : 'Gone from their origin, kept without --prune'}: ${plan.removed.length.toLocaleString('en')}`, plan.removed, (one) => [one.name, one.ecosystem, one.from.join(', ')]),
    ...section(paint('yellow', '?'), 'Not readable as names, left out', [...plan.unreadable], ([what, count]) => [what, count === 1 ? '' : `${count.toLocaleString('en')} times`]),
  ].join('\n')
}

function conclude(plan: ImportPlan, { isChange, written }: { readonly isChange: boolean; readonly written: boolean }, options: Options): string {
  const counts = `${plan.unchanged.toLocaleString('en')} unchanged${plan.listedElsewhere > 0 ? `, ${plan.listedElsewhere.toLocaleString('en')} listed elsewhere already` : ''}${plan.leftOut.length > 0 ? `, ${plan.leftOut.length.toLocaleString('en')} flagged and left out` : ''}.`
  if (!isChange) return `Nothing to write: ${counts}`
  const unlisted = plan.isUnlisted ? `\nAdd ${JSON.stringify(options.into)} to inventoryFiles in the configuration: before that it has no effect.` : ''
  return written ? `Wrote ${plan.file}. ${counts}${unlisted}` : `Nothing was written; --apply writes ${plan.file}. ${counts}${unlisted}`
}

function asJson({ text: _text, before: _before, unreadable, ...plan }: ImportPlan, written: boolean): object {
  return { ...plan, unreadable: [...unreadable].map(([what, count]) => ({ what, count })), written }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { DrillHost } from '../app/drill.ts'
import type { Store } from '../app/open.ts'
import { ecosystems, type Ecosystem } from '../contracts/inventory.ts'
import type { ComparedDrill, DrillReport } from '../drills/compare-drills.ts'
import type { Canary } from '../drills/name-canary.ts'
import { createLog } from '../log.ts'
import { exitCodes } from './exit.ts'
import { teach } from './help.ts'
import { untilInterrupted } from './interrupt.ts'
import { withStore } from './load.ts'
import { createProgress, excerpt, humanDuration, paint, table, wrap } from './terminal.ts'
import { loginName } from './triage.ts'
import { parseTime } from './time.ts'

export function addDrill(program: Command): void {
  const command = program
    .command('drill')
    .description('rehearse a leak: plant a made-up name in public, and see how long it takes until it is found, told and acknowledged')
    .addOption(new Option('--sandbox', 'a drill on a make-believe internet, by itself from start to report'))
    .addOption(new Option('--json', 'with --sandbox: print the report as JSON'))
    .action(async (options: { sandbox?: boolean; json?: boolean }, self: Command) => {
      if (options.sandbox !== true) return self.help()
      await rehearse(options.json === true)
    })
  teach(command, {
    notes: `A drill is counted nowhere: not in the exposure metric, the coverage, the lists and counts of findings. Its alert
begins with DRILL, and goes the way of a real one. After "drill end" nothing about its name is told any more.`,
    examples: [
      ['drill --sandbox', 'see one, without an account; takes less than a minute'],
      ['drill start', 'make the name, read where and how to plant it'],
      ['drill planted 1 --url https://gist.github.com/…', 'the name is public: the clock runs'],
      ['drill status', 'how the drills under way stand'],
      ['drill end 1', 'after the file was removed'],
      ['drill report', 'are we getting faster?'],
    ],
    exitCodes: '0 done, 2 bad input or failure; of --sandbox and status also 2: a drill failed, or could not tell.',
  })
  addStart(command)
  addPlanted(command)
  addStatus(command)
  addReport(command)
  addEnd(command)
}

interface StartOptions {
  readonly ecosystem?: Ecosystem
  readonly name?: string
  readonly findWithin: number
  readonly acknowledgeWithin: number
  readonly as?: string
  readonly json?: boolean
}

function addStart(drill: Command): void {
  const command = drill
    .command('start')
    .description('make the name of a drill, have it searched for, and say where and how to plant it')
    .addOption(new Option('--ecosystem <ecosystem>', 'of the name (default: the one that the inventory has most names of)').choices(ecosystems))
    .option('--name <beginning>', 'what the name begins with; the random part is added (default: derived from the inventory)')
    .option('--find-within <time>', 'after the planting; later is a failure', parseDuration, 7 * 86_400)
    .option('--acknowledge-within <time>', 'after the alert; later is a failure', parseDuration, 86_400)
    .option('--as <name>', 'who starts it (default: your login)')
    .option('--json', 'print what to plant as JSON')
    .action((options: StartOptions, self: Command) => withStore(self, async (store) => {
      const [{ beginDrill }, { plantOf, placesToPlant }] = await Promise.all([import('../app/drill.ts'), import('../drills/plant.ts')])
      const host = await hostOf(store)
      const { drillId, canary } = await beginDrill(host, {
        findWithinSeconds: options.findWithin, acknowledgeWithinSeconds: options.acknowledgeWithin, by: options.as ?? loginName(),
        ...(options.ecosystem === undefined ? {} : { ecosystem: options.ecosystem }), ...(options.name === undefined ? {} : { name: options.name }),
      })
      const places = [...host.sources.keys()].flatMap((id) => (placesToPlant[id] === undefined ? [] : [{ source: id, where: placesToPlant[id] }]))
      if (options.json === true) console.log(JSON.stringify({ id: String(drillId), name: canary.name, ecosystem: canary.ecosystem, ...plantOf(canary), places }, null, 2))
      else console.log(describeStart(drillId, canary, plantOf(canary), places))
    }))
  teach(command, {
    notes: 'The name is made up and begins like yours: it tells nothing but that. Times are written 30m, 24h, 7d (defaults: 7d and 24h).',
    examples: [['drill start --ecosystem pypi --find-within 24h', 'it has to be found within a day']],
  })
}

function describeStart(drillId: bigint, { name }: Canary, plant: { readonly file: string; readonly content: string }, places: readonly { readonly source: string; readonly where: string }[]): string {
  return [
    `Drill ${drillId}: the name is ${paint('bold', name)}. It is searched for from now on.`,
    '',
    '1. Make this file public, exactly as it is:',
    '',
    paint('dim', `    ${plant.file}`),
    plant.content.trimEnd().split('\n').map((line) => `    ${line}`).join('\n'),
    '',
    '   One of these sources has to be able to see it:',
    ...(places.length === 0
      ? ['   (none of the configured sources looks at a place where one could plant it: "namesake doctor")']
      : places.map(({ source, where }) => wrap(`- ${source}: ${where}`, '   '))),
    '',
    '2. Say so at once, with the address: until then no clock runs.',
    '',
    `    namesake drill planted ${drillId} --url <address>`,
    '',
    '3. Tell nobody who is to react. The alert begins with DRILL; acknowledge it as a real one.',
    `4. "namesake drill status" shows how it stands. Afterwards remove the file, wait for a recheck if the time until it`,
    `   is gone matters to you, and end it: namesake drill end ${drillId}`,
  ].join('\n')
}

function addPlanted(drill: Command): void {
  const command = drill
    .command('planted')
    .description('the name of a drill is public: the clock runs from now, or from --at')
    .argument('<id>', 'id of the drill', parseId)
    .option('--at <time>', 'when it became public, if not just now (ISO 8601, UTC unless it says otherwise)', parseTime)
    .option('--url <url>', 'where')
    .action((drillId: bigint, options: { at?: Date; url?: string }, self: Command) => withStore(self, async ({ database, now }) => {
      const { markPlanted } = await import('../drills/mark-planted.ts')
      const at = options.at ?? now()
      await markPlanted(database.db, { drillId, at, url: options.url?.slice(0, 2_000) ?? null, now: now() })
      console.log(`Drill ${drillId}: planted at ${at.toISOString()}. The clock runs.`)
    }))
  teach(command, { examples: [['drill planted 1 --at 2026-11-27T09:00:00Z --url https://gist.github.com/…', 'it was public before you came to say so']] })
}

function addStatus(drill: Command): void {
  const command = drill
    .command('status')
    .description('how the drills stand that are under way')
    .option('--json', 'print them as a JSON array')
    .action((options: { json?: boolean }, self: Command) => withStore(self, async (store) => {
      const { drills } = await reportOf(store, true)
      if (options.json === true) console.log(JSON.stringify(drills, null, 2))
      else console.log(drills.length === 0 ? 'No drill is under way: "namesake drill start" begins one.' : drills.map(describeDrill).join('\n\n'))
      if (drills.some(({ outcome }) => outcome === 'failed' || outcome === 'could-not-tell')) process.exitCode = exitCodes.failed
    }))
  teach(command, { exitCodes: '0 under way or passed, 2 one failed, could not tell, or bad input.' })
}

function addReport(drill: Command): void {
  const command = drill
    .command('report')
    .description('every drill over time: how long until found, told, acknowledged, gone, and whether it gets faster')
    .option('--json', 'print the report as JSON')
    .action((options: { json?: boolean }, self: Command) => withStore(self, async (store) => {
      const report = await reportOf(store, false)
      console.log(options.json === true ? JSON.stringify(report, null, 2) : describeReport(report))
    }))
  teach(command, { notes: 'Times are since the planting; in brackets, the change since the drill before that has this time.' })
}

function addEnd(drill: Command): void {
  drill
    .command('end')
    .description('the drill is over: its name is searched for no more, and nothing about it is told any more')
    .argument('<id>', 'id of the drill', parseId)
    .action((drillId: bigint, _options: object, self: Command) => withStore(self, async (store) => {
      const { finishDrill } = await import('../app/drill.ts')
      await finishDrill(await hostOf(store), drillId)
      const { drills } = await reportOf(store, false)
      const ended = drills.find(({ id }) => id === String(drillId))
      console.log([`Drill ${drillId} has ended.`, ...(ended === undefined ? [] : [describeDrill(ended)]), 'If the file is still public, remove it: its name begins like yours.'].join('\n'))
    }))
}

async function hostOf({ config, database, now }: Store): Promise<DrillHost> {
  const { openAdapters } = await import('../app/open.ts')
  return { config, database, now, sources: openAdapters(config, now).sources }
}

async function reportOf({ database, now }: Store, running: boolean): Promise<DrillReport> {
  const [{ compareDrills }, { readDrills }] = await Promise.all([import('../drills/compare-drills.ts'), import('../drills/read-drills.ts')])
  return compareDrills(await readDrills(database.db, { now: now(), running }), now())
}

async function rehearse(json: boolean): Promise<void> {
  await untilInterrupted(async (signal) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'namesake-drill-'))
    const progress = createProgress()
    try {
      progress.show('loading')
      const { rehearseDrill } = await import('../app/rehearse-drill.ts')
      const log = createLog({ level: 'error', destination: { write: (line) => progress.write(line) } })
      const { drill, alerts } = await rehearseDrill({ folder, signal, onProgress: (line) => progress.show(line), log })
      progress.end()
      if (json) console.log(JSON.stringify({ drill, alerts }, null, 2))
      else console.log([describeDrill(drill), '', 'What arrived in Slack:', ...alerts.map((line) => `  ${excerpt(line, 200)}`)].join('\n'))
      if (drill.outcome !== 'passed') process.exitCode = exitCodes.failed
    } finally {
      progress.end()
      await rm(folder, { recursive: true, force: true })
    }
  })
}

const colours = { running: 'cyan', passed: 'green', failed: 'red', 'could-not-tell': 'yellow', abandoned: 'dim' } as const

/** A drill for a person: the verdict, then a line a step. */
function describeDrill(drill: ComparedDrill): string {
  const by = (who: string | null): string => (who === null ? '' : ` by ${excerpt(who, 80)}`)
  const at = drill.step === null || drill.step === 'planted' ? '' : ` at the step "${drill.step}"`
  return [
    `${paint(colours[drill.outcome], drill.outcome.toUpperCase())}${drill.outcome === 'passed' ? '' : at}: drill ${drill.id}, ${paint('bold', excerpt(drill.identifier, 200))}: ${drill.why}`,
    `  planted       ${drill.plantedAt ?? 'not said yet'}${drill.plantedUrl === null ? '' : `  ${excerpt(drill.plantedUrl, 300)}`}`,
    `  found         ${step(drill.foundAt, drill.secondsToFound)}${by(drill.foundBy)}`,
    `  alerted       ${step(drill.alertedAt, drill.secondsToAlerted)}`,
    `  acknowledged  ${step(drill.acknowledgedAt, drill.secondsToAcknowledged)}${by(drill.acknowledgedBy)}`,
    `  gone          ${step(drill.cleanedAt, drill.secondsToCleaned)}`,
  ].join('\n')
}

function step(moment: string | null, seconds: number | null): string {
  if (moment === null) return '–'
  return seconds === null ? moment : `${moment}, after ${humanDuration(seconds * 1_000)}`
}

function describeReport({ drills, median, outcomes }: DrillReport): string {
  if (drills.length === 0) return 'There was no drill yet: "namesake drill --sandbox" shows one, "namesake drill start" begins one.'
  const cell = (seconds: number | null, change: number | null = null): string => {
    if (seconds === null) return '–'
    const trend = change === null ? '' : change === 0 ? ' (=)' : ` (${change < 0 ? '−' : '+'}${humanDuration(Math.abs(change) * 1_000)})`
    return `${humanDuration(seconds * 1_000)}${trend}`
  }
  const rows = drills.map((drill) => [
    drill.id, drill.startedAt.slice(0, 10), drill.step === null ? drill.outcome : `${drill.outcome} (${drill.step})`,
    cell(drill.secondsToFound, drill.change.secondsToFound), cell(drill.secondsToAlerted, drill.change.secondsToAlerted),
    cell(drill.secondsToAcknowledged, drill.change.secondsToAcknowledged), cell(drill.secondsToCleaned, drill.change.secondsToCleaned),
  ])
  const medians = ['', '', 'median', cell(median.secondsToFound), cell(median.secondsToAlerted), cell(median.secondsToAcknowledged), cell(median.secondsToCleaned)]
  const counts = Object.entries(outcomes).filter(([, number]) => number > 0).map(([outcome, number]) => `${number} ${outcome}`)
  return `${table([['drill', 'started', 'outcome', 'found', 'alerted', 'acknowledged', 'gone'], ...rows, medians])}\n\n${counts.join(', ')}. Times are since the planting.`
}

function parseId(text: string): bigint {
  if (!/^#?\d{1,18}$/.test(text)) throw new InvalidArgumentError('an id is a number, such as 1.')
  return BigInt(text.replace('#', ''))
}

/** Seconds of `90s`, `30m`, `24h`, `7d`. */
function parseDuration(text: string): number {
  const match = /^(?<number>\d{1,6})(?<unit>[smhd])$/.exec(text)
  const unit = { s: 1, m: 60, h: 3_600, d: 86_400 }[match?.groups?.['unit'] ?? ''] ?? 0
  const seconds = Number(match?.groups?.['number'] ?? 0) * unit
  if (seconds < 1 || seconds > 365 * 86_400) throw new InvalidArgumentError('a time such as 30m, 24h or 7d is expected, up to a year.')
  return seconds
}

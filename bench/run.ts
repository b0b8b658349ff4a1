import { parseArgs } from 'node:util'

/** `npm run bench <name> [-- options]`: what is measured, by name. Each reads its own options from the command line. */
const benches = new Map<string, () => Promise<unknown>>([
  ['api', () => import('./api.ts')],
  ['assets', () => import('./assets.ts')],
  ['exposure', () => import('./exposure.ts')],
  ['import', () => import('./import.ts')],
  ['matching', measureMatching],
  ['notices', () => import('./notices.ts')],
  ['metrics', () => import('./metrics.ts')],
  ['planner', () => import('./planner.ts')],
  ['scan', () => import('./scan.ts')],
  ['signals', () => import('./signals.ts')],
  ['sweep', () => import('./sweep.ts')],
])

async function measureMatching(): Promise<void> {
  const { values } = parseArgs({ options: { corpus: { type: 'string' }, megabytes: { type: 'string' }, rounds: { type: 'string' }, adversarial: { type: 'boolean' } } })
  const { benchAdversarial, benchMatching } = await import('./matching.ts')
  if (values.adversarial === true) return benchAdversarial()
  await benchMatching({ corpus: values.corpus, megabytes: Number(values.megabytes ?? 200), rounds: Number(values.rounds ?? 5) })
}

const [name = ''] = process.argv.splice(2, 1)
const bench = benches.get(name)
if (bench === undefined) {
  process.stderr.write(`npm run bench <${[...benches.keys()].join(' | ')}> [-- options]; the head of bench/<name>.ts tells them\n`)
  process.exitCode = 2
} else {
  await bench()
}

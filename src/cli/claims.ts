import type { Command } from 'commander'
import type { App, Store } from '../app/open.ts'
import { exitCodes } from './exit.ts'
import { describeClaim } from './findings.ts'
import { teach } from './help.ts'
import { untilInterrupted } from './interrupt.ts'
import { configOf, logOf, withStore } from './load.ts'
import { createProgress, excerpt, paint, plural } from './terminal.ts'

export function addClaims(program: Command): void {
  const command = program
    .command('claims [name...]')
    .description('who holds our names in the public registries, and who could take them')
    .option('--json', 'print a JSON array, one element a name and registry')
    .option('--check', 'ask the registries now for every name that may be asked for ("namesake plan" lists them)')
    .action(async (names: string[], options: { json?: boolean; check?: boolean }, self: Command) => {
      if (options.check !== true) return withStore(self, (store) => print(store, names, options.json === true))
      await check(self, async (app) => print(app, names, options.json === true))
    })
  teach(command, {
    notes: `A name is "claimable" only after two clean answers "not there", ten minutes apart, each with the checks of
namespace and likeness. A registry that fails, refuses or asks to wait has told nothing: the last thing that it told
stays, with its time. Asking tells a registry the name: only names that were found in public are asked for, or all with
registries.askAll; never one with disclose: never or stem.`,
    examples: [
      ['claims', 'what is known, without asking anybody'],
      ['claims acme-corp-auth --json', 'of one name, with facts and signs of an attack'],
      ['claims --check', 'ask now'],
    ],
    exitCodes: '0 told, and no stranger holds or could claim a name that is listed; 1 a stranger does or could; 2 bad input, or with --check a registry could not tell.',
  })
}

async function check(self: Command, show: (app: App) => Promise<void>): Promise<void> {
  const config = await configOf(self)
  const [{ openApp }, { readInventory }, { prepareWatches }, { checkClaims }] = await Promise.all([
    import('../app/open.ts'), import('../app/read-inventory.ts'), import('../app/prepare-watches.ts'), import('../app/check-claims.ts'),
  ])
  const inventory = await readInventory(config)
  await untilInterrupted(async (signal) => {
    const progress = createProgress()
    const onProgress = (message: string) => progress.show(message)
    try {
      const app = await openApp(config, { log: logOf(config, progress), onProgress })
      try {
        await prepareWatches(app, inventory)
        const { untold, interrupted, secondLooks } = await checkClaims(app, { signal, onProgress })
        progress.end()
        await show(app)
        for (const { registry, names, reason } of untold) console.error(paint('yellow', `not told: ${registry}: ${plural(names, 'name')}: ${excerpt(reason, 300)}`, process.stderr))
        if (secondLooks > 0) console.error(`${plural(secondLooks, 'name')} absent: a second look, ten minutes later, has to agree before a name counts as claimable.`)
        if (untold.length > 0 || interrupted) process.exitCode = exitCodes.failed
      } finally {
        await app.close()
      }
    } finally {
      progress.end()
    }
  })
}

async function print(store: Pick<Store, 'database'>, names: readonly string[], asJson: boolean): Promise<void> {
  const { listClaims } = await import('../findings/list-claims.ts')
  const listed = (await listClaims(store.database.db, names.length === 0 ? {} : { names })).map(({ identifierId, ...claim }) => ({ id: String(identifierId), ...claim }))
  if (listed.some(({ state, claimable }) => state === 'stranger' || claimable === 'yes')) process.exitCode = exitCodes.newFindings
  if (asJson) return console.log(JSON.stringify(listed, null, 2))
  if (listed.length === 0) return console.log(names.length === 0 ? 'No registry was asked for any name yet: "namesake claims --check" asks.' : 'No registry was asked for these names.')
  for (const claim of listed) console.log(`${paint('bold', excerpt(claim.identifier, 300))}\n${describeClaim(claim)}`)
}

import type { Command } from 'commander'
import { teach } from './help.ts'
import { addImport } from './import.ts'
import { addInferred } from './inferred.ts'
import { configOf } from './load.ts'
import { paint, plural, shown } from './terminal.ts'

export function addInventory(program: Command): void {
  const inventory = program.command('inventory').description('the list of internal names')
  const check = inventory
    .command('check')
    .description('read the whole inventory, prove its examples, and say what would drown a reader; sends nothing')
    .action(async (_options: unknown, command: Command) => {
      const config = await configOf(command)
      const [{ readInventory }, { warnOfHotTerms }] = await Promise.all([import('../app/read-inventory.ts'), import('../planning/hot-terms.ts')])
      const { lines, warnings } = await readInventory(config)
      for (const warning of [...warnings, ...warnOfHotTerms(lines)]) console.log(paint('yellow', `warning: ${shown(warning)}`))
      console.log(`${plural(lines.length, 'line')}, ${plural(lines.filter(({ form }) => form !== 'name').length, 'pattern')}: in order.`)
    })
  teach(check, { exitCodes: '0 in order (warnings included), 2 a line that cannot be read, or an example that fails.' })
  addImport(inventory)
  addInferred(inventory)
}

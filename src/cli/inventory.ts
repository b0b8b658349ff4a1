import type { Command } from 'commander'
import { readInventory } from '../app/prepare-watches.ts'
import { configOf } from './load.ts'
import { paint, plural } from './terminal.ts'

export function addInventory(program: Command): void {
  const inventory = program.command('inventory').description('the list of internal names')
  inventory
    .command('check')
    .description('read the whole inventory, prove its examples, and say what would drown a reader')
    .action(async (_options: unknown, command: Command) => {
      const { lines, warnings } = await readInventory(await configOf(command))
      for (const warning of warnings) console.log(paint('yellow', `warning: ${warning}`))
      console.log(`${plural(lines.length, 'line')}, ${plural(lines.filter(({ form }) => form !== 'name').length, 'pattern')}: in order.`)
    })
}

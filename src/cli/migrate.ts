import type { Command } from 'commander'
import { openDatabase } from '../db/client.ts'
import { openEmbedded } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'
import { configOf } from './load.ts'

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database to the schema of this version; safe to repeat, and to run twice at once')
    .action(async (_options: unknown, command: Command) => {
      const config = await configOf(command)
      const embedded = config.database.url === undefined ? await openEmbedded({ dataDir: config.dataDir }) : null
      try {
        const database = openDatabase(config.database.url ?? embedded?.url ?? '')
        try {
          const { applied } = await migrate(database)
          console.log(applied.length === 0 ? 'The schema is up to date.' : applied.map((name) => `applied ${name}`).join('\n'))
        } finally {
          await database.close()
        }
      } finally {
        await embedded?.close()
      }
    })
}

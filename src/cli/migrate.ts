import type { Command } from 'commander'
import { teach } from './help.ts'
import { configOf } from './load.ts'

export function addMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the database to the schema of this version; safe to repeat, and to run twice at once')
    .action(async (_options: unknown, self: Command) => {
      const { database: { url }, dataDir } = await configOf(self)
      const [{ pingDatabase }, { openEmbedded }] = await Promise.all([import('../db/client.ts'), import('../db/embedded.ts')])
      if (url !== undefined) {
        await pingDatabase(url)
        return migrateAt(url)
      }
      const embedded = await openEmbedded({ dataDir })
      try {
        await migrateAt(embedded.url)
      } finally {
        await embedded.close()
      }
    })
  teach(command, { notes: 'The embedded database migrates itself; one that DATABASE_URL names is migrated by this command only.' })
}

async function migrateAt(url: string): Promise<void> {
  const [{ openDatabase }, { migrate }] = await Promise.all([import('../db/client.ts'), import('../db/migrate.ts')])
  const database = openDatabase(url)
  try {
    const { applied } = await migrate(database)
    console.log(applied.length === 0 ? 'The schema is up to date.' : applied.map((name) => `applied ${name}`).join('\n'))
  } finally {
    await database.close()
  }
}

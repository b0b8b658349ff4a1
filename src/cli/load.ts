import type { Command } from 'commander'
import type { Store } from '../app/open.ts'
import { environment, loadConfig, type Config, type LoadConfigOptions } from '../config.ts'
import { createLog, type Log } from '../log.ts'
import { createProgress } from './terminal.ts'

/** The configuration that a command was given: `--config`, `NAMESAKE_CONFIG`, `./namesake.yaml`. @throws Invalid */
export function configOf(command: Command, purpose: Pick<LoadConfigOptions, 'for'> = {}): Promise<Config> {
  const { config } = command.optsWithGlobals<{ config?: string }>()
  return loadConfig({ ...(config === undefined ? {} : { path: config }), env: environment(), ...purpose })
}

/**
 * The log of a command that a person waits for. Standard output is for results, so it goes to `destination`; its
 * report says what the service would log, so that without a level of one's own only trouble is logged.
 */
export function logOf(config: Pick<Config, 'log'>, destination: { write(line: string): unknown } = process.stderr): Log {
  return createLog({
    level: config.log.level === 'info' ? 'error' : config.log.level,
    destination: { write: (line) => void destination.write(line) },
  })
}

/**
 * Opens the database of the configuration for one command and closes it afterwards.
 *
 * What talks to the database takes a while to load. Every command loads it with `import()`, after it has read
 * its configuration: help and bad input are answered at once.
 * @throws Invalid
 */
export async function withStore(command: Command, work: (store: Store) => Promise<void>): Promise<void> {
  const config = await configOf(command)
  const { openStore } = await import('../app/open.ts')
  const progress = createProgress()
  // Starting the embedded database takes seconds: worth a word to a person, not to a script.
  const store = await openStore(config, process.stderr.isTTY ? { onProgress: (message) => progress.show(message) } : {})
  try {
    progress.end()
    await work(store)
  } finally {
    await store.close()
  }
}

import type { Command } from 'commander'
import { environment, loadConfig, type Config } from '../config.ts'

/** The configuration that a command was given: `--config`, `NAMESAKE_CONFIG`, `./namesake.yaml`. @throws Invalid */
export function configOf(command: Command): Promise<Config> {
  const { config } = command.optsWithGlobals<{ config?: string }>()
  return loadConfig({ ...(config === undefined ? {} : { path: config }), env: environment() })
}

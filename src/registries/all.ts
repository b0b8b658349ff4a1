import type { Registry } from '../contracts/registry.ts'
import { npm } from './npm/index.ts'
import { pypi } from './pypi/index.ts'
import type { RegistrySettings } from './settings.ts'

/** The only list of registries, one line each, in alphabetical order. */
export const registries: readonly Registry<RegistrySettings>[] = [
  npm,
  pypi,
]

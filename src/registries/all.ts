import type { Registry } from '../contracts/registry.ts'
import { crates } from './crates/index.ts'
import { docker } from './docker/index.ts'
import { go } from './go/index.ts'
import { maven } from './maven/index.ts'
import { npm } from './npm/index.ts'
import { nuget } from './nuget/index.ts'
import { packagist } from './packagist/index.ts'
import { pypi } from './pypi/index.ts'
import { rubygems } from './rubygems/index.ts'
import type { RegistrySettings } from './settings.ts'

/** The only list of registries, one line each, in alphabetical order. */
export const registries: readonly Registry<RegistrySettings>[] = [
  crates,
  docker,
  go,
  maven,
  npm,
  nuget,
  packagist,
  pypi,
  rubygems,
]

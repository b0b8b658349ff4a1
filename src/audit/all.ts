import type { Judge } from './contract.ts'
import { crates } from './crates.ts'
import { go } from './go.ts'
import { gradle } from './gradle.ts'
import { maven } from './maven.ts'
import { npm } from './npm.ts'
import { nuget } from './nuget.ts'
import { packagist } from './packagist.ts'
import { pypi } from './pypi.ts'
import { rubygems } from './rubygems.ts'

/** Every kind of dependency that is audited. */
export const judges: readonly Judge[] = [crates, go, gradle, maven, npm, nuget, packagist, pypi, rubygems]

import { z } from 'zod'
import { Invalid } from '../errors.ts'
import { quote } from '../inventory/describe-issues.ts'
import { artifactory } from './artifactory.ts'
import { cyclonedx } from './cyclonedx.ts'
import type { Importer, ImportEnvironment, Told } from './contract.ts'
import { githubPackages } from './github-packages.ts'
import { gitlabPackages } from './gitlab-packages.ts'
import { manifests } from './manifests.ts'
import { nexus } from './nexus.ts'
import { npmRegistry } from './npm-registry.ts'
import { spdx } from './spdx.ts'

/** Every origin of names, alphabetically: an import is one line here. */
export const importers = [artifactory, cyclonedx, githubPackages, gitlabPackages, manifests, nexus, npmRegistry, spdx] as const

/** What stands below `imports:` in namesake.yaml, one element. */
export const importSettings = z.discriminatedUnion(
  'type',
  // A discriminated union takes objects, which is what each of these is; the contract only says that it parses.
  importers.map(({ settings }) => settings) as unknown as readonly [z.ZodObject, ...z.ZodObject[]],
) as unknown as z.ZodType<ImportSettings>
/** Readonly, lists included, one by one: a frozen configuration holds them. */
type Frozen<One> = One extends unknown ? { readonly [Key in keyof One]: One[Key] extends (infer Item)[] ? readonly Item[] : One[Key] extends (infer Item)[] | undefined ? readonly Item[] | undefined : One[Key] } : never
export type ImportSettings = Frozen<z.output<(typeof importers)[number]['settings']>>

/** An import ready to run. */
export interface OpenImport {
  readonly name: string
  readonly team: string | null
  readonly disclose: ImportSettings['disclose']
  /** The only place that is asked; null: it reads local files. */
  readonly url: string | null
  readonly read: (environment: ImportEnvironment, told: Told) => Promise<void>
}

export function openImport(given: ImportSettings): OpenImport {
  for (const importer of importers) {
    // Each one's own schema says whether the settings are its own; the list forgets which belong together.
    const opened = openWith(importer as unknown as Importer<ImportSettings>, given)
    if (opened !== null) return opened
  }
  throw new Invalid([{ where: 'imports', key: 'type', value: quote(given.type), expected: `expected ${importers.map(({ type }) => type).join(', ')}` }])
}

function openWith(importer: Importer<ImportSettings>, given: ImportSettings): OpenImport | null {
  if (importer.type !== given.type) return null
  return {
    name: importer.nameOf(given),
    team: given.team ?? null,
    disclose: given.disclose,
    url: 'url' in given ? given.url : null,
    read: (environment, told) => importer.read(given, environment, told),
  }
}

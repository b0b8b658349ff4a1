import type { Ecosystem } from '../../contracts/inventory.ts'

export interface SandboxVersion {
  readonly version: string
  /** ISO 8601. */
  readonly at: string
  /** npm: scripts of the manifest. */
  readonly scripts?: Readonly<Record<string, string>>
  /** PyPI: there is a source distribution besides the wheel. */
  readonly source?: boolean
}

/** One package of a make-believe registry. */
export interface SandboxPackage {
  readonly registry: Ecosystem
  readonly name: string
  /** In the order of publication. */
  readonly versions: readonly SandboxVersion[]
  readonly publishers: readonly string[]
  readonly description?: string
  readonly repository?: string
  /** RubyGems: downloads, which the rule against typos asks for. */
  readonly downloads?: number
  /**
   * What happened to it: npm `unpublished` (at this time) and `placeholder`; PyPI `quarantined` and `empty` (no
   * releases); RubyGems `yanked` (every version).
   */
  readonly fate?: { readonly unpublishedAt: string } | 'placeholder' | 'quarantined' | 'empty' | 'yanked'
}

/** Everything that the make-believe registries hold. Tests and the demo publish into it while it runs. */
export interface Warehouse {
  find(registry: Ecosystem, matches: (found: SandboxPackage) => boolean): SandboxPackage | null
  list(registry: Ecosystem): readonly SandboxPackage[]
  /** Adds it, or takes the place of one with the same name. */
  publish(published: SandboxPackage): void
  remove(registry: Ecosystem, name: string): void
  /** Scopes, vendors and namespaces that exist without a public package. */
  holds(registry: Ecosystem, namespace: string): boolean
}

export interface Stock {
  readonly packages?: readonly SandboxPackage[]
  readonly namespaces?: readonly { readonly registry: Ecosystem; readonly namespace: string }[]
  /** Records of malicious packages. */
  readonly malicious?: readonly { readonly registry: Ecosystem; readonly name: string; readonly id: string }[]
}

export function createWarehouse({ packages = [], namespaces = [] }: Stock): Warehouse {
  const held = new Map(packages.map((one) => [`${one.registry} ${one.name}`, one]))
  const list = (registry: Ecosystem) => [...held.values()].filter((one) => one.registry === registry)
  return {
    list,
    find: (registry, matches) => list(registry).find(matches) ?? null,
    publish: (one) => void held.set(`${one.registry} ${one.name}`, one),
    remove: (registry, name) => void held.delete(`${registry} ${name}`),
    holds: (registry, namespace) => namespaces.some((one) => one.registry === registry && one.namespace === namespace),
  }
}

export function latestOf({ versions }: SandboxPackage): SandboxVersion | null {
  return versions.at(-1) ?? null
}

import { groupFault, packageFault, scopeFault } from '../inventory/check-name.ts'
import type { Leak } from './contract.ts'

/**
 * The name as a package, scope or group of an ecosystem, where it is one by that ecosystem's own rules. A name that
 * breaks them cannot be installed, so that a configuration for it would only be a way to break out of a file.
 */
export function npmScopeOf({ kind, ecosystem, name }: Leak): string | null {
  if (kind === 'scope') return scopeFault(name) === null ? name.toLowerCase() : null
  if (kind !== 'package' || ecosystem !== 'npm' || !name.startsWith('@') || packageFault(name, 'npm') !== null) return null
  return name.slice(0, name.indexOf('/')).toLowerCase()
}

export function packageOf({ kind, ecosystem, name }: Leak, wanted: NonNullable<Leak['ecosystem']>): string | null {
  return kind === 'package' && ecosystem === wanted && packageFault(name, wanted) === null ? name : null
}

export function mavenGroupOf({ kind, ecosystem, name }: Leak): string | null {
  if (kind === 'group') return groupFault(name) === null ? name : null
  return kind === 'package' && ecosystem === 'maven' && packageFault(name, 'maven') === null ? name.slice(0, name.indexOf(':')) : null
}

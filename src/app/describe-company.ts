import type { Config } from '../config.ts'
import type { Company } from '../remedies/contract.ts'
import { ownRegistry } from '../remedies/own-registry.ts'

/** The company as a fix names it. @param hosts those of the inventory, in its order */
export function describeCompany(config: Pick<Config, 'organization' | 'imports'>, hosts: readonly string[]): Company {
  return { name: config.organization.name, domains: config.organization.domains, registry: ownRegistry(config.imports, hosts) }
}

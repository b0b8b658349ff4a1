import { artifactoryExclude } from './artifactory-exclude.ts'
import type { Company, Fix, Leak, Remedy } from './contract.ts'
import { jobAd } from './job-ad.ts'
import { mavenSettings } from './maven-settings.ts'
import { nexusRoutingRule } from './nexus-routing-rule.ts'
import { npmrc } from './npmrc.ts'
import { nugetMapping } from './nuget-mapping.ts'
import { placeholder } from './placeholder.ts'
import { pythonIndex } from './python-index.ts'
import { removalRequest } from './removal-request.ts'
import { reservation } from './reservation.ts'

/** Every fix, in the order in which they help: close the hole, own the name, take it down. */
export const fixes: readonly Fix[] = [
  npmrc, pythonIndex, mavenSettings, nugetMapping,
  artifactoryExclude, nexusRoutingRule,
  reservation, placeholder,
  removalRequest, jobAd,
]

/** What to paste for a name that leaked. Pure; empty where nothing applies. */
export function remediesFor(leak: Leak, company: Company): readonly Remedy[] {
  return fixes.flatMap((fix) => fix(leak, company))
}

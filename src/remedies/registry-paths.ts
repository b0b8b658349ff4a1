import type { Leak } from './contract.ts'
import { mavenGroupOf, npmScopeOf, packageOf } from './names.ts'
import { regexText } from './quote.ts'

/** Where a registry manager keeps what is behind a name, and by which paths it is asked. */
export interface RegistryPaths {
  /** What it covers, for names of rules: letters, digits, `-` and `.`. */
  readonly label: string
  readonly ecosystem: 'npm' | 'pypi' | 'maven' | 'nuget'
  /** Ant patterns (Artifactory). */
  readonly ant: readonly string[]
  /** Regular expressions of Java over the path with its first slash (Nexus). */
  readonly regex: readonly string[]
}

/** The paths of a name at a proxy of its public registry; null: the ecosystem has no paths that we are sure of. */
export function registryPathsOf(leak: Leak): RegistryPaths | null {
  const scope = npmScopeOf(leak)
  // The whole scope: whoever registers it gets every name in it.
  if (scope !== null) return { label: scope.slice(1), ecosystem: 'npm', ant: [`${scope}/**`, `.npm/${scope}/**`], regex: [`^/${regexText(scope)}(/|%2[Ff]).*`] }
  const npm = packageOf(leak, 'npm')
  if (npm !== null) return { label: npm, ecosystem: 'npm', ant: [`${npm}/**`, `.npm/${npm}/**`], regex: [`^/${regexText(npm)}(/.*)?$`] }
  const group = mavenGroupOf(leak)
  if (group !== null) {
    const path = group.replaceAll('.', '/')
    return { label: group, ecosystem: 'maven', ant: [`${path}/**`], regex: [`^/${regexText(path)}/.*`] }
  }
  const pypi = packageOf(leak, 'pypi')
  if (pypi !== null) {
    const parts = pypi.toLowerCase().split(/[-_.]+/)
    const spellings = [...new Set(['-', '_', '.'].map((joint) => parts.join(joint)))]
    const anySpelling = parts.map(regexText).join('[-_.]+')
    return { label: parts.join('-'), ecosystem: 'pypi', ant: [`simple/${parts.join('-')}/**`, `${parts.join('-')}/**`, ...spellings.map((one) => `**/${one}-*`)], regex: [`(?i)^/simple/${anySpelling}/.*`, `(?i)^/packages/(.*/)?${anySpelling}[-/].*`] }
  }
  const nuget = packageOf(leak, 'nuget')
  if (nuget === null) return null
  const id = nuget.toLowerCase()
  return { label: id, ecosystem: 'nuget', ant: [...new Set([`${nuget}/**`, `${id}/**`, `${nuget}.*.nupkg`, `${id}.*.nupkg`])], regex: [`(?i)^/(v3/)?(content|registrations.*|flat.*)/(.*/)?${regexText(id)}/.*`] }
}

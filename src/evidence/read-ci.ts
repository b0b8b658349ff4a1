import { verdict, type Verdict } from './format.ts'
import { readCommand } from './commands.ts'
import type { Found } from './read-outline.ts'
import { valueOf } from './structure/outline.ts'
import { asDetail, hostOf } from './urls.ts'

/** Settings of steps and variables of jobs whose value is a registry. */
const registryKey = /^(?:registry-url|registry|npm[-_]registry(?:[-_]url)?|npm_config_(?:\w{0,60}_)?registry|pip_(?:extra_)?index_url|uv_(?:extra_|default_)?index(?:_url)?|index-url|extra-index-url|goproxy|goprivate|gonosumdb|gonoproxy|maven_repo\w{0,60}|nuget_\w{0,60}(?:source|feed)\w{0,60}|feed|customfeed|customendpoint|externalfeedcredentials|poetry_repositories_\w{1,60}_url|docker_registry\w{0,60}|registry_(?:url|host)|npmregistryserver|source-url|repository-url|twine_repository_url)$/i

/** Whether the value of a key of this name is a registry: `registry-url`, `NPM_CONFIG_REGISTRY`, `GOPRIVATE` … */
export function isRegistryKey(key: string): boolean {
  return registryKey.test(key)
}

/**
 * A mention in a build definition: what a step installs is a dependency, what names a registry is its configuration,
 * everything else (images, includes, variables, scripts) is CI.
 */
export function readCi({ file, outline, spot, path, place }: Found): Verdict {
  const key = path.findLast((step) => step !== '[]') ?? ''
  if (spot.part === 'value' && (isRegistryKey(key) || path.includes('registries'))) {
    return verdict('registry-config', { key: asDetail(key), registry: hostOf(valueOf(outline, spot.node)) })
  }
  const command = spot.part === 'value' && key !== 'image' && key !== 'name' ? readCommand(file, place, spot.start) : null
  return command ?? verdict('ci', { section: asDetail(key) })
}

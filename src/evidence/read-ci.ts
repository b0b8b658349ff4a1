import { comment, verdict, type Place, type Verdict } from './format.ts'
import { readCommand } from './commands.ts'
import type { SourceText } from './source-text.ts'
import { pathOf, valueOf, type Outline } from './structure/outline.ts'
import { asDetail, hostOf } from './urls.ts'

/** Settings of steps and variables of jobs whose value is a registry. */
const registryKey = /^(?:registry-url|registry|npm[-_]registry(?:[-_]url)?|npm_config_(?:\w*_)?registry|pip_(?:extra_)?index_url|uv_(?:extra_|default_)?index(?:_url)?|index-url|extra-index-url|goproxy|goprivate|gonosumdb|gonoproxy|maven_repo\w*|nuget_\w*(?:source|feed)\w*|feed|customfeed|customendpoint|externalfeedcredentials|poetry_repositories_\w+_url|docker_registry\w*|registry_(?:url|host)|scope|source-url|twine_repository_url)$/i

/**
 * A mention in a build definition: what a step installs is a dependency, what names a registry is its configuration,
 * everything else (images, includes, variables, scripts) is CI. Comments are prose.
 */
export function readCi(file: SourceText, outline: Outline, place: Place): Verdict | null {
  const spot = outline.at(place.start, place.end)
  if (spot === null) return null
  if (spot.part === 'comment') return comment()
  const path = pathOf(spot.node)
  const key = path.findLast((step) => step !== '[]') ?? ''
  if (spot.part === 'value' && registryKey.test(key)) return verdict('registry-config', { key: asDetail(key), registry: hostOf(valueOf(outline, spot.node)) })
  const command = spot.part === 'value' && key !== 'image' && key !== 'name' ? readCommand(file, place, spot.start) : null
  return command ?? verdict('ci', { section: asDetail(key) })
}

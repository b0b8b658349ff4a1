import { verdict, type Place, type Verdict } from './format.ts'
import { asDetail } from './urls.ts'

/**
 * A mention inside a container image's reference (`registry.host:5000/team/name:tag@sha256:…`): its host says where
 * images are fetched, the rest is what is fetched. `at` is the mention's offset inside the reference.
 */
export function readImage(reference: string, at: number, place: Place, section: string): Verdict {
  const slash = reference.indexOf('/')
  const first = slash < 0 ? '' : reference.slice(0, slash)
  // Only a first part with a dot, a port, or the word localhost is a host. https://docs.docker.com/reference/cli/docker/image/tag/
  const host = /[.:]/.test(first) || first === 'localhost' ? first : null
  const isHost = place.kind === 'host' || (host !== null && at < host.length)
  const tag = /^[^@]*?:(?<tag>[\w][\w.-]{0,127})(?:@|$)/.exec(slash < 0 ? reference : reference.slice(slash))?.groups?.['tag'] ?? null
  // A package of another ecosystem only shares its name with the image.
  if (!isHost && place.kind === 'package' && place.ecosystem !== 'docker' && place.ecosystem !== null) return verdict('code', { section, registry: asDetail(host) })
  return verdict(isHost ? 'resolved-url' : 'dependency', { section, version: asDetail(tag), registry: asDetail(host) })
}

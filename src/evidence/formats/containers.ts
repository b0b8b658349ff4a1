import { verdict, type Format, type Verdict } from '../format.ts'
import { readCommand } from '../commands.ts'
import { readImage } from '../images.ts'
import { isRegistryKey } from '../read-ci.ts'
import { readOutline, type Found } from '../read-outline.ts'
import { outlineYaml } from '../structure/yaml.ts'
import { childValue, nodeAt, valueOf } from '../structure/outline.ts'
import { asDetail, hostOf } from '../urls.ts'

/** Compose. https://docs.docker.com/reference/compose-file/ */
export const compose: Format = {
  id: 'compose',
  claimsPath: (file) => /^(?:docker-|podman-)?compose[\w.-]*\.ya?ml$/.test(file.base) || /^(?:docker-stack|stack)[\w.-]*\.ya?ml$/.test(file.base),
  claimsContent: (head) => /^services:\s*$/m.test(head) && /^\s+(?:image|build):/m.test(head),
  read: readOutline(outlineYaml, readContainer),
}

/** Chart.yaml, Chart.lock, requirements.yaml and values.yaml of Helm. https://helm.sh/docs/topics/charts/ */
export const helm: Format = {
  id: 'helm',
  claimsPath: (file) => /^chart\.(?:ya?ml|lock)$/.test(file.base) || file.base === 'requirements.yaml' || file.base === 'requirements.lock' || /^values(?:[._-][\w.-]+)?\.ya?ml$/.test(file.base) || /^helmfile[\w.-]*\.ya?ml$/.test(file.base),
  claimsContent: () => false,
  read: readOutline(outlineYaml, (found) => readChart(found) ?? readContainer(found)),
}

/** Manifests of Kubernetes, and templates of charts, which are only nearly YAML. https://kubernetes.io/docs/concepts/containers/images/ */
export const kubernetes: Format = {
  id: 'kubernetes',
  claimsPath: (file) => /(?:^|\/)(?:k8s|kubernetes|manifests|kustomize|charts\/[^/]+\/templates)\/.*\.(?:ya?ml|tpl)$/.test(file.path) || /^kustomization\.ya?ml$/.test(file.base),
  claimsContent: (head, file) => /^apiVersion:\s*\S/m.test(head) && /^kind:\s*\S/m.test(head) && file.extension !== 'json',
  read: readOutline(outlineYaml, readContainer),
}

function readContainer({ file, outline, spot, path, place }: Found): Verdict {
  const { node } = spot
  const key = path.findLast((step) => step !== '[]') ?? ''
  if (spot.part !== 'value') return verdict('code', { section: asDetail(key) })
  const text = valueOf(outline, node) ?? ''
  if (key === 'image' || key === 'newName' || (key === 'name' && path.at(-2) === 'image') || (path.at(-1) === '[]' && key === 'cache_from')) return readImage(text, place.start - spot.start, place, 'image')
  // Helm's values name host and path of an image apart.
  if (/^(?:repository|registry|imageRegistry)$/.test(key) && path.some((step) => /image|global/i.test(step))) return key === 'repository' ? readImage(text, place.start - spot.start, place, 'image') : verdict('resolved-url', { section: 'image', registry: asDetail(text) })
  const named = key === 'value' ? childValue(outline, node.parent, 'name') : null
  const variable = named ?? (key.includes('=') ? key : (/^(?<name>\w{1,80})=/.exec(text)?.groups?.['name'] ?? key))
  if (isRegistryKey(variable)) return verdict('registry-config', { key: asDetail(variable), registry: hostOf(text) })
  if (key === 'description') return verdict('prose', { section: key })
  return readCommand(file, place, spot.start) ?? verdict('code', { section: asDetail(key) })
}

function readChart({ file, outline, spot, path }: Found): Verdict | null {
  const [first = ''] = path
  if (first === 'dependencies' || (first === 'releases' && spot.node.key === 'chart')) {
    const url = childValue(outline, spot.node.parent, 'repository')
    if (spot.node.key === 'repository') return verdict('registry-config', { key: 'repository', registry: hostOf(url), url: asDetail(url) })
    if (spot.node.key === 'name' || spot.node.key === 'chart') return verdict('dependency', { section: 'chart', version: asDetail(childValue(outline, spot.node.parent, 'version')), registry: hostOf(url) })
  }
  if (first === 'repositories') return verdict('registry-config', { key: asDetail(spot.node.key), registry: hostOf(childValue(outline, spot.node.parent, 'url')) })
  if (!file.base.startsWith('chart.')) return null
  if (first === 'name') return verdict('own-name', { version: asDetail(valueOf(outline, nodeAt(outline.root, ['version']))) })
  if (/^(?:description|keywords|maintainers|home|sources|icon|annotations)$/.test(first)) return verdict('prose', { section: first })
  return null
}

import { verdict, type Format } from '../format.ts'
import { readPythonSpecification } from '../python-specifications.ts'
import { readOutline } from '../read-outline.ts'
import { outlineYaml } from '../structure/yaml.ts'
import { valueOf } from '../structure/outline.ts'
import { asDetail, hostOf, isInsideUrl } from '../urls.ts'

/** environment.yml of conda, whose `pip:` list is what pip resolves. https://docs.conda.io/ */
export const conda: Format = {
  id: 'conda',
  claimsPath: (file) => /^environment[\w.-]*\.ya?ml$/.test(file.base) || file.base === '.condarc',
  claimsContent: (head) => /^dependencies:\s*$/m.test(head) && /^(?:channels|name):/m.test(head) && /^\s*- (?:python|pip)\b/m.test(head),
  read: readOutline(outlineYaml, ({ outline, spot, path, place }) => {
    const [first = ''] = path
    const value = valueOf(outline, spot.node) ?? ''
    if (first === 'channels' || first === 'default_channels' || first === 'channel_alias' || first === 'custom_channels') return verdict('registry-config', { key: first, registry: hostOf(value) })
    if (first === 'name') return verdict('own-name')
    if (first !== 'dependencies' || spot.part !== 'value') return verdict('code', { section: asDetail(first) })
    if (/^--?\w[\w-]*[\s=]/.test(value)) return verdict(/^--?(?:i|f|index-url|extra-index-url|find-links|trusted-host)[\s=]/.test(value) ? 'registry-config' : 'code', { key: asDetail(value.split(/[\s=]/)[0] ?? null), registry: hostOf(value) })
    // conda writes `name=1.2=build`, with a channel before `::`.
    const version = /^[\w.:-]{1,200}=(?!=)(?<version>[\w.*]{1,60})/.exec(value)?.groups?.['version']
    if (version !== undefined && !isInsideUrl(value, place.start - spot.start)) return verdict('dependency', { section: 'runtime', version: asDetail(version) })
    return readPythonSpecification(value, place.start - spot.start, place, 'runtime')
  }),
}

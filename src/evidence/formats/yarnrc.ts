import { comment, verdict, type Format } from '../format.ts'
import { readOutline } from '../read-outline.ts'
import { outlineYaml } from '../structure/yaml.ts'
import { childValue, valueOf } from '../structure/outline.ts'
import { asDetail, hostOf } from '../urls.ts'

/** .yarnrc.yml of Berry. https://yarnpkg.com/configuration/yarnrc */
export const yarnrcYaml: Format = {
  id: 'yarnrc-yml',
  claimsPath: (file) => /^\.yarnrc(?:\.[\w-]+)?\.ya?ml$/.test(file.base),
  claimsContent: (head) => /^(?:npmScopes|npmRegistries|npmRegistryServer|yarnPath):/m.test(head),
  read: readOutline(outlineYaml, ({ outline, spot, path }) => {
    const first = path[0] ?? ''
    if (first === 'packageExtensions' || first === 'catalog' || first === 'catalogs') return verdict('dependency', { section: first === 'packageExtensions' ? 'override' : 'catalog', version: asDetail(valueOf(outline, spot.node)) })
    if (!/^npm|registr|scope|unsafeHttpWhitelist|networkSettings|proxy/i.test(first)) return verdict('code', { section: asDetail(first) })
    const server = /server$/i.test(spot.node.key) ? valueOf(outline, spot.node) : (childValue(outline, spot.node, 'npmRegistryServer') ?? spot.node.key)
    return verdict('registry-config', { key: asDetail(spot.node.key === '[]' ? first : spot.node.key), registry: hostOf(server) })
  }),
}

/** .yarnrc of version 1: `registry "https://…"`, `"@scope:registry" "https://…"`. */
export const yarnrc: Format = {
  id: 'yarnrc',
  claimsPath: (file) => file.base === '.yarnrc',
  claimsContent: () => false,
  read: (file) => (place) => {
    const line = file.lineAt(place.start)
    const text = file.text.slice(line.start, Math.min(line.end, line.start + 1_000))
    if (/^\s*#/.test(text)) return comment()
    return verdict('registry-config', { key: asDetail(/^\s*"?(?<key>[^\s"]+)/.exec(text)?.groups?.['key'] ?? null), registry: hostOf(/(?:https?:)?\/\/[^\s"]+/.exec(text)?.[0] ?? null) })
  },
}


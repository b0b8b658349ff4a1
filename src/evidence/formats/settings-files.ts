import { comment, verdict, type Format } from '../format.ts'
import { readOutline } from '../read-outline.ts'
import { outlineJson } from '../structure/json.ts'
import { childValue, valueOf } from '../structure/outline.ts'
import { asDetail, hostOf } from '../urls.ts'

/** Files that hold settings of a package manager and nothing else, one `key: value` or `key=value` a line. */
export const settingsFile: Format = {
  id: 'settings-file',
  claimsPath: (file) => /^\.?gemrc$|^\.netrc$|^_netrc$|^\.pip(?:rc|\.conf)$|^\.dockercfg$|^auth\.json$/.test(file.base) || /(?:^|\/)\.bundle\/config$/.test(file.path) || /(?:^|\/)\.docker\/config\.json$/.test(file.path) || /(?:^|\/)(?:\.mvn\/(?:maven\.config|jvm\.config|wrapper\/maven-wrapper\.properties)|gradle\/wrapper\/gradle-wrapper\.properties)$/.test(file.path),
  claimsContent: () => false,
  read: (file) => (place) => {
    const line = file.lineAt(place.start)
    const text = file.text.slice(line.start, Math.min(line.end, line.start + 1_000))
    if (/^\s*#/.test(text)) return comment()
    return verdict('registry-config', { key: asDetail(/^\s*[-:"']{0,3}\s?(?<key>[\w.-]{1,60})/.exec(text)?.groups?.['key'] ?? null), registry: hostOf(/https?:\/\/[^\s"']{1,500}/.exec(text)?.[0] ?? null) })
  },
}

/** renovate.json and .renovaterc: `hostRules`, `registryUrls` and `npmrc` name registries, package rules name packages. https://docs.renovatebot.com/configuration-options/ */
export const renovateConfig: Format = {
  id: 'renovate',
  claimsPath: (file) => /^(?:\.?renovate\.json5?|\.renovaterc(?:\.json5?)?)$/.test(file.base),
  claimsContent: (head) => /"\$schema"\s*:\s*"https:\/\/docs\.renovatebot\.com/.test(head),
  read: readOutline(outlineJson, ({ outline, spot, path }) => {
    const setting = path.find((key) => /^(?:hostRules|registryUrls|registryAliases|npmrc|endpoint)$/.test(key))
    if (setting !== undefined) return verdict('registry-config', { key: setting, registry: hostOf(childValue(outline, spot.node.parent, 'matchHost') ?? valueOf(outline, spot.node)) })
    return verdict(path.includes('description') ? 'prose' : 'code', { section: asDetail(path[0] ?? null) })
  }),
}

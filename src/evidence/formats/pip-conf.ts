import { verdict, type Format } from '../format.ts'
import { readOutline } from '../read-outline.ts'
import { outlineIni } from '../structure/ini.ts'
import { asDetail, hostOf } from '../urls.ts'

/** pip.conf, pip.ini and .pypirc. https://pip.pypa.io/en/stable/topics/configuration/ */
export const pipConf: Format = {
  id: 'pip-conf',
  claimsPath: (file) => file.base === 'pip.conf' || file.base === 'pip.ini' || file.base === '.pypirc',
  claimsContent: (head) => /^\[(?:global|install|distutils)\]\s*$/m.test(head) && /^(?:extra-)?index-url\s*=|^trusted-host\s*=|^index-servers\s*=/m.test(head),
  read: readOutline(outlineIni, ({ outline, spot }) => {
    const value = spot.part === 'value' ? outline.text.slice(spot.start, Math.min(spot.end, spot.start + 2_000)) : null
    const isAddress = /url|links|host|repository|proxy|index/.test(spot.node.key)
    return verdict('registry-config', { key: asDetail(spot.node.key), registry: isAddress ? hostOf(value) : null, url: isAddress && value?.includes('://') === true ? asDetail(value) : null })
  }),
}

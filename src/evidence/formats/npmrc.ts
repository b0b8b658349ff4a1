import { verdict, type Format } from '../format.ts'
import { readOutline } from '../read-outline.ts'
import { outlineIni } from '../structure/ini.ts'
import { valueOf } from '../structure/outline.ts'
import { asDetail, hostOf } from '../urls.ts'

/** .npmrc of npm and pnpm. The value of a key that is not an address is never shown: it may be a token. */
export const npmrc: Format = {
  id: 'npmrc',
  claimsPath: (file) => /^\.?npmrc(?:[._-][\w.-]+)?$/.test(file.base) || file.base.endsWith('.npmrc'),
  claimsContent: (head) => /^(?:@[\w.~-]{1,100}:)?registry\s?=\s?["']?https?:\/\//m.test(head) || /^\/\/[\w.:/-]{1,200}\/:(?:_auth|_authToken|_password|username|always-auth)\s?=/m.test(head),
  read: readOutline(outlineIni, ({ outline, spot: { node } }) => {
    const isAddress = /(?:^|:)registry$/.test(node.key)
    const value = valueOf(outline, node)
    return verdict('registry-config', {
      key: asDetail(node.key),
      registry: isAddress ? hostOf(value) : hostOf(node.key),
      url: isAddress ? asDetail(value) : null,
    })
  }),
}

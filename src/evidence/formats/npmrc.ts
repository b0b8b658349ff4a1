import { comment, verdict, type Format } from '../format.ts'
import { outlineIni } from '../structure/ini.ts'
import { valueOf } from '../structure/outline.ts'
import { asDetail, hostOf } from '../urls.ts'

/** .npmrc of npm and pnpm. The value of a key that is not an address is never shown: it may be a token. */
export const npmrc: Format = {
  id: 'npmrc',
  claimsPath: (file) => /^\.?npmrc(?:[._-][\w.-]+)?$/.test(file.base) || file.base.endsWith('.npmrc'),
  claimsContent: (head) => /^(?:@[\w.~-]{1,100}:)?registry\s?=\s?["']?https?:\/\//m.test(head) || /^\/\/[\w.:/-]{1,200}\/:(?:_auth|_authToken|_password|username|always-auth)\s?=/m.test(head),
  read(file) {
    const outline = outlineIni(file.text)
    return (place) => {
      const spot = outline.at(place.start, place.end)
      if (spot === null) return null
      if (spot.part === 'comment') return comment()
      const { key } = spot.node
      const isAddress = /(?:^|:)registry$/.test(key)
      const value = valueOf(outline, spot.node)
      return verdict('registry-config', {
        key: asDetail(key),
        registry: isAddress ? hostOf(value) : hostOf(key),
        url: isAddress ? asDetail(value) : null,
      })
    }
  },
}

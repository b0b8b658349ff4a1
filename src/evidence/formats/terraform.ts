import { findComments } from '../comments.ts'
import { findEnclosures } from '../enclosures.ts'
import { comment, verdict, type Format, type Place, type Verdict } from '../format.ts'
import { readImage } from '../images.ts'
import type { SourceText } from '../source-text.ts'
import { asDetail, hostOf, isInsideUrl } from '../urls.ts'

const style = { line: ['#', '//'], block: [['/*', '*/']] as const, quotes: '"', longQuotes: [], afterBlank: true }

/** Terraform, OpenTofu and Terragrunt. https://developer.hashicorp.com/terraform/language/modules/sources */
export const terraform: Format = {
  id: 'terraform',
  claimsPath: (file) => /^(?:tf|tofu|tfvars|hcl)$/.test(file.extension) || file.base === '.terraformrc' || file.base === 'terraform.rc' || file.base.endsWith('.tf.json'),
  claimsContent: (head) => /^(?:module|resource|provider|data)\s+"[\w-]+"(?:\s+"[\w-]+")?\s*\{/m.test(head),
  read(file) {
    const { isComment } = findComments(file.text, style)
    const enclosures = findEnclosures(file.text, isComment)
    return (place) => {
      if (isComment(place.start)) return comment()
      const quoted = enclosures.quotedAt(place.start)
      const blocks = enclosures.around(place.start).map(({ word }) => word)
      return readBlock(file, blocks, quoted?.start ?? -1, quoted?.end ?? -1, place)
    }
  },
}

function readBlock(file: SourceText, blocks: readonly string[], start: number, end: number, place: Place): Verdict {
  if (/^\.?terraform\.?rc$/.test(file.base)) return verdict('registry-config', { key: asDetail(blocks.at(-1)?.split(/[\s"]/)[0] ?? null) })
  const line = file.lineAt(place.start)
  const before = file.text.slice(Math.max(line.start, start - 200), Math.max(line.start, start))
  const key = /(?<key>[\w-]{1,60})"?\s{0,40}[=:]\s{0,40}\[?\s{0,40}"$/.exec(before)?.groups?.['key'] ?? ''
  const text = file.text.slice(start, Math.min(end, start + 1_000))
  const names = new Set(blocks.flatMap((word) => word.split(/[\s"=]+/)))
  const inside = (name: string): boolean => names.has(name)
  if (start < 0) return verdict('code', { section: asDetail(key) })
  if (key === 'source' && (inside('module') || inside('required_providers') || inside('terraform'))) {
    if (/^\.{0,2}\//.test(text)) return verdict('code', { section: 'local folder' })
    const fromHost = place.kind === 'host' || isInsideUrl(text, place.start - start)
    return verdict(fromHost ? 'resolved-url' : 'dependency', { section: inside('module') ? 'module' : 'provider', url: text.includes('://') ? asDetail(text) : null, registry: hostOf(text) })
  }
  if (key === 'image') return readImage(text, place.start - start, place, 'image')
  if (key === 'description') return verdict('prose', { section: key })
  if (inside('backend') || inside('cloud') || inside('credentials') || /^(?:registry|index_url|npm_registry|repository_url|registry_url)$/.test(key)) return verdict('registry-config', { key: asDetail(key === '' ? null : key) })
  return verdict('code', { section: asDetail(key) })
}

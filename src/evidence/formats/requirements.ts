import { comment, verdict, type Format, type Place, type Verdict } from '../format.ts'
import type { LineSpan, SourceText } from '../source-text.ts'
import { asDetail, hostOf, isInsideUrl } from '../urls.ts'

/** Longest part of a line that is read. */
const maxLine = 2_000
const registryOption = /^\s*(?<option>-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host|--no-index|--pypi-url)(?:\s|=|$)/
const ordinary = /^\s*(?:-e\s+|--editable[\s=]+)?(?<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[\w\s,.-]*\]\s*)?(?<version>(?:\(?\s*(?:===?|~=|!=|<=?|>=?)[^;#]*)?)(?:[;#@\s]|$)/

/** requirements.txt and constraints.txt of pip. https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export const requirements: Format = {
  id: 'requirements',
  claimsPath: (file) =>
    /^(?:[\w.-]*(?:requirements?|constraints?)[\w.-]*)\.(?:txt|in|pip)$/.test(file.base) || /(?:^|\/)(?:requirements|constraints)\/[^/]+\.(?:txt|in)$/i.test(file.path) || file.base === 'requirements',
  claimsContent: (head) => /^(?:--(?:extra-)?index-url|--find-links|-r)\s+\S/m.test(head) && /^[A-Za-z0-9][\w.-]{0,100}(?:\[[\w,. -]{0,100}\])?\s{0,4}[=~><!]=/m.test(head),
  read: (file) => (place) => readRequirement(file, file.lineAt(place.start), place),
}

/** What a mention in a line of requirements is; also for lists of requirements inside other files. */
export function readRequirement(file: SourceText, line: LineSpan, place: Place): Verdict | null {
  if (line.end - line.start > maxLine) return null
  const text = file.text.slice(line.start, line.end)
  const at = place.start - line.start
  const hash = commentAt(text)
  if (hash >= 0 && at >= hash) return comment()
  const option = registryOption.exec(text)?.groups?.['option']
  if (option !== undefined) return verdict('registry-config', { key: option, registry: hostOf(text) ?? asDetail(text.slice(text.indexOf(option) + option.length).trim()), url: asDetail(/\S+$/.exec(text.trim())?.[0] ?? null) })
  if (/^\s*(?:-r|-c|--requirement|--constraint)[\s=]/.test(text)) return verdict('code', { section: 'include' })
  // `git+https://host/repository#egg=name` and `name @ https://host/file.whl`.
  const egg = text.lastIndexOf('egg=', at)
  if (egg >= 0 && !text.slice(egg, at).includes('&')) return verdict('dependency', { section: 'runtime', url: asDetail(/\S+:\/\/\S+/.exec(text)?.[0] ?? null), registry: hostOf(text) })
  if (isInsideUrl(text, at)) return verdict('resolved-url', { section: 'runtime', url: asDetail(/\S+:\/\/\S+/.exec(text)?.[0] ?? null), registry: hostOf(text) })
  if (/^\s*(?:-e\s+)?\.{0,2}\//.test(text)) return verdict('code', { section: 'local folder' })
  const found = ordinary.exec(text)
  const end = text.indexOf(found?.groups?.['name'] ?? '') + (found?.groups?.['name']?.length ?? 0)
  if (found === null || at >= end) return verdict('code')
  return verdict('dependency', { section: 'runtime', version: asDetail(found.groups?.['version'] ?? null), registry: hostOf(text) })
}

/** A comment begins the line or follows a blank; `#egg=` does neither. */
function commentAt(text: string): number {
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1)) {
    if (at === 0 || text.charAt(at - 1) === ' ' || text.charAt(at - 1) === '\t') return at
  }
  return -1
}

import { comment, verdict, type Format, type Place, type Verdict } from '../format.ts'
import { readPythonSpecification } from '../python-specifications.ts'
import type { SourceText } from '../source-text.ts'
import { asDetail, hostOf } from '../urls.ts'

/** Longest line that is read. */
const maxLine = 2_000
const registryOption = /^\s*(?<option>-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host|--pypi-url)(?:\s|=|$)/

/** requirements.txt and constraints.txt of pip. https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export const requirements: Format = {
  id: 'requirements',
  claimsPath: (file) =>
    /^[\w.-]*(?:requirements?|constraints?)[\w.-]*\.(?:txt|in|pip)$/.test(file.base) || /(?:^|\/)(?:requirements|constraints)\/[^/]+\.(?:txt|in)$/i.test(file.path) || file.base === 'requirements',
  claimsContent: looksLikeRequirements,
  read: (file) => (place) => readLine(file, place),
}

/** Every line is a requirement, an option or a comment, and at least one pins a version or names an index. */
function looksLikeRequirements(head: string): boolean {
  const lines = head.split(/\r?\n/, 60).slice(0, -1).concat(head.length < 2_000 ? (head.split(/\r?\n/).at(-1) ?? '') : [])
  const said = lines.filter((line) => line.length < maxLine && line.trim() !== '' && !line.startsWith('#'))
  const wrong = said.some((line) => !/^\s*(?:--?[a-z][\w-]*(?:[\s=]\S+)?|[A-Za-z0-9][\w.-]{0,100}(?:\[[\w,. -]{0,100}\])?\s{0,4}(?:(?:[=~><!]=|[<>])[\w.*,<>=!~ ]{1,100}|@ \S{1,500})?\s{0,20}(?:[;#\\].{0,300})?)\s*$/.test(line))
  return !wrong && said.some((line) => /^[\w.-]+(?:\[[^\]]{0,100}\])?\s{0,4}[=~><!]=|^--(?:extra-)?index-url/.test(line))
}

function readLine(file: SourceText, place: Place): Verdict | null {
  const line = file.lineAt(place.start)
  if (line.end - line.start > maxLine) return null
  const text = file.text.slice(line.start, line.end)
  const at = place.start - line.start
  const hash = commentAt(text)
  if (hash >= 0 && at >= hash) return comment()
  const option = registryOption.exec(text)?.groups?.['option']
  if (option !== undefined) {
    const value = text.slice(text.indexOf(option) + option.length + 1).trim()
    return verdict('registry-config', { key: option, registry: hostOf(value) ?? asDetail(value), url: value.includes('://') ? asDetail(value) : null })
  }
  if (/^\s*(?:-r|-c|--requirement|--constraint)[\s=]/.test(text)) return verdict('code', { section: 'include' })
  return readPythonSpecification(hash >= 0 ? text.slice(0, hash) : text, at, place, 'runtime')
}

/** A comment begins the line or follows a blank; `#egg=` does neither. */
function commentAt(text: string): number {
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1)) {
    if (at === 0 || text.charAt(at - 1) === ' ' || text.charAt(at - 1) === '\t') return at
  }
  return -1
}

import { findComments } from '../comments.ts'
import { findEnclosures, type Enclosures } from '../enclosures.ts'
import { comment, verdict, type Format, type Place, type Verdict } from '../format.ts'
import { languageOf } from '../languages.ts'
import { readPythonSpecification } from '../python-specifications.ts'
import type { SourceText } from '../source-text.ts'
import { asDetail, hostOf } from '../urls.ts'

/** Arguments of `setup(…)` that hold requirements, and the usual names of lists that are handed to it. */
const lists: readonly { readonly pattern: RegExp; readonly section: string }[] = [
  { pattern: /\binstall_requires\s*=$|\binstall_requires["']\s*:$/i, section: 'runtime' },
  { pattern: /\bextras_require\s*=$|\bextras?(?:_require)?\s*=$/i, section: 'optional' },
  { pattern: /\bsetup_requires\s*=$|\bbuild_requires\s*=$/i, section: 'build' },
  { pattern: /\btests?_requires?\s*=$/i, section: 'test' },
  { pattern: /\b(?:install_)?(?:requires|requirements|required|requirement|reqs|deps|dependencies)\s*=$/i, section: 'runtime' },
]

/** setup.py, read as text and never run. Imports, comments and commands are left to the language. */
export const setupPy: Format = {
  id: 'setup-py',
  claimsPath: (file) => /^setup(?:[._-]\w+)?\.py$/.test(file.base),
  claimsContent: () => false,
  read(file) {
    const style = languageOf('', 'py')?.comments
    const { isComment } = style === undefined ? { isComment: () => false } : findComments(file.text, style)
    const enclosures = findEnclosures(file.text, isComment)
    return (place) => (isComment(place.start) ? comment() : readArgument(file, enclosures, place))
  },
}

function readArgument(file: SourceText, enclosures: Enclosures, place: Place): Verdict | null {
  const quoted = enclosures.quotedAt(place.start)
  if (quoted === null) return null
  const text = file.text.slice(quoted.start, Math.min(quoted.end, quoted.start + 2_001))
  const at = place.start - quoted.start
  const around = enclosures.around(place.start)
  for (const { word } of around) {
    if (/\bdependency_links\s*=$/.test(word)) return verdict('resolved-url', { section: 'runtime', url: asDetail(text), registry: hostOf(text) })
    const list = lists.find(({ pattern }) => pattern.test(word))
    // Keys of extras_require are names of extras.
    if (list !== undefined) return /^["']\s{0,10}:/.test(file.text.slice(quoted.end, quoted.end + 12)) ? verdict('code', { section: list.section }) : readPythonSpecification(text, at, place, list.section)
  }
  const call = around[0]
  if (call === undefined || !/\bsetup$/.test(call.word)) return null
  const key = /(?<key>\w{1,60})\s{0,10}=\s{0,10}["']{1,3}$/.exec(file.text.slice(Math.max(call.start, quoted.start - 100), quoted.start))?.groups?.['key'] ?? ''
  if (key === 'name') return verdict('own-name')
  if (/^install_requires$/.test(key)) return readPythonSpecification(text, at, place, 'runtime')
  return verdict(/^(?:description|long_description|author|author_email|maintainer|keywords|url)$/.test(key) ? 'prose' : 'code', { section: key })
}

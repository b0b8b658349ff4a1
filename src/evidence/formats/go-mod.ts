import { comment, verdict, type Format, type Place, type Verdict } from '../format.ts'
import type { SourceText } from '../source-text.ts'
import { asDetail } from '../urls.ts'

const maxLine = 2_000

/** go.mod and go.work. https://go.dev/ref/mod#go-mod-file-grammar */
export const goMod: Format = {
  id: 'go-mod',
  claimsPath: (file) => file.base === 'go.mod' || file.base === 'go.work' || /^[\w.-]+\.mod$/.test(file.base),
  claimsContent: (head) => /^module\s+\S+\s*$/m.test(head) && /^(?:go\s+1\.\d+|require\s)/m.test(head),
  read(file) {
    const directives = indexDirectives(file)
    return (place) => readLine(file, directives, place)
  },
}

/** go.sum and go.work.sum: `path version hash` a line. */
export const goSum: Format = {
  id: 'go-sum',
  claimsPath: (file) => file.base === 'go.sum' || file.base === 'go.work.sum',
  claimsContent: (head) => /^\S+ v\d\S*(?:\/go\.mod)? h1:[\w+/=]+\s*$/m.test(head),
  read: (file) => (place) => {
    const line = file.lineAt(place.start)
    const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
    return fetched(place, 'runtime', /\s(?<version>v\d\S{0,100}?)(?:\/go\.mod)?\s/.exec(text)?.groups?.['version'] ?? null)
  },
}

/** For every line the directive that it belongs to: its own first word, or that of the block it stands in. */
function indexDirectives(file: SourceText): readonly string[] {
  const directives: string[] = []
  let block = ''
  for (let index = 0; ; index += 1) {
    const line = file.line(index)
    if (line === null) return directives
    const text = file.text.slice(line.start, Math.min(line.end, line.start + 300))
    const word = /^\s*(?<word>[a-z]{2,20})\b/.exec(text)?.groups?.['word'] ?? ''
    directives.push(block === '' ? word : block)
    if (block === '' && /^\s*[a-z]{2,20}\s*\(/.test(text)) block = word
    else if (/^\s*\)/.test(text)) block = ''
  }
}

function readLine(file: SourceText, directives: readonly string[], place: Place): Verdict | null {
  const line = file.lineAt(place.start)
  const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
  const at = place.start - line.start
  const slashes = text.search(/(?:^|\s)\/\//)
  if (slashes >= 0 && at > slashes) return comment()
  const directive = directives[line.index] ?? ''
  const version = /\s(?<version>v\d[^\s/]{0,100})/.exec(text)?.groups?.['version'] ?? null
  if (directive === 'module') return verdict('own-name')
  if (directive === 'require' || directive === 'tool') return fetched(place, /\/\/\s*indirect\b/.test(text) ? 'indirect' : 'runtime', version)
  if (directive === 'replace') return readReplace(text, at, place)
  if (directive === 'use') return verdict('own-name', { section: 'workspaces' })
  return verdict('code', { section: directive })
}

/** `old => new`: both are modules, unless the new one is a folder. */
function readReplace(text: string, at: number, place: Place): Verdict {
  const arrow = text.indexOf('=>')
  const target = text.slice(arrow + 2).trim()
  const isLocal = /^\.{0,2}\//.test(target)
  if (arrow >= 0 && at > arrow && isLocal) return verdict('code', { section: 'replace' })
  const note = isLocal ? 'taken from a local folder, not from a registry' : null
  const { role, details } = fetched(place, 'replace', /\s(?<version>v\d\S{0,100})/.exec(target)?.groups?.['version'] ?? null)
  return verdict(role, { ...details, note })
}

/** A module's path begins with the host that it is fetched from. */
function fetched(place: Place, section: string, version: string | null): Verdict {
  return verdict(place.kind === 'host' ? 'resolved-url' : 'dependency', { section, version: asDetail(version) })
}

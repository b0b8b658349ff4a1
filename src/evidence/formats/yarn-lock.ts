import { comment, verdict, type Format, type Place, type Verdict } from '../format.ts'
import type { LineSpan, SourceText } from '../source-text.ts'
import { asDetail, hostOf } from '../urls.ts'

const maxLine = 4_000
/** Lines of an entry that are looked at for its version and address; they stand first. */
const maxEntryLines = 12

/** yarn.lock of version 1 and of Berry, whose entries differ in colons and quotes only. https://yarnpkg.com/ */
export const yarnLock: Format = {
  id: 'yarn-lock',
  claimsPath: (file) => file.base === 'yarn.lock',
  claimsContent: (head) => /^# yarn lockfile v1\s*$/m.test(head) || /^__metadata:\s*$/m.test(head),
  read(file) {
    const headers = indexHeaders(file)
    const described = new Map<number, Record<string, string | null>>()
    return (place) => readLine(file, headers, described, place)
  },
}

/** For every line the line of the entry that it belongs to, -1 before the first. */
function indexHeaders(file: SourceText): readonly number[] {
  const headers: number[] = []
  let header = -1
  for (let index = 0; ; index += 1) {
    const line = file.line(index)
    if (line === null) return headers
    const code = file.text.charCodeAt(line.start)
    if (line.end > line.start && code !== 32 && code !== 9 && code !== 35 && code !== 58) header = index
    headers.push(header)
  }
}

function readLine(file: SourceText, headers: readonly number[], described: Map<number, Record<string, string | null>>, place: Place): Verdict | null {
  const line = file.lineAt(place.start)
  const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
  if (/^\s*#/.test(text)) return comment()
  const header = headers[line.index] ?? -1
  const entry = described.get(header) ?? describeEntry(file, header)
  described.set(header, entry)
  const key = /^\s*(?<key>"?[\w@/.-]{1,300}"?)/.exec(text)?.groups?.['key']?.replaceAll('"', '') ?? ''
  if (line.index === header) return readHeader(text, place.start - line.start, entry)
  const indent = text.length - text.trimStart().length
  if (indent <= 2 && (key === 'resolved' || key === 'resolution')) {
    const isName = key === 'resolution' && place.kind !== 'host' && !/@https?:/.test(text)
    if (isName) return verdict(entry['own'] === 'yes' ? 'own-name' : 'dependency', details(entry))
    return verdict('resolved-url', { ...details(entry), url: asDetail(/(?:https?|git\+?\w*):\/\/[^\s"]+/.exec(text)?.[0] ?? null) })
  }
  if (indent <= 2) return verdict('code', { section: asDetail(key) })
  return verdict('dependency', { section: section(file, line), version: asDetail(/\s"?(?<version>[^\s"]{1,100})"?\s*$/.exec(text)?.groups?.['version'] ?? null) })
}

function readHeader(text: string, at: number, entry: Record<string, string | null>): Verdict {
  // `"@acme/core@workspace:packages/core"` is a folder of the same repository.
  if (entry['own'] === 'yes') return verdict('own-name', { section: 'workspaces' })
  const before = text.slice(0, at)
  const inAddress = /(?:https?|git\+?\w{0,8}|ssh):\/\/[^\s",]*$/.test(before) || /git@[^\s",]*$/.test(before)
  return verdict(inAddress ? 'resolved-url' : 'dependency', details(entry))
}

function details(entry: Record<string, string | null>): Record<string, string | null> {
  return { section: 'runtime', version: entry['version'] ?? null, registry: entry['registry'] ?? null }
}

function describeEntry(file: SourceText, header: number): Record<string, string | null> {
  const entry: Record<string, string | null> = {}
  const first = lineText(file, file.line(header))
  entry['own'] = /@workspace:/.test(first) ? 'yes' : 'no'
  entry['registry'] = hostOf(/https?:\/\/[^\s"]+/.exec(first)?.[0] ?? null)
  for (let index = header + 1; index <= header + maxEntryLines; index += 1) {
    const text = lineText(file, file.line(index))
    if (!/^\s/.test(text)) break
    const found = /^\s{1,4}(?<key>version|resolved|resolution|linkType):?\s+"?(?<value>[^"\s]{1,2000})/.exec(text)?.groups
    if (found?.['key'] === 'version') entry['version'] = asDetail(found['value'] ?? null)
    if (found?.['key'] === 'resolved') entry['registry'] = hostOf(found['value'] ?? null)
    if (found?.['key'] === 'linkType' && found['value'] === 'soft') entry['own'] = 'yes'
  }
  return entry
}

/** The heading above a line of the dependencies of an entry. */
function section(file: SourceText, line: LineSpan): string {
  for (let index = line.index - 1; index >= 0 && line.index - index < 50; index -= 1) {
    const text = lineText(file, file.line(index))
    const heading = /^ {2}(?<heading>\w{1,40}):\s*$/.exec(text)?.groups?.['heading']
    if (heading !== undefined) return heading.startsWith('optional') ? 'optional' : heading.startsWith('peer') ? 'peer' : 'runtime'
    if (!/^ {3}/.test(text)) break
  }
  return 'runtime'
}

function lineText(file: SourceText, line: LineSpan | null): string {
  return line === null ? '' : file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
}

import { createMapReader, type SourceMap } from './read-map.ts'

/** What a script or style sheet leads to. */
export interface FileReferences {
  /** The source map that it names, as written. */
  readonly map: string | null
  /** Source maps inside of it (`data:` addresses). */
  readonly inlineMaps: readonly SourceMap[]
  /** Addresses of further files, absolute. */
  readonly files: readonly string[]
}

/** Characters that are looked at in one go, and how far the goes overlap: no text of a large file is held as a string. */
const windowBytes = 1024 * 1024
const overlapBytes = 64 * 1024
const mostFiles = 5_000
const mostInlineMaps = 5_000
/** Characters of the address of a source map, unless it is the map itself. */
const longestName = 2_000

const mapMark = Buffer.from('sourceMappingURL=')

/** Reads what a file of code refers to. `url`: where it is. Linear in the bytes. Never throws. */
export function readFileReferences(bytes: Uint8Array, url: string): FileReferences {
  return { ...readMaps(bytes), files: readFiles(bytes, url) }
}

/** The last mark is that of the file; those before it belong to modules that were put in as they are. */
function readMaps(bytes: Uint8Array): Pick<FileReferences, 'map' | 'inlineMaps'> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const inlineMaps: SourceMap[] = []
  let map: string | null = null
  for (let at = buffer.indexOf(mapMark); at !== -1;) {
    const from = at + mapMark.length
    const isData = buffer.subarray(from, from + 5).toString('latin1') === 'data:'
    // Only the address of an inline map is long; and where it ends, the search goes on.
    const end = endOfAddress(buffer, from, isData ? buffer.length : from + longestName)
    const head = buffer.subarray(from, Math.min(end, from + longestName)).toString('latin1')
    if (isData) {
      const inline = inlineMaps.length < mostInlineMaps ? readInlineMap(buffer.subarray(from, end), head) : null
      if (inline !== null) inlineMaps.push(inline)
    } else if (/^[\w@%./:~?&=+-]+$/.test(head) && /[#@]\s*$/.test(buffer.subarray(Math.max(0, at - 4), at).toString('latin1'))) {
      // `"sourceMappingURL=" + x` is a program that writes marks, not a mark.
      map = head
    }
    at = buffer.indexOf(mapMark, isData ? end : from)
  }
  return { map, inlineMaps }
}

function endOfAddress(buffer: Buffer, from: number, most: number): number {
  let end = from
  // To a blank, a quote, a backslash (inside of a string of code), or the end of a comment.
  for (; end < Math.min(buffer.length, most); end += 1) {
    const byte = buffer[end] ?? 0
    if (byte <= 0x20 || byte === 0x22 || byte === 0x27 || byte === 0x5c || byte === 0x60 || (byte === 0x2a && buffer[end + 1] === 0x2f)) break
  }
  return end
}

function readInlineMap(address: Buffer, head: string): SourceMap | null {
  const comma = head.indexOf(',')
  if (comma === -1) return null
  const reader = createMapReader()
  const body = address.subarray(comma + 1)
  if (/;\s*base64$/i.test(head.slice(0, comma))) reader.write(Buffer.from(body.toString('latin1'), 'base64'))
  else reader.write(Buffer.from(decode(body.toString('latin1'))))
  return reader.end()
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

function readFiles(bytes: Uint8Array, url: string): string[] {
  const found = new Set<string>()
  let publicPath: string | null = null
  for (let at = 0; at < bytes.byteLength; at += windowBytes - overlapBytes) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(windowBytes, bytes.byteLength - at)).toString('latin1')
    publicPath ??= /\b\w+\.p\s*=\s*"([^"\s]{0,200})"/.exec(text)?.[1] ?? null
    for (const written of [...literals(text), ...webpackChunks(text)]) {
      const absolute = resolveFile(written, url, publicPath)
      if (absolute !== null && found.size < mostFiles) found.add(absolute)
    }
    if (at + windowBytes >= bytes.byteLength) break
  }
  return [...found]
}

/**
 * Names of files in quotes (import(), vite's and Next's lists, workers), and the licences that bundlers split off. Not
 * the names of modules inside of a bundle: those are keys (`"./src/a.js":`) or asked for by short names (`n("./a.js")`).
 */
function literals(text: string): string[] {
  const quoted = text.matchAll(/(?<before>\b(?:\w{1,2}|require|__webpack_require__)\()?["'`](?<name>[\w@~%+./:-]{1,300}\.(?:m?js|css)(?:\.map)?)(?:\?[\w=&.-]{0,100})?["'`](?<after>\s*:)?/g)
  const files = [...quoted].flatMap(({ groups }) => {
    const name = groups?.['name'] ?? ''
    const isModule = groups?.['after'] !== undefined || (groups?.['before'] !== undefined && !name.startsWith('/'))
    return isModule || /(?:^|\/)\.\w/.test(name) ? [] : [name]
  })
  const licences = [...text.matchAll(/For license information please see ([\w@./-]{1,200}LICENSE\.txt)/g)]
  return [...files, ...licences.map(([, name]) => name ?? '')]
}

/**
 * What webpack's runtime puts together from an id: `"js/"+({7:"cart"}[e]||e)+"."+{7:"ab12"}[e]+".chunk.js"`.
 * https://webpack.js.org/configuration/output/#outputchunkfilename
 */
function webpackChunks(text: string): string[] {
  const files: string[] = []
  const runtime = /"([\w@~./-]{0,200})"\+(?:\(?(\{[^{}]{1,50000}\})\[\w{1,20}\](?:\|\|\w{1,20}\))?|\w{1,20})\+"([\w.~-]{1,20})"\+(\{[^{}]{1,50000}\})\[\w{1,20}\]\+"([\w.~-]{0,40}\.(?:m?js|css))"/g
  for (const [, prefix = '', named, separator = '', hashed = '', suffix = ''] of text.matchAll(runtime)) {
    const names = named === undefined ? new Map<string, string>() : entriesOf(named)
    for (const [id, hash] of entriesOf(hashed)) files.push(`${prefix}${names.get(id) ?? id}${separator}${hash}${suffix}`)
  }
  return files
}

function entriesOf(object: string): Map<string, string> {
  return new Map([...object.matchAll(/(?:"([^"\\]{1,200})"|([\w$]{1,100}))\s*:\s*"([^"\\]{1,200})"/g)].map(([, quoted, bare, value = '']) => [quoted ?? bare ?? '', value]))
}

/**
 * The address that a file's name most likely means. Bundlers write names relative to a base that the code does not
 * always tell: the first folder of the name, where it stands in the address of the script, tells it.
 */
function resolveFile(written: string, url: string, publicPath: string | null): string | null {
  if (/^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(written) || written.startsWith('/') || /^\.\.?\//.test(written)) return parse(written, url)
  const [folder = ''] = written.split('/')
  const { pathname } = new URL(url)
  const at = written.includes('/') ? pathname.indexOf(`/${folder}/`) : -1
  if (at !== -1) return parse(`${pathname.slice(0, at)}/${written}`, url)
  return publicPath !== null && publicPath !== '' ? parse(`${publicPath.replace(/\/?$/, '/')}${written}`, url) : parse(written, url)
}

function parse(written: string, url: string): string | null {
  if (!URL.canParse(written, url)) return null
  const resolved = new URL(written, url)
  resolved.hash = ''
  return resolved.protocol === 'http:' || resolved.protocol === 'https:' ? resolved.href : null
}

/** Files that a manifest lists (webpack's, vite's, Create React App's), wherever in it. Undefined: no JSON. */
export function readManifest(text: string, url: string): readonly string[] | undefined {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return undefined
  }
  const found = new Set<string>()
  const waiting: unknown[] = [data]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string' && /^[^\s"'<>]{1,300}\.(?:m?js|css|map)$/.test(next)) {
      // Manifests count from the root of what was built, which is where they lie, or one folder above (vite's).
      const root = new URL(url.replace(/\.vite\/[^/]*$/, ''))
      const absolute = parse(next.startsWith('/') ? next : `./${next}`, root.href)
      if (absolute !== null && found.size < mostFiles) found.add(absolute)
    } else if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) waiting.push(inner)
  }
  return [...found]
}

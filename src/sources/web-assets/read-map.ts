import { JSONParser } from '@streamparser/json'

/** A file that a script was made of, as its source map tells it. */
export interface MapSource {
  /** As the map names it: `webpack://shop/./node_modules/@acme-corp/x/index.js`. */
  readonly name: string
  readonly text: Uint8Array
}

export interface SourceMap {
  readonly sources: readonly MapSource[]
  /** Every name in it, a line each: files (also those without text), the root, the identifiers. */
  readonly names: string
  /** Files beyond the cap, whose text was not kept. */
  readonly dropped: number
}

/** Reads a source map piece by piece; only the texts of its files are held, as bytes. */
export interface MapReader {
  write(piece: Uint8Array): void
  /** Null: it was no source map, or a broken one. */
  end(): SourceMap | null
}

/** Files of one map whose text is read. */
const mostSources = 20_000
/** Names (files and identifiers) that are kept. */
const mostNames = 200_000

/** https://tc39.es/ecma426/: `sources` with `sourcesContent`, alone or in `sections`. */
export function createMapReader(): MapReader {
  const decoder = { encode: new TextEncoder() }
  // Of each section its files and texts: which comes first is the writer's choice.
  const sections = new Map<string, { readonly files: (string | null)[]; readonly texts: (Uint8Array | null)[] }>()
  const names: string[] = []
  let dropped = 0
  let kept = 0
  let broken = false
  let begun = false
  const parser = new JSONParser({
    paths: ['$.sources.*', '$.sourcesContent.*', '$.names.*', '$.sourceRoot', '$.file', '$.sections.*.map.sources.*', '$.sections.*.map.sourcesContent.*', '$.sections.*.map.names.*'],
    keepStack: false,
    // Whole strings of a megabyte are common; without a buffer each is joined character by character.
    stringBufferSize: 65_536,
  })
  parser.onError = () => void (broken = true)
  parser.onValue = ({ key, value, stack }) => {
    const list = stack.at(-1)?.key
    const place = String(stack.find((_, at) => stack[at - 1]?.key === 'sections')?.key ?? '')
    if (typeof key !== 'number') {
      if (typeof value === 'string') keep(value)
      return
    }
    const section = sections.get(place) ?? { files: [], texts: [] }
    sections.set(place, section)
    if (list === 'sources') {
      section.files[key] = typeof value === 'string' ? value : null
      if (typeof value === 'string') keep(value)
    } else if (list === 'sourcesContent' && typeof value === 'string') {
      if (kept < mostSources) section.texts[key] = decoder.encode.encode(value)
      else dropped += 1
      kept += 1
    } else if (list === 'names' && typeof value === 'string') keep(value)
  }
  const keep = (name: string): void => {
    if (names.length < mostNames) names.push(name)
  }
  return {
    write(piece) {
      if (broken) return
      try {
        parser.write(begun ? piece : withoutGuard(piece))
        begun = true
      } catch {
        broken = true
      }
    },
    end() {
      if (broken || !parser.isEnded || sections.size === 0) return null
      const sources = [...sections.values()].flatMap(({ files, texts }) =>
        texts.flatMap((text, at): MapSource[] => (text === null ? [] : [{ name: files[at] ?? `source ${at}`, text }])))
      return { sources, names: [...new Set(names)].join('\n'), dropped }
    },
  }
}

/** Some servers put `)]}'` and a line end before JSON, so that no script can load it. */
function withoutGuard(piece: Uint8Array): Uint8Array {
  if (piece[0] !== 0x29) return piece
  const end = piece.indexOf(0x0a)
  return end === -1 ? new Uint8Array() : piece.subarray(end + 1)
}

/** The path of a file in the company's own tree: without the bundler's scheme, its query, and what leads out of the tree. */
export function pathOf(name: string): string {
  const bare = name.replace(/^(?:webpack|webpack-internal|ng|vite|rollup|file|turbopack|parcel)?:\/\/\/?(?:[^/]*\/)?/, '').replace(/[?#].*$/, '')
  const path = bare.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..' && segment !== '~').join('/')
  return path === '' ? 'source' : path
}

/** A file of somebody else's package. Whose it is nobody knows before it was matched. */
export function isThirdParty(path: string): boolean {
  return /(?:^|\/)(?:node_modules|bower_components|jspm_packages|vendor)\//.test(path)
}

import type { Document } from '../../contracts/document.ts'
import type { Visited } from '../../contracts/http.ts'
import { asUtf8, decodeText } from '../../net/decode-text.ts'
import { readReferences } from '../../remotes/html/read-references.ts'
import { canonical, digestOf } from '../../remotes/web/addresses.ts'
import type { CrawlVisit } from '../../remotes/web/crawler.ts'
import { createGatherer } from './gather.ts'
import { readFileReferences, readManifest } from './read-file.ts'
import { createMapReader, isThirdParty, pathOf, type SourceMap } from './read-map.ts'
import { nowhere, type Kind, type Led, type Locator } from './schema.ts'

/** Bytes of a page. */
export const pageBytes = 10 * 1024 * 1024
/** Bundles of tens of megabytes, and maps of twice that, are common. */
const fileBytes = 64 * 1024 * 1024
const mapBytes = 128 * 1024 * 1024
/** Milliseconds for one large file. */
const patienceMs = 180_000

/** What a file brought and where it leads, or why it cannot be read. */
export type Taken = { readonly documents: readonly Document[]; readonly led: Led; readonly shortfall: string | null } | { readonly unreadable: string }
export interface Taking {
  readonly visit: Pick<CrawlVisit, 'maxBytes' | 'write' | 'timeoutMs' | 'accept'>
  read(visited: Visited, at: Locator): Taken
}

/** How each kind of file is taken in: a page as a whole, code into memory that grows in place, a map piece by piece. */
export function takingOf(kind: Kind): Taking {
  if (kind === 'page') return { visit: { maxBytes: pageBytes, accept: 'text/html,*/*;q=0.5' }, read: takePage }
  if (kind === 'manifest') return { visit: { maxBytes: pageBytes }, read: takeManifest }
  if (kind === 'map' || kind === 'hidden-map') {
    const reader = createMapReader()
    return {
      visit: { maxBytes: mapBytes, timeoutMs: patienceMs, write: (piece) => reader.write(piece) },
      read: (_visited, at) => {
        const map = reader.end()
        return map === null ? { unreadable: 'a source map is broken' } : { ...documentsOf(map, at, at.url), led: nowhere }
      },
    }
  }
  const gatherer = createGatherer(fileBytes)
  return {
    visit: { maxBytes: fileBytes, timeoutMs: patienceMs, write: (piece) => gatherer.write(piece) },
    read: (visited, at) => takeFile(asUtf8(gatherer.take(), visited.headers.get('content-type')), visited, at),
  }
}

function takePage(visited: Visited, at: Locator): Taken {
  if (!isMarkup(visited)) return { documents: [], led: nowhere, shortfall: null }
  const { document, references } = readPage(visited, at.url, at.site)
  return { documents: [document], led: ledBy(references, visited.url), shortfall: null }
}

export function readPage(visited: Visited, ref: string, site: string) {
  const text = decodeText(visited.bytes, visited.headers.get('content-type'))
  return { text, document: documentOf({ ref, url: visited.url, path: pathIn(ref, 'index.html'), text: new TextEncoder().encode(text), own: true, from: { kind: 'page', url: ref, site } }), references: readReferences(text, visited.url) }
}

export function ledBy({ links, scripts, styles, inline }: ReturnType<typeof readReferences>, url: string): Led {
  const named = inline.flatMap(({ text }) => readFileReferences(new TextEncoder().encode(text), url).files)
  return { ...nowhere, page: links, file: [...scripts, ...styles, ...named] }
}

function takeFile(bytes: Uint8Array, { url, headers }: Visited, at: Locator): Taken {
  const { map, inlineMaps, files } = readFileReferences(bytes, url)
  const named = headers.get('sourcemap') ?? headers.get('x-sourcemap') ?? map
  // A bundler can leave the map beside the script without naming it ("hidden").
  const { origin, pathname } = new URL(url)
  const hidden = named === null && inlineMaps.length === 0 && /\.(?:m?js|css)$/.test(pathname) ? [`${origin}${pathname}.map`] : []
  const inner = inlineMaps.map((one, index) => documentsOf(one, at, `${at.url}#${index}`))
  return {
    documents: bytes.byteLength === 0 ? [] : [documentOf({ ref: at.url, url, path: pathIn(at.url, 'script.js'), text: bytes, own: false, from: at }), ...inner.flatMap(({ documents }) => documents)],
    led: {
      ...nowhere,
      file: files.filter((file) => !file.endsWith('.map')),
      map: [...(named === null ? [] : [canonical(named, url)]), ...files.filter((file) => file.endsWith('.map'))].filter((one) => one !== null),
      'hidden-map': hidden,
    },
    shortfall: inner.find(({ shortfall }) => shortfall !== null)?.shortfall ?? null,
  }
}

function takeManifest(visited: Visited, at: Locator): Taken {
  const files = readManifest(decodeText(visited.bytes, visited.headers.get('content-type')), visited.url)
  if (files === undefined) return { unreadable: 'a list of files is broken' }
  const document = documentOf({ ref: at.url, url: visited.url, path: pathIn(at.url, 'manifest.json'), text: visited.bytes, own: true, from: at })
  return { documents: [document], led: { ...nowhere, file: files.filter((file) => !file.endsWith('.map')), map: files.filter((file) => file.endsWith('.map')) }, shortfall: null }
}

/** A document per file of the map, under its own path, and one with every name that the map has. */
function documentsOf({ sources, names, dropped }: SourceMap, at: Locator, ref: string): { readonly documents: readonly Document[]; readonly shortfall: string | null } {
  const used = new Set<string>()
  const documents = sources.map(({ name, text }, index) => {
    const path = pathOf(name)
    const own = `${ref}#${name}`
    const distinct = used.has(own) ? `${own}#${index}` : own
    used.add(distinct)
    return documentOf({ ref: distinct, url: at.url, path, text, own: !isThirdParty(path), from: at })
  })
  const listed = names === '' ? [] : [documentOf({ ref: `${ref}#names`, url: at.url, path: null, text: new TextEncoder().encode(names), own: false, from: at })]
  return { documents: [...documents, ...listed], shortfall: dropped === 0 ? null : 'a source map has more files than are read' }
}

type Made = Pick<Document, 'ref' | 'url' | 'path' | 'text'> & { readonly own: boolean; readonly from: Pick<Locator, 'kind' | 'url' | 'site'> }

function documentOf({ ref, url, path, text, own, from }: Made): Document {
  const { host, pathname } = new URL(url)
  return {
    source: 'web-assets',
    ref,
    revision: '',
    contentHash: digestOf(text),
    url,
    lineAnchor: '',
    title: `${host}${pathname}${path === null || pathname.endsWith(path) ? '' : ` (${path})`}`.slice(0, 500),
    container: { id: host, name: host, owner: null },
    path,
    text,
    truncated: false,
    author: null,
    publishedAt: null,
    own,
    locator: { kind: from.kind, url: from.url, site: from.site },
  }
}

export function pathIn(address: string, index: string): string {
  const path = new URL(address).pathname.replace(/^\/+/, '')
  return path === '' || path.endsWith('/') ? `${path}${index}` : path
}

export function isMarkup({ bytes, headers }: Visited): boolean {
  return /\bhtml\b/i.test(headers.get('content-type') ?? '') || /^\s*(?:<!doctype html|<html)/i.test(Buffer.from(bytes.subarray(0, 512)).toString('latin1'))
}

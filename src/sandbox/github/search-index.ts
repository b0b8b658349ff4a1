import { Permanent } from '../../errors.ts'
import { listFiles, type ListedFile } from '../git/list-files.ts'
import { isBinary } from '../git/parse-objects.ts'
import { readMany, type ObjectReader } from '../git/read-objects.ts'
import { inParallel } from '../in-parallel.ts'
import { hashText } from '../random.ts'
import { readCommit, type Catalogue, type Repository } from './catalogue.ts'
import { compileNeedle, createCorpus, type Corpus, type Tokenisation } from './find-words.ts'
import { languageOf } from './languages.ts'
import { parseSize, type CodeQuery, type Qualifier, type Term } from './parse-query.ts'

/** Files of this size and above are not in the index, so `size:` has the domain 0 to 393215. */
export const indexedBytes = 384 * 1024
/** At most so many of the repositories that fit the qualifiers are looked at. */
const repositoriesPerSearch = 4_000

/** A file as the index knows it: from the indexed commit, which may be behind HEAD. */
export interface IndexedFile {
  readonly repository: Repository
  readonly commit: string
  readonly path: string
  readonly oid: string
  /** Bytes. */
  readonly size: number
  readonly language: string | null
  /** Its content in the corpus. */
  readonly text: number
}

export interface SearchResult {
  /** Every hit, in the index's own order, the same every time. */
  readonly files: readonly IndexedFile[]
  /** A `repo:`, `user:` or `org:` was named and none of them can be seen. */
  readonly unresolvable: boolean
}

export interface SearchIndex {
  readonly files: number
  /** Bytes of text held in memory. */
  readonly bytes: number
  search(query: CodeQuery, tokenisation: Tokenisation): Promise<SearchResult>
}

interface Indexed {
  readonly files: IndexedFile[]
  /** Folded contents, one for each distinct blob. */
  readonly contents: Corpus
  /** Folded paths, in the order of `files`. */
  readonly paths: Corpus
  readonly filesOfText: number[][]
}

function isIndexable(file: ListedFile): boolean {
  return file.mode.startsWith('100') && file.size !== null && file.size < indexedBytes
}

/** Forks are in the index only if they have more stars than their parent. */
function isIndexed(repository: Repository, catalogue: Catalogue): boolean {
  if (repository.forkOf === null) return true
  return repository.stars > (catalogue.named(repository.forkOf)?.repository.stars ?? 0)
}

async function addRepository(repository: Repository, objects: ObjectReader, texts: Map<string, number>, indexed: Indexed): Promise<void> {
  const commit = await readCommit(objects, repository, repository.indexedRevision)
  if (commit === null) return
  const listed = (await listFiles(repository.gitDir, commit.oid)).filter(isIndexable)
  const missing = [...new Set(listed.map((file) => file.oid))].filter((oid) => !texts.has(oid))
  await readMany(repository.gitDir, missing, (position, bytes) => {
    const oid = missing[position]
    if (oid === undefined || isBinary(bytes)) return
    texts.set(oid, indexed.contents.texts)
    indexed.contents.add(bytes)
    indexed.filesOfText.push([])
  })
  for (const file of listed) {
    const text = texts.get(file.oid)
    if (text === undefined) continue
    indexed.filesOfText[text]?.push(indexed.files.length)
    indexed.paths.add(Buffer.from(file.path, 'utf8'))
    const { path, oid } = file
    const language = languageOf(path.slice(path.lastIndexOf('/') + 1))
    indexed.files.push({ repository, commit: commit.oid, path, oid, size: file.size ?? 0, language, text })
  }
}

/** Best match looks like no order at all: one that mixes repositories, and that is the same every time. */
function rank(files: readonly IndexedFile[]): Uint32Array {
  const keys = Float64Array.from(files, (file) => hashText(`${file.repository.id}/${file.path}`))
  return Uint32Array.from(files.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b)
}

type Predicate = (file: IndexedFile) => boolean

function fileName(file: IndexedFile): string {
  return file.path.slice(file.path.lastIndexOf('/') + 1)
}

function inFolder(file: IndexedFile, value: string): boolean {
  const folder = value.replace(/^\/+|\/+$/g, '').toLowerCase()
  if (folder === '') return !file.path.includes('/')
  return `${file.path.toLowerCase()}/`.startsWith(`${folder}/`)
}

function predicateOf({ name, value }: Qualifier): Predicate | null {
  const wanted = value.toLowerCase()
  if (name === 'path') return (file) => inFolder(file, value)
  if (name === 'filename') return (file) => fileName(file).toLowerCase().includes(wanted)
  if (name === 'extension') return (file) => fileName(file).toLowerCase().endsWith(`.${wanted.replace(/^\./, '')}`)
  if (name === 'language') return (file) => file.language?.toLowerCase().replaceAll(' ', '-') === wanted.replaceAll(' ', '-')
  if (name === 'size') {
    const range = parseSize(value)
    return (file) => range !== null && file.size >= range.min && file.size <= range.max
  }
  if (name === 'is' && wanted === 'archived') return (file) => file.repository.archived
  return null
}

const scopeNames = new Set(['repo', 'user', 'org'])

function inScope(file: IndexedFile, { name, value }: Qualifier): boolean {
  const fullName = file.repository.indexedAs.toLowerCase()
  const wanted = value.toLowerCase()
  return name === 'repo' ? fullName === wanted : fullName.startsWith(`${wanted}/`)
}

/** Several scopes are joined with OR, exclusions with AND. */
function scopePredicate(qualifiers: readonly Qualifier[]): Predicate {
  const scopes = qualifiers.filter(({ name }) => scopeNames.has(name))
  const wanted = scopes.filter(({ negated }) => !negated)
  const unwanted = scopes.filter(({ negated }) => negated)
  return (file) => (wanted.length === 0 || wanted.some((scope) => inScope(file, scope))) && !unwanted.some((scope) => inScope(file, scope))
}

function forkPredicate(qualifiers: readonly Qualifier[]): Predicate {
  const fork = qualifiers.find(({ name, negated }) => name === 'fork' && !negated)?.value.toLowerCase()
  if (fork === 'only') return (file) => file.repository.forkOf !== null
  if (fork === 'true') return () => true
  return (file) => file.repository.forkOf === null
}

function filePredicate(qualifiers: readonly Qualifier[]): Predicate {
  const predicates: Predicate[] = [scopePredicate(qualifiers), forkPredicate(qualifiers)]
  for (const qualifier of qualifiers) {
    const predicate = predicateOf(qualifier)
    if (predicate !== null) predicates.push(qualifier.negated ? (file) => !predicate(file) : predicate)
  }
  return (file) => predicates.every((predicate) => predicate(file))
}

function isUnresolvable(query: CodeQuery, catalogue: Catalogue): boolean {
  const scopes = query.qualifiers.filter(({ name, negated }) => scopeNames.has(name) && !negated)
  return scopes.length > 0 && !scopes.some(({ name, value }) =>
    name === 'repo' ? catalogue.named(value)?.repository.state === 'public' : catalogue.account(value) !== null)
}

/** Where terms are looked for: content and path unless `in:` says otherwise. */
function places(query: CodeQuery): { readonly content: boolean; readonly path: boolean } {
  const named = query.qualifiers.filter(({ name, negated }) => name === 'in' && !negated).flatMap(({ value }) => value.toLowerCase().split(','))
  if (named.length === 0) return { content: true, path: true }
  return { content: named.includes('file'), path: named.includes('path') }
}

const restricting = new Set(['filename', 'extension', 'path', 'language', 'size', 'repo', 'user', 'org'])

/**
 * Reads the indexed commit of every repository into memory: text files under 384 KiB of the default branch.
 * Memory is about the size of the distinct text, plus some hundred bytes for each file.
 */
export async function buildIndex(catalogue: Catalogue, objects: ObjectReader): Promise<SearchIndex> {
  const indexed: Indexed = { files: [], contents: createCorpus(), paths: createCorpus(), filesOfText: [] }
  const texts = new Map<string, number>()
  const shown = catalogue.repositories.filter((repository) => isIndexed(repository, catalogue))
  await inParallel(shown, 4, (repository) => addRepository(repository, objects, texts, indexed))
  if (indexed.paths.texts !== indexed.files.length) throw new Permanent('the search index lost a file')
  const order = rank(indexed.files)

  async function filesWith(term: Term, query: CodeQuery, tokenisation: Tokenisation): Promise<Uint8Array | null> {
    const needle = compileNeedle(term.text, tokenisation)
    if (needle === null) return null
    const found = new Uint8Array(indexed.files.length)
    const where = places(query)
    if (where.content) {
      await indexed.contents.search(needle, (text) => {
        for (const file of indexed.filesOfText[text] ?? []) found[file] = 1
      })
    }
    if (where.path) await indexed.paths.search(needle, (file) => { found[file] = 1 })
    return found
  }

  async function filesWithAll(terms: readonly Term[], query: CodeQuery, tokenisation: Tokenisation): Promise<Uint8Array> {
    const all = new Uint8Array(indexed.files.length).fill(1)
    for (const term of terms) {
      const some = await filesWith(term, query, tokenisation)
      if (some === null) continue
      const kept = term.negated ? 0 : 1
      for (let file = 0; file < all.length; file += 1) if (some[file] !== kept) all[file] = 0
    }
    return all
  }

  async function candidates(query: CodeQuery, tokenisation: Tokenisation): Promise<Uint8Array> {
    if (query.alternatives.length === 0) return new Uint8Array(indexed.files.length).fill(1)
    const any = new Uint8Array(indexed.files.length)
    for (const terms of query.alternatives) {
      const all = await filesWithAll(terms, query, tokenisation)
      for (let file = 0; file < any.length; file += 1) if (all[file] === 1) any[file] = 1
    }
    return any
  }

  return {
    files: indexed.files.length,
    bytes: indexed.contents.bytes + indexed.paths.bytes,
    async search(query, tokenisation) {
      const unresolvable = isUnresolvable(query, catalogue)
      const searchable = query.alternatives.some((terms) => terms.some((term) => !term.negated && compileNeedle(term.text, tokenisation) !== null))
      const restricted = query.qualifiers.some(({ name, negated }) => restricting.has(name) && !negated)
      if (query.foreign || unresolvable || !(searchable || restricted)) return { files: [], unresolvable }
      const found = await candidates(query, tokenisation)
      const fits = filePredicate(query.qualifiers)
      const files: IndexedFile[] = []
      const looked = new Set<number>()
      for (const position of order) {
        const file = indexed.files[position]!
        if (found[position] === 0 || !fits(file)) continue
        looked.add(file.repository.id)
        if (looked.size <= repositoriesPerSearch) files.push(file)
      }
      return { files, unresolvable }
    },
  }
}

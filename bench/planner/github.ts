import type { HttpClient } from '../../src/contracts/http.ts'
import type { OpenSource } from '../../src/contracts/source.ts'
import { createForgetfulMemory } from '../../src/runs/source-memory.ts'
import { compileNeedle, createCorpus, type Corpus, type Tokenisation } from '../../src/sandbox/github/find-words.ts'
import { parseQuery, parseSize } from '../../src/sandbox/github/parse-query.ts'
import { githubCode } from '../../src/sources/github-code/index.ts'
import { sourceSettings } from '../../src/sources/settings.ts'
import type { PublicFile } from './company.ts'

export interface Indexed {
  readonly files: readonly PublicFile[]
  readonly corpus: Corpus
  /** What queries found already, by way of cutting words and query: searched once for all sweeps. */
  readonly results: Map<string, Promise<readonly number[]>>
}

export function indexFiles(files: readonly PublicFile[]): Indexed {
  const corpus = createCorpus()
  for (const { text } of files) corpus.add(Buffer.from(text))
  return { files, corpus, results: new Map() }
}

/** The files that a query finds, as the sandbox's search does, without its HTTP. */
async function findFiles({ files, corpus }: Indexed, q: string, tokenisation: Tokenisation): Promise<readonly number[]> {
  const parsed = parseQuery(q)
  if ('fault' in parsed) throw new Error(`the planner sent a query that GitHub refuses: ${parsed.fault}`)
  const [terms = []] = parsed.query.alternatives
  const needle = compileNeedle(terms[0]?.text ?? '', tokenisation)
  if (needle === null || terms.length !== 1) return []
  const found: number[] = []
  await corpus.search(needle, (text) => found.push(text))
  return found.filter((at) => parsed.query.qualifiers.every(({ name, value, negated }) => {
    const file = files[at]
    if (file === undefined || name === 'org') return true
    const range = name === 'size' ? parseSize(value) : null
    const size = Buffer.byteLength(file.text)
    const fits = range !== null ? size >= range.min && size <= range.max : name === 'extension' ? file.path.endsWith(`.${value}`) : file.path.toLowerCase().includes(value)
    return fits !== negated
  }))
}

/** The real source on an HTTP client that answers from memory. Counts requests. */
export function openGithub(indexed: Indexed, tokenisation: Tokenisation): { readonly source: OpenSource; requests(): number } {
  const { results } = indexed
  let requests = 0
  const http: HttpClient = {
    fetch: () => Promise.reject(new Error('the simulation only searches')),
    visit: () => Promise.reject(new Error('the simulation only searches')),
    async request({ url, schema }) {
      requests += 1
      const { searchParams } = new URL(url)
      const q = searchParams.get('q') ?? ''
      const key = `${tokenisation} ${q}`
      const files = await (results.get(key) ?? findFiles(indexed, q, tokenisation))
      results.set(key, Promise.resolve(files))
      const page = Number(searchParams.get('page'))
      const items = files.slice((page - 1) * 100, Math.min(page * 100, 1_000)).map((at) => ({
        path: `${at}/${indexed.files[at]?.path ?? ''}`, sha: String(at).padStart(40, '0'), repository: { id: 1 + at, node_id: `R${at}`, full_name: 'some/body', private: false },
      }))
      const body = schema?.parse({ total_count: files.length, incomplete_results: false, items })
      if (body === undefined) throw new Error('a search without a schema')
      return { status: 200, headers: new Headers(), body, text: '' }
    },
  }
  const settings = sourceSettings.parse({ github: { token: 'simulated' } })
  const source = githubCode.open(settings, { http, now: () => new Date(0), organizations: ['zentara-corp'], memory: createForgetfulMemory() })
  if (source === null) throw new Error('the source is closed')
  return { source, requests: () => requests }
}

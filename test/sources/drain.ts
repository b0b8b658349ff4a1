import type { Document } from '../../src/contracts/document.ts'
import type { Hit, OpenSource } from '../../src/contracts/source.ts'

export interface Drained {
  readonly documents: readonly Document[]
  readonly absent: readonly string[]
  readonly shortfalls: readonly string[]
  readonly searches: number
  readonly fetches: number
}

interface Drain {
  /** Texts that count as ours: what hangs on a match is fetched for them. */
  readonly names?: readonly string[]
  /** Refs, with revision, that are known from an earlier pass: not fetched again. */
  readonly known?: ReadonlyMap<string, string>
  readonly everything?: readonly string[]
  readonly terms?: Parameters<OpenSource['plan']>[0]['terms']
}

/** Everything that a source brings in one pass: pages, slices, hits and what they lead to, as the jobs of a sweep would go through them. */
export async function drain(source: OpenSource, { names = [], known = new Map(), everything = ['1'], terms = [] }: Drain): Promise<Drained> {
  const documents: Document[] = []
  const absent: string[] = []
  const shortfalls = new Set<string>()
  let searches = 0
  let fetches = 0
  const searching = source.plan({ terms, everything }).queries.map(({ input }) => ({ input, page: null as string | null }))
  const fetching: Hit[][] = []
  const isNew = (hit: Hit): boolean => hit.revision === undefined || hit.revision === null || known.get(hit.ref) !== hit.revision
  const wanted = (onMatch: readonly { readonly ref: string; readonly hits: readonly Hit[] }[] | undefined, came: readonly Document[]): Hit[] => {
    const matched = new Set(came.filter(({ text }) => names.some((name) => Buffer.from(text).includes(name))).map(({ ref }) => ref))
    return (onMatch ?? []).filter(({ ref }) => matched.has(ref)).flatMap(({ hits }) => hits)
  }
  const enqueue = (hits: readonly Hit[]): void => {
    for (const hit of hits.filter(isNew)) fetching.push([hit])
  }
  for (let next = searching.shift(); next !== undefined; next = searching.shift()) {
    searches += 1
    if (searches > 1_000) throw new Error('a search without an end')
    const page = await source.search(next.input, next.page)
    documents.push(...page.documents)
    if (page.shortfall !== null) shortfalls.add(page.shortfall)
    for (const slice of page.slices ?? []) searching.push({ input: slice.input, page: null })
    if ((page.slices ?? []).length === 0 && page.next !== null) searching.push({ input: next.input, page: page.next })
    enqueue([...page.hits, ...wanted(page.onMatch, page.documents)])
  }
  for (let next = fetching.shift(); next !== undefined; next = fetching.shift()) {
    fetches += 1
    if (fetches > 1_000) throw new Error('fetches without an end')
    const fetched = await source.fetch(next)
    documents.push(...fetched.documents)
    absent.push(...fetched.absent.map(({ reason }) => reason))
    for (const { reason } of fetched.unreadable) shortfalls.add(reason)
    if (fetched.shortfall !== undefined) shortfalls.add(fetched.shortfall)
    if (fetched.retry.length > 0) fetching.push([...fetched.retry])
    enqueue([...(fetched.further ?? []), ...wanted(fetched.onMatch, fetched.documents)])
  }
  return { documents, absent, shortfalls: [...shortfalls], searches, fetches }
}

export function textOf({ text }: Document): string {
  return Buffer.from(text).toString()
}

/** Ref and revision of what was read, for a second pass. */
export function knownOf(documents: readonly Document[]): ReadonlyMap<string, string> {
  return new Map(documents.map(({ ref, revision }) => [ref, revision]))
}

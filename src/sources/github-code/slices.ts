import type { Slice } from '../../contracts/source.ts'
import type { Cut, SearchInput, SearchItem } from './schema.ts'

/** Files of 384 KB and more are not indexed: https://docs.github.com/en/search-github/searching-on-github/searching-code */
const largestFile = 384 * 1024 - 1
/** Results wanted in a slice: under the cap of 1,000 also when the guess of the sizes is off by half. */
const wanted = 600
/** Slices of one cut at most. */
const mostSlices = 16
/** AND, OR, NOT and exclusions in one query: GitHub documents five. */
const mostExclusions = 5

/**
 * The query in disjoint parts that together cover it: by size (bytes, a total order that every file has), and where one
 * size alone holds too much, by an extension or a file name that is frequent on the first page, and all the rest.
 * Null: it cannot be cut any further. Only well-known extensions and names are ever sent: a file may be named after us.
 */
export function cutQuery(input: SearchInput, total: number, items: readonly SearchItem[]): readonly Slice[] | null {
  const cut = input.cut ?? {}
  const [low, high] = cut.size ?? [0, largestFile]
  if (low < high) {
    const slices = sizesOf(low, high, Math.min(mostSlices, Math.max(2, Math.ceil(total / wanted))))
    // Nobody promised where the index ends: the last slice is open.
    return slices.map(([from, to]) => sliceOf(input, { ...cut, size: [from, to] }))
  }
  const mark = frequentMark(cut, items)
  const without = cut.without ?? []
  const exclusions = without.length + (input.q.match(/ -\w+:/g) ?? []).length
  if (mark === null || exclusions >= mostExclusions) return null
  return [sliceOf(input, { ...cut, only: [...(cut.only ?? []), mark] }), sliceOf(input, { ...cut, without: [...without, mark] })]
}

/** The query as GitHub gets it. */
export function queryOf({ q, cut }: SearchInput): string {
  if (cut === undefined) return q
  const { size, only = [], without = [] } = cut
  const parts = [q, ...only, ...without.map((mark) => `-${mark}`)]
  if (size !== undefined) parts.push(size[1] === largestFile && size[0] > 0 ? `size:>${size[0] - 1}` : `size:${size[0]}..${size[1]}`)
  return parts.join(' ')
}

function sliceOf({ q }: SearchInput, cut: Cut): Slice {
  const { size = [], only = [], without = [] } = cut
  return { key: [size.join('-'), ...only, ...without.map((mark) => `-${mark}`)].join(' '), input: { q, cut: { ...cut } } }
}

/** `count` ranges that hold about as many files each, by what is known of source files; at least two. */
function sizesOf(low: number, high: number, count: number): readonly (readonly [number, number])[] {
  const [from, to] = [share(low), share(high + 1)]
  const starts = new Set([low])
  for (let part = 1; part < count; part += 1) {
    const start = Math.round(sizeAt(from + ((to - from) * part) / count))
    if (start > low && start <= high) starts.add(start)
  }
  if (starts.size === 1) starts.add(low + Math.ceil((high - low) / 2))
  const sorted = [...starts].sort((a, b) => a - b)
  return sorted.map((start, at) => [start, (sorted[at + 1] ?? high + 1) - 1])
}

/** Sizes of source files are spread over orders of magnitude: log-logistic, half of them under 2 KB. Only speed depends on it. */
const median = 2_000
function share(size: number): number {
  return size / (size + median)
}
function sizeAt(part: number): number {
  return (median * part) / (1 - part)
}

const extensions = new Set(
  `bash c cfg cjs conf config cpp cs csproj css csv dart go gradle h html ini ipynb java js json jsx kt kts less lock log lua m
  map md mdx mjs mod php pl properties props proto ps1 py r rb rs rst scala scss sh sql sum svg swift targets tf toml ts tsx txt vue
  xml yaml yml`.split(/\s+/),
)
const fileNames = new Set(
  `.npmrc .yarnrc build.gradle cargo.lock cargo.toml composer.json composer.lock dockerfile gemfile gemfile.lock go.mod go.sum jenkinsfile
  makefile package.json package-lock.json packages.config packages.lock.json pipfile pipfile.lock pnpm-lock.yaml poetry.lock pom.xml
  pyproject.toml readme.md requirements.txt settings.xml setup.py tsconfig.json yarn.lock`.split(/\s+/),
)

/** The qualifier that most results of a page fit and that does not stand in the query yet. */
function frequentMark({ only = [], without = [] }: Cut, items: readonly SearchItem[]): string | null {
  const counts = new Map<string, number>()
  for (const { path } of items) {
    const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
    const dot = name.lastIndexOf('.')
    const extension = dot > 0 ? name.slice(dot + 1) : ''
    // A name says more than its extension: it comes second, when the extension is cut already.
    const mark = extensions.has(extension) && !only.includes(`extension:${extension}`) ? `extension:${extension}` : fileNames.has(name) ? `filename:${name}` : null
    if (mark !== null && !only.includes(mark) && !without.includes(mark)) counts.set(mark, (counts.get(mark) ?? 0) + 1)
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? null
}

import { z, type ZodType } from 'zod'
import { createHash } from 'node:crypto'
import type { Json } from '../../contracts/json.ts'
import type { PlannedQuery, SearchTerm, Slice, StemFacts, Unsearchable } from '../../contracts/source.ts'
import { Permanent } from '../../errors.ts'
import { askRest } from './ask-rest.ts'
import type { GithubClient } from './client.ts'
import { refusalOf } from './errors.ts'
import { leaveOut, notWorth, phraseOf, whyNot } from './phrase.ts'

/** Results on a page, and results of a query that can be reached. */
const perPage = 100
export const reachable = 1_000

/**
 * For the planner, of searches of which every result comes whole with its page. What they take for the end of a word is
 * documented nowhere: each mark is on trial until a document proves it.
 */
export const datedStems: StemFacts = { separators: '', perPage, cap: reachable }

/** What a watch of a search stores: the phrase, and the window of time that it is cut down to. */
const dated = z.object({
  kind: z.string().optional(),
  phrase: z.string().min(1),
  /** Owners that are us are left out by the query. */
  leaveOut: z.boolean(),
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
  /** Requests after which searching its names one by one is cheaper; absent: whatever it takes. */
  worth: z.int().positive().optional(),
})
export type DatedInput = z.output<typeof dated>

/** @throws Permanent for what no version of this stored */
export function readDated(input: Json): DatedInput {
  const parsed = dated.safeParse(input)
  if (!parsed.success) throw new Permanent('GitHub: the stored query is not one that this version can ask')
  return parsed.data
}

/** What a search can be cut by, and what stands in every query of it. */
export interface DatedSearch {
  /** Qualifiers of every query, for example `is:public`. */
  readonly always: string
  /** The qualifier of time, for example `created`. */
  readonly date: 'created' | 'committer-date'
}

/** One query per term, for a search that is cut by time. `kind` is put into key and input where a source has several. */
export function planDated(
  terms: readonly SearchTerm[], search: DatedSearch, organizations: readonly string[], kind?: string,
): { readonly queries: readonly PlannedQuery[]; readonly unsearchable: readonly Unsearchable[] } {
  const queries = new Map<string, PlannedQuery>()
  const unsearchable: Unsearchable[] = []
  for (const { text, covers, worth } of terms) {
    const phrase = phraseOf(text)
    const reason = whyNot(phrase)
    if (reason !== null) {
      unsearchable.push({ covers, reason })
      continue
    }
    const key = `${kind ?? 'phrase'}:${createHash('sha256').update(phrase).digest('hex').slice(0, 32)}`
    const same = queries.get(key)
    const input = { ...(kind === undefined ? {} : { kind }), phrase, leaveOut: true, from: null, to: null, ...(worth === undefined || same !== undefined ? {} : { worth }) }
    queries.set(key, {
      key, input, text: queryOf(input, search, organizations),
      covers: [...(same?.covers ?? []), ...covers], term: same?.term ?? text,
    })
  }
  return { queries: [...queries.values()], unsearchable }
}

/** The query as GitHub reads it. */
export function queryOf({ phrase, leaveOut: without, from, to }: DatedInput, { always, date }: DatedSearch, organizations: readonly string[]): string {
  const query = `"${phrase}" ${always}`
  const window = windowOf(from, to)
  return `${without ? leaveOut(query, organizations) : query}${window === null ? '' : ` ${date}:${window}`}`
}

/** Both ends belong to it. https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax */
function windowOf(from: string | null, to: string | null): string | null {
  if (from !== null && to !== null) return `${from}..${to}`
  if (from !== null) return `>=${from}`
  return to === null ? null : `<=${to}`
}

const second = 1_000
/** Nothing on GitHub is older; what says so is forged and lies before it. */
const begin = Date.parse('2008-01-01T00:00:00Z')
const farPast = Date.parse('1970-01-01T00:00:00Z')
const farFuture = Date.parse('2100-01-01T00:00:00Z')

/**
 * Two halves of the query's window of time: disjoint, and together the whole, since the outermost ends stay open.
 * Null: a window of one second cannot be cut. Halves that are still too large are cut again when they are asked.
 */
export function halve(input: DatedInput, now: Date): readonly Slice[] | null {
  const { from, to } = input
  const low = from === null ? (to !== null && Date.parse(to) <= begin ? farPast : begin) : Date.parse(from)
  const high = to === null ? (from !== null && Date.parse(from) >= now.getTime() ? farFuture : now.getTime()) : Date.parse(to)
  const middle = Math.floor((low + high) / 2 / second) * second
  if (high - low < second || middle < low) return null
  const parts: readonly DatedInput[] = [{ ...input, to: written(middle) }, { ...input, from: written(middle + second) }]
  return parts.map((part) => ({ key: windowOf(part.from, part.to) ?? '', input: { ...part } }))
}

function written(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

/** The query itself without leaving our owners out: GitHub refuses owners that do not exist (any more). */
export function withOwn(input: DatedInput): readonly Slice[] {
  return [{ key: 'own too', input: { ...input, leaveOut: false } }]
}

/** One page of a search, with what the answer itself does not prove. */
export interface DatedPage<Item> {
  readonly items: readonly Item[]
  readonly counted: number | null
  readonly next: string | null
  readonly slices: readonly Slice[]
  readonly shortfall: string | null
}

/** Strict about the envelope, lenient per item: what cannot be read is counted, so that it is not lost quietly. */
function envelopeOf<Item>(item: ZodType<Item>) {
  return z
    .object({ total_count: z.int().nonnegative(), incomplete_results: z.boolean(), items: z.array(z.unknown()).max(1_000) })
    .transform(({ total_count, incomplete_results, items }) => {
      const parsed = items.map((one) => item.safeParse(one))
      return { total: total_count, incomplete: incomplete_results, delivered: items.length, readable: parsed.flatMap((one) => (one.success ? [one.data] : [])) }
    })
}

export interface DatedRequest<Item> {
  /** `/search/issues` */
  readonly path: string
  readonly search: DatedSearch
  readonly item: ZodType<Item>
  /** Further parameters. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * One page of a search of issues, commits or repositories. More results than can be reached are cut by time; the end
 * is found by counting. The reasons of a shortfall are fixed sentences, so that pages repeat the same ones.
 * https://docs.github.com/en/rest/search/search
 */
export async function searchDated<Item>(
  client: GithubClient, request: DatedRequest<Item>, input: DatedInput, page: string | null, organizations: readonly string[],
): Promise<DatedPage<Item>> {
  const number = page === null ? 1 : Number(page)
  if (!Number.isInteger(number) || number < 1 || number * perPage > reachable) throw new Permanent('GitHub: the stored page is not one that this version can ask for')
  const q = queryOf(input, request.search, organizations)
  const parameters = new URLSearchParams({ q, per_page: String(perPage), page: String(number), ...request.parameters })
  const answer = await askRest(client, {
    resource: 'search', path: `${request.path}?${parameters}`, schema: envelopeOf(request.item), accept: [422], maxBytes: 32 * 1024 * 1024,
    ...(request.headers === undefined ? {} : { headers: request.headers }),
  })
  if (answer.status === 422) {
    if (input.leaveOut && answer.text.slice(0, 10_000).includes('cannot be searched')) return { items: [], counted: null, next: null, slices: withOwn(input), shortfall: null }
    throw refusalOf(answer, 'search', client.quota, client.now())
  }
  const { total, incomplete, delivered, readable } = answer.body
  if (input.worth !== undefined && Math.ceil(total / perPage) > input.worth) return { items: readable, counted: total, next: null, slices: [], shortfall: notWorth }
  const slices = number === 1 && total > reachable ? halve(input, client.now()) ?? [] : []
  if (slices.length > 0) return { items: readable, counted: total, next: null, slices, shortfall: null }
  const promised = Math.min(perPage, Math.max(0, total - (number - 1) * perPage))
  const more = delivered > 0 && (total > number * perPage || delivered > promised)
  const last = (number + 1) * perPage > reachable
  const reasons: string[] = []
  if (incomplete) reasons.push('GitHub says itself that its answer is incomplete')
  if (total > reachable || (more && last)) reasons.push('more than 1,000 results, of which GitHub gives only the first 1,000')
  if (delivered < promised) reasons.push('GitHub delivered fewer results than it counted')
  if (readable.length < delivered) reasons.push('GitHub delivered results in a form that cannot be read')
  return { items: readable, counted: total, next: more && !last ? String(number + 1) : null, slices: [], shortfall: reasons.length === 0 ? null : reasons.join('; ') }
}

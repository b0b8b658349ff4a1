import { z } from 'zod'
import type { HttpClient, HttpRequest, HttpResponse } from '../../contracts/http.ts'
import type { Json } from '../../contracts/json.ts'
import type { Place, Recheck } from '../../contracts/place.ts'
import type { Fetched, Hit, OpenSource, RateLimit, SearchPage } from '../../contracts/source.ts'
import { NotFound, Permanent, Transient } from '../../errors.ts'
import { containerOf, documentOf, refOf, type BoardPlace, type Posting } from './posting.ts'

/** Something on a board that has to be fetched by itself. */
export interface Lead {
  readonly id: string
  /** Told by the list; known at this revision, it is not fetched again. Null: fetched every time. */
  readonly revision: string | null
  readonly locator: Json
}

/** One answer of a board's list. */
export interface PostingPage {
  /** Ads that came with their whole text. */
  readonly postings: readonly Posting[]
  readonly leads: readonly Lead[]
  readonly next: string | null
  /** Ads on the whole board, as it claims; null when it does not say. */
  readonly counted: number | null
  /** Ads of this page that came in a form that cannot be read. */
  readonly unreadable: number
  /** Why ads may be missing although every page was read; null: nothing. */
  readonly shortfall?: string | null
}

/** Asks a board: JSON or XML where it was promised, everything else is an error and never an empty board. */
export type Ask = <Body>(request: HttpRequest<Body>) => Promise<HttpResponse<Body>>

/** What differs from board to board. Each method makes one request. */
export interface JobBoard<Settings> {
  /** The board's name, as its address has it. */
  nameOf(settings: Settings): string
  /** Any URL of the host that is asked. */
  hostOf(settings: Settings): string
  /** Requests in time to one host, all boards of this kind together. */
  readonly limit: RateLimit
  list(settings: Settings, page: string | null, ask: Ask): Promise<PostingPage>
  /** The ad behind a lead. @throws NotFound: the board says that it is not there */
  fetch?(settings: Settings, locator: Json, ask: Ask): Promise<Posting>
  /** The page of the list that has this ad, where the id tells it. Absent: the first. */
  pageOf?(id: string): string | null
}

/** Bytes of one answer; a board of 714 ads was 5.5 MB. */
const largestAnswer = 32 * 1024 * 1024

/**
 * The boards of one provider as a source: a watch for each board, read whole, telling it nothing of ours. A board that
 * is not there fails its run, since a mistyped name must not look like a board without leaks.
 */
export function openBoards<Settings>(
  source: string,
  board: JobBoard<Settings>,
  { boards, schedule }: { readonly boards: readonly Settings[]; readonly schedule: string },
  http: HttpClient,
): OpenSource | null {
  const [first] = boards
  if (first === undefined) return null
  const byName = new Map(boards.map((settings) => [board.nameOf(settings), settings]))
  const ask: Ask = (request) => http.request({ maxBytes: largestAnswer, ...request })
  const settingsOf = (name: Json | undefined): { readonly place: BoardPlace; readonly settings: Settings } => {
    const settings = typeof name === 'string' ? byName.get(name) : undefined
    if (settings === undefined || typeof name !== 'string') throw new Permanent('this job board is not configured any more')
    return { place: { source, name }, settings }
  }
  const search = async (input: Json, page: string | null): Promise<SearchPage> => {
    const { place, settings } = settingsOf(typeof input === 'string' ? input : undefined)
    return pageOf(place, await list(board, settings, page, ask))
  }
  return {
    destination: [...new Set(boards.map((settings) => new URL(board.hostOf(settings)).host))].join(', '),
    schedule,
    limits: { search: board.limit, fetch: board.limit, recheck: board.limit },
    batch: 1,
    plan: ({ everything }) => ({
      queries: (everything.length === 0 ? [] : [...byName.keys()]).map((name) => ({ key: `board:${name}`, input: name, text: `the whole board "${name}"`, covers: everything })),
      unsearchable: [],
    }),
    search,
    recheck: (place) => recheckAd(board, place, settingsOf, ask),
    fetch: async ([hit]) => (hit === undefined ? nothing : fetchOne(board, hit, settingsOf, ask)),
    check: async () => {
      const lines: string[] = []
      for (const [name, settings] of byName) {
        const { postings, leads } = await list(board, settings, null, ask)
        const [title] = postings.map((posting) => posting.title)
        lines.push(`board "${name}": ${postings.length + leads.length} ads on its first page${title === undefined ? '; is it the right name?' : `, such as "${title.slice(0, 60)}"`}`)
      }
      return lines
    },
  }
}

const nothing: Fetched = { documents: [], absent: [], retry: [], unreadable: [] }

async function list<Settings>(board: JobBoard<Settings>, settings: Settings, page: string | null, ask: Ask): Promise<PostingPage> {
  try {
    return await board.list(settings, page, ask)
  } catch (error) {
    if (error instanceof NotFound) throw new Permanent('the job board is not there: was it renamed, or is its name mistyped?', { cause: error })
    throw error
  }
}

function pageOf(place: BoardPlace, { postings, leads, next, counted, unreadable, shortfall }: PostingPage): SearchPage {
  const reasons = [...(unreadable > 0 ? ['the board has ads in a form that cannot be read'] : []), ...(shortfall ? [shortfall] : [])]
  return {
    hits: leads.map((lead) => ({ ref: refOf(place, lead.id), contentHash: null, revision: lead.revision, locator: [place.name, lead.locator], container: containerOf(place).name, path: null })),
    documents: postings.map((posting) => documentOf(place, posting)),
    next,
    counted,
    shortfall: reasons.length === 0 ? null : reasons.join('; '),
  }
}

async function fetchOne<Settings>(
  board: JobBoard<Settings>,
  { ref, locator }: Hit,
  settingsOf: (name: Json | undefined) => { readonly place: BoardPlace; readonly settings: Settings },
  ask: Ask,
): Promise<Fetched> {
  if (!Array.isArray(locator) || board.fetch === undefined) return { ...nothing, unreadable: [{ ref, reason: 'stored by a version that this one cannot read' }] }
  const [name, inner = null] = locator as readonly Json[] // an array of Json, which Array.isArray forgets
  const { place, settings } = settingsOf(name)
  try {
    return { ...nothing, documents: [documentOf(place, await board.fetch(settings, inner, ask))] }
  } catch (error) {
    if (error instanceof NotFound) return { ...nothing, absent: [{ ref, reason: 'the ad is gone' }] }
    throw error
  }
}

const placeLocator = z.tuple([z.string(), z.string(), z.json()])

/**
 * Whether an ad is still on its board: by itself where the board shows single ads, else in the list. Only a list that
 * was read to its end without a gap proves that an ad is gone.
 */
async function recheckAd<Settings>(
  board: JobBoard<Settings>,
  { locator }: Place,
  settingsOf: (name: Json | undefined) => { readonly place: BoardPlace; readonly settings: Settings },
  ask: Ask,
): Promise<Recheck> {
  const parsed = placeLocator.safeParse(locator)
  if (!parsed.success) return { state: 'unknown', reason: 'stored by a version that this one cannot read' }
  const [name, id, inner] = parsed.data
  const { place, settings } = settingsOf(name)
  if (board.fetch !== undefined && inner !== null) {
    try {
      return { state: 'present', document: documentOf(place, await board.fetch(settings, inner, ask)), missing: [] }
    } catch (error) {
      if (error instanceof NotFound) return { state: 'absent', status: 'gone', reason: 'the ad is gone' }
      throw error
    }
  }
  const { postings, next, unreadable, shortfall } = await list(board, settings, board.pageOf?.(id) ?? null, ask)
  const posting = postings.find((one) => one.id === id)
  if (posting !== undefined) return { state: 'present', document: documentOf(place, posting), missing: [] }
  if (unreadable > 0 || shortfall || (next !== null && board.pageOf === undefined)) return { state: 'unknown', reason: 'the board was not read to its end' }
  return { state: 'absent', status: 'gone', reason: 'the ad is not on the board any more' }
}

/** The text of an answer that is no JSON (XML, HTML). @throws Transient when it is a page where XML was promised */
export async function askXml(ask: Ask, url: string): Promise<string> {
  const { headers, text } = await ask({ url, headers: { accept: 'application/xml, text/xml' } })
  if (headers.get('content-type')?.includes('html') === true || !/^\s*(?:\uFEFF)?\s*</.test(text) || /^\s*<(?:!doctype )?html/i.test(text)) {
    throw new Transient(`${new URL(url).host}: another thing than XML where XML was promised`)
  }
  return text
}

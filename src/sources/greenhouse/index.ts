import { z } from 'zod'
import type { Source } from '../../contracts/source.ts'
import { readHtml, unescapeHtml } from '../../remotes/html/read-html.ts'
import { momentOf } from '../../remotes/job-board/moment.ts'
import { openBoards, type JobBoard } from '../../remotes/job-board/open-boards.ts'
import type { Part, Posting } from '../../remotes/job-board/posting.ts'
import { textOf } from '../../remotes/job-board/text-of.ts'
import { boardsOf, type BoardOf } from '../board-settings.ts'
import type { SourceSettings } from '../settings.ts'
import { jobAnswer, jobsAnswer, type Job, type JobDetail, type Question } from './schema.ts'

const locator = z.int().positive()

/** Ads come whole with the list; the questions of the application form need a request for each ad, made again when the ad has changed. */
const board: JobBoard<BoardOf<'greenhouse'>> = {
  nameOf: (settings) => settings.board,
  hostOf: ({ apiUrl }) => apiUrl,
  // No limit is published.
  limit: { max: 1, perMs: 1_000 },
  list: async (settings, _page, ask) => {
    const { body } = await ask({ url: `${addressOf(settings)}/jobs?content=true`, schema: jobsAnswer })
    return {
      postings: body.read.map(postingOf),
      leads: body.read.map(({ id, updated_at }) => ({ id: `${id}/questions`, revision: updated_at ?? null, locator: id })),
      next: null,
      counted: body.total,
      unreadable: body.unreadable,
      shortfall: body.total !== null && body.total > body.read.length + body.unreadable ? 'the board delivered fewer ads than it counted' : null,
    }
  },
  fetch: async (settings, stored, ask) => {
    const id = locator.parse(stored)
    const { body } = await ask({ url: `${addressOf(settings)}/jobs/${id}?questions=true&pay_transparency=true`, schema: jobAnswer })
    return questionsOf(id, body)
  },
}

export const greenhouse = {
  id: 'greenhouse',
  title: 'Greenhouse job boards',
  docs: 'https://developers.greenhouse.io/job-board.html',
  discloses: 'Greenhouse learns nothing but that the board is read, as everybody may.',
  blindSpots: ['ads that are not published on the board', 'pictures and attachments'],
  open: ({ jobs }, { http }) => openBoards('greenhouse', board, boardsOf(jobs, 'greenhouse'), http),
} satisfies Source<SourceSettings>

function addressOf({ apiUrl, board: token }: BoardOf<'greenhouse'>): string {
  return `${apiUrl.replace(/\/+$/, '')}/v1/boards/${encodeURIComponent(token)}`
}

function postingOf(job: Job): Posting {
  const names = (list: readonly { readonly name?: string | null }[] | null | undefined): string => (list ?? []).flatMap(({ name }) => name ?? []).join(', ')
  return {
    id: String(job.id),
    url: job.absolute_url,
    title: job.title,
    parts: [
      { label: 'Location', text: job.location?.name ?? '' },
      { label: 'Departments', text: names(job.departments) },
      { label: 'Offices', text: (job.offices ?? []).flatMap(({ name, location }) => [name ?? '', location ?? '']).filter((text) => text !== '').join(', ') },
      ...(job.metadata ?? []).map(({ name, value }): Part => ({ label: name ?? '', text: textOf(value) })),
      { label: '', text: readHtml(unescapeHtml(job.content ?? '')) },
    ],
    revision: job.updated_at ?? '',
    ...datesOf(job),
  }
}

function questionsOf(id: number, detail: JobDetail): Posting {
  const parts = [...(detail.questions ?? []), ...(detail.location_questions ?? []), ...(detail.compliance ?? []).flatMap((one) => one.questions ?? [])].map(partOf)
  return {
    id: `${id}/questions`,
    url: detail.absolute_url,
    title: detail.title,
    parts: [
      ...parts,
      ...(detail.compliance ?? []).map(({ description }): Part => ({ label: '', text: readHtml(unescapeHtml(description ?? '')) })),
      ...(detail.pay_input_ranges ?? []).map(({ title, blurb }): Part => ({ label: title ?? '', text: readHtml(unescapeHtml(blurb ?? '')) })),
    ],
    revision: detail.updated_at ?? '',
    locator: id,
    ...datesOf(detail),
  }
}

function partOf({ label, description, fields }: Question): Part {
  const answers = (fields ?? []).flatMap(({ values }) => values ?? []).flatMap((value) => value.label ?? [])
  return { label: '', text: [label ?? '', readHtml(unescapeHtml(description ?? '')), ...answers].filter((text) => text !== '').join(', ') }
}

/** `updated_at` moves with every edit: it says that the ad was public then, not since when. */
function datesOf({ first_published, updated_at }: Pick<Job, 'first_published' | 'updated_at'>): Pick<Posting, 'publishedAt' | 'publishedAtIsLowerBound'> {
  const first = momentOf(first_published)
  return first === null ? { publishedAt: momentOf(updated_at), publishedAtIsLowerBound: true } : { publishedAt: first }
}

import type { Source } from '../../contracts/source.ts'
import { readHtml } from '../../remotes/html/read-html.ts'
import { momentOf } from '../../remotes/job-board/moment.ts'
import { openBoards, type JobBoard } from '../../remotes/job-board/open-boards.ts'
import type { Posting } from '../../remotes/job-board/posting.ts'
import { readEach } from '../../remotes/job-board/read-each.ts'
import { textOf } from '../../remotes/job-board/text-of.ts'
import { boardsOf, type BoardOf } from '../board-settings.ts'
import type { SourceSettings } from '../settings.ts'
import { posting, postingsAnswer, type LeverPosting } from './schema.ts'

const perPage = 100

/** No total is told: a page that is not full is the last. */
const board: JobBoard<BoardOf<'lever'>> = {
  nameOf: ({ site }) => site,
  hostOf: ({ apiUrl }) => apiUrl,
  // The robots.txt of the host asks for a second between two requests.
  limit: { max: 1, perMs: 1_000 },
  list: async ({ apiUrl, site }, page, ask) => {
    const skip = Number(page ?? 0)
    const url = `${apiUrl.replace(/\/+$/, '')}/v0/postings/${encodeURIComponent(site)}?mode=json&skip=${skip}&limit=${perPage}`
    const { body } = await ask({ url, schema: postingsAnswer })
    const { read, unreadable } = readEach(body, posting)
    return { postings: read.map(postingOf), leads: [], next: body.length < perPage ? null : String(skip + body.length), counted: null, unreadable }
  },
}

export const lever = {
  id: 'lever',
  title: 'Lever job sites',
  docs: 'https://github.com/lever/postings-api',
  discloses: 'Lever learns nothing but that the site is read, as everybody may.',
  blindSpots: ['ads that are not published on the site', 'application forms'],
  open: ({ jobs }, { http }) => openBoards('lever', board, boardsOf(jobs, 'lever'), http),
} satisfies Source<SourceSettings>

function postingOf(ad: LeverPosting): Posting {
  return {
    id: ad.id,
    url: ad.hostedUrl,
    title: ad.text,
    parts: [
      { label: 'Categories', text: textOf(ad.categories) },
      { label: '', text: readHtml(ad.opening ?? '') },
      // `description` is `opening` and `descriptionBody` together; older sites have only the one.
      { label: '', text: readHtml(ad.descriptionBody ?? ad.description ?? '') },
      ...(ad.lists ?? []).map(({ text, content }) => ({ label: text ?? '', text: readHtml(content ?? '') })),
      { label: '', text: readHtml(ad.additional ?? '') },
      { label: '', text: readHtml(ad.salaryDescription ?? '') },
    ],
    publishedAt: momentOf(ad.createdAt),
  }
}

import type { Source } from '../../contracts/source.ts'
import { readHtml } from '../../remotes/html/read-html.ts'
import { momentOf } from '../../remotes/job-board/moment.ts'
import { openBoards, type JobBoard } from '../../remotes/job-board/open-boards.ts'
import type { Posting } from '../../remotes/job-board/posting.ts'
import { textOf } from '../../remotes/job-board/text-of.ts'
import { boardsOf, type BoardOf } from '../board-settings.ts'
import type { SourceSettings } from '../settings.ts'
import { accountAnswer, type Job } from './schema.ts'

const board: JobBoard<BoardOf<'workable'>> = {
  nameOf: ({ company }) => company,
  hostOf: ({ apiUrl }) => apiUrl,
  // The host turns away who asks faster.
  limit: { max: 1, perMs: 5_000 },
  list: async ({ apiUrl, company }, _page, ask) => {
    const address = apiUrl.replace(/\/+$/, '')
    const { body } = await ask({ url: `${address}/api/v1/widget/accounts/${encodeURIComponent(company)}?details=true`, schema: accountAnswer })
    const about: Posting = { id: 'about', url: `${address}/${company}/`, title: body.name, parts: [{ label: '', text: readHtml(body.description) }], publishedAt: null }
    return {
      postings: [...(body.description === '' ? [] : [about]), ...body.read.map(postingOf)],
      leads: [],
      next: null,
      counted: body.read.length + body.unreadable,
      unreadable: body.unreadable,
      // An unknown account may answer like this.
      shortfall: body.read.length + body.unreadable === 0 && body.name === '' ? 'the board is empty and has no name: is it the right one?' : null,
    }
  },
}

export const workable = {
  id: 'workable',
  title: 'Workable job boards',
  docs: 'https://help.workable.com/hc/en-us/articles/115012771647',
  discloses: 'Workable learns nothing but that the board is read, as everybody may.',
  blindSpots: ['ads that are not published on the board', 'application forms'],
  open: ({ jobs }, { http }) => openBoards('workable', board, boardsOf(jobs, 'workable'), http),
} satisfies Source<SourceSettings>

function postingOf(job: Job): Posting {
  return {
    id: job.shortcode,
    url: job.url,
    title: job.title,
    parts: [
      { label: 'Department', text: textOf([job.department, job.function, job.industry]) },
      { label: 'Locations', text: textOf(job.locations) },
      { label: '', text: readHtml(job.description ?? '') },
    ],
    publishedAt: momentOf(job.published_on ?? job.created_at),
  }
}

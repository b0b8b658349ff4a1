import type { Source } from '../../contracts/source.ts'
import { readHtml } from '../../remotes/html/read-html.ts'
import { momentOf } from '../../remotes/job-board/moment.ts'
import { openBoards, type JobBoard } from '../../remotes/job-board/open-boards.ts'
import type { Posting } from '../../remotes/job-board/posting.ts'
import { textOf } from '../../remotes/job-board/text-of.ts'
import { boardsOf, type BoardOf } from '../board-settings.ts'
import type { SourceSettings } from '../settings.ts'
import { jobsAnswer, type Job } from './schema.ts'

const board: JobBoard<BoardOf<'ashby'>> = {
  nameOf: (settings) => settings.board,
  hostOf: ({ apiUrl }) => apiUrl,
  // No limit is published.
  limit: { max: 1, perMs: 1_000 },
  list: async ({ apiUrl, board: name }, _page, ask) => {
    const url = `${apiUrl.replace(/\/+$/, '')}/posting-api/job-board/${encodeURIComponent(name)}?includeCompensation=true`
    const { body } = await ask({ url, schema: jobsAnswer })
    return { postings: body.read.map(postingOf), leads: [], next: null, counted: body.read.length + body.unreadable, unreadable: body.unreadable }
  },
}

export const ashby = {
  id: 'ashby',
  title: 'Ashby job boards',
  docs: 'https://developers.ashbyhq.com/docs/public-job-posting-api',
  discloses: 'Ashby learns nothing but that the board is read, as everybody may.',
  blindSpots: ['ads that are not published', 'application forms'],
  open: ({ jobs }, { http }) => openBoards('ashby', board, boardsOf(jobs, 'ashby'), http),
} satisfies Source<SourceSettings>

function postingOf(job: Job): Posting {
  return {
    id: job.id,
    url: job.jobUrl,
    title: job.title,
    parts: [
      // Whoever has the link reads it: public all the same.
      { label: '', text: job.isListed === false ? 'Unlisted: only who has the link finds it' : '' },
      { label: 'Department', text: job.department ?? '' },
      { label: 'Team', text: job.team ?? '' },
      { label: 'Location', text: textOf([job.location, job.secondaryLocations]) },
      { label: '', text: job.descriptionHtml === null || job.descriptionHtml === undefined ? (job.descriptionPlain ?? '') : readHtml(job.descriptionHtml) },
      { label: 'Compensation', text: textOf(job.compensation) },
    ],
    publishedAt: momentOf(job.publishedAt),
  }
}

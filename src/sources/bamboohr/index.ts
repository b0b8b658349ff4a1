import { z } from 'zod'
import type { Source } from '../../contracts/source.ts'
import { readHtml } from '../../remotes/html/read-html.ts'
import { momentOf } from '../../remotes/job-board/moment.ts'
import { openBoards, type JobBoard } from '../../remotes/job-board/open-boards.ts'
import { textOf } from '../../remotes/job-board/text-of.ts'
import { boardsOf, type BoardOf } from '../board-settings.ts'
import type { SourceSettings } from '../settings.ts'
import { detailAnswer, listAnswer } from './schema.ts'

const locator = z.string().regex(/^\d{1,20}$/)

/** The list has titles only. A company that left redirects to the provider's own site, which is refused and fails the run. */
const board: JobBoard<BoardOf<'bamboohr'>> = {
  nameOf: ({ company }) => company,
  hostOf: ({ url }) => url,
  // No limit is published.
  limit: { max: 1, perMs: 1_000 },
  list: async ({ url }, _page, ask) => {
    const { body } = await ask({ url: `${url}/careers/list`, schema: listAnswer })
    const all = body.read.length + body.unreadable
    return {
      postings: [],
      // The list does not say when an ad was changed.
      leads: body.read.map(({ id }) => ({ id, revision: null, locator: id })),
      next: null,
      counted: body.total,
      unreadable: body.unreadable,
      shortfall: body.total !== null && body.total > all ? 'the board delivered fewer ads than it counted' : null,
    }
  },
  fetch: async ({ url }, stored, ask) => {
    const id = locator.parse(stored)
    const { body } = await ask({ url: `${url}/careers/${id}/detail`, schema: detailAnswer })
    const opening = body.result.jobOpening
    return {
      id,
      url: opening.jobOpeningShareUrl ?? `${url}/careers/${id}`,
      title: opening.jobOpeningName,
      parts: [
        { label: 'Department', text: opening.departmentLabel ?? '' },
        { label: 'Location', text: textOf(opening.location) },
        { label: '', text: readHtml(opening.description ?? '') },
        { label: 'Experience', text: opening.minimumExperience ?? '' },
        { label: 'Compensation', text: opening.compensation ?? '' },
      ],
      publishedAt: momentOf(opening.datePosted),
      locator: id,
    }
  },
}

export const bamboohr = {
  id: 'bamboohr',
  title: 'BambooHR careers pages',
  docs: 'https://www.bamboohr.com/',
  discloses: 'BambooHR learns nothing but that the page is read, as everybody may.',
  blindSpots: ['ads that are not published on the page', 'application forms', 'the interface is not documented and may change'],
  open: ({ jobs }, { http }) => openBoards('bamboohr', board, boardsOf(jobs, 'bamboohr'), http),
} satisfies Source<SourceSettings>

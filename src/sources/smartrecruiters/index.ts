import { z } from 'zod'
import type { Source } from '../../contracts/source.ts'
import { readHtml } from '../../remotes/html/read-html.ts'
import { momentOf } from '../../remotes/job-board/moment.ts'
import { openBoards, type JobBoard } from '../../remotes/job-board/open-boards.ts'
import { textOf } from '../../remotes/job-board/text-of.ts'
import { boardsOf, type BoardOf } from '../board-settings.ts'
import type { SourceSettings } from '../settings.ts'
import { postingAnswer, postingsAnswer } from './schema.ts'

const perPage = 100
const locator = z.string().regex(/^[\w-]{1,100}$/)

/**
 * Only with `consent: true`: the robots.txt of the API's host shuts out all programs, and the provider's policy
 * forbids reading without its leave.
 */
const board: JobBoard<BoardOf<'smartrecruiters'>> = {
  nameOf: ({ company }) => company,
  hostOf: ({ apiUrl }) => apiUrl,
  // Ten a second are documented.
  limit: { max: 1, perMs: 1_000 },
  list: async (settings, page, ask) => {
    const offset = Number(page ?? 0)
    const { body } = await ask({ url: `${addressOf(settings)}?limit=${perPage}&offset=${offset}`, schema: postingsAnswer })
    const after = offset + body.delivered
    const reasons = [
      // An unknown company answers like an empty one.
      ...(body.total === 0 ? ['the board is empty, as one that does not exist would be: is it the right name?'] : []),
      ...(body.delivered === 0 && after < body.total ? ['the board delivered fewer ads than it counted'] : []),
    ]
    return {
      postings: [],
      leads: body.read.map(({ id, releasedDate }) => ({ id, revision: releasedDate ?? null, locator: id })),
      next: body.delivered > 0 && after < body.total ? String(after) : null,
      counted: body.total,
      unreadable: body.unreadable,
      shortfall: reasons.length === 0 ? null : reasons.join('; '),
    }
  },
  fetch: async (settings, stored, ask) => {
    const id = locator.parse(stored)
    const { body } = await ask({ url: `${addressOf(settings)}/${id}`, schema: postingAnswer })
    return {
      id,
      url: body.postingUrl,
      title: body.name,
      parts: [
        { label: 'Department', text: textOf([body.department, body.function]) },
        ...Object.values(body.jobAd.sections).map((section) => ({ label: section?.title ?? '', text: readHtml(section?.text ?? '') })),
        { label: '', text: textOf(body.customField) },
      ],
      publishedAt: momentOf(body.releasedDate),
      revision: body.releasedDate ?? '',
      locator: id,
    }
  },
}

export const smartrecruiters = {
  id: 'smartrecruiters',
  title: 'SmartRecruiters postings',
  docs: 'https://developers.smartrecruiters.com/docs/posting-api',
  discloses: 'SmartRecruiters learns nothing but that the postings are read.',
  blindSpots: ['ads that are not published', 'application forms', 'an edit that does not move the date of release'],
  open: ({ jobs }, { http }) => openBoards('smartrecruiters', board, boardsOf(jobs, 'smartrecruiters'), http),
} satisfies Source<SourceSettings>

function addressOf({ apiUrl, company }: BoardOf<'smartrecruiters'>): string {
  return `${apiUrl.replace(/\/+$/, '')}/v1/companies/${encodeURIComponent(company)}/postings`
}

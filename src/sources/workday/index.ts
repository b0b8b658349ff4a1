import type { Source } from '../../contracts/source.ts'
import { Permanent } from '../../errors.ts'
import { readHtml } from '../../remotes/html/read-html.ts'
import { momentOf } from '../../remotes/job-board/moment.ts'
import { openBoards, type JobBoard } from '../../remotes/job-board/open-boards.ts'
import { textOf } from '../../remotes/job-board/text-of.ts'
import { boardsOf, type BoardOf } from '../board-settings.ts'
import type { SourceSettings } from '../settings.ts'
import { externalPath, jobAnswer, jobsAnswer } from './schema.ts'

/** More is refused. */
const perPage = 20
/** What the site shows at most, whatever it counts. */
const mostResults = 2_000

/** Only with `consent: true`: the interface is not documented, and the terms of the sites forbid reading by programs. */
const board: JobBoard<BoardOf<'workday'>> = {
  nameOf: ({ tenant, site }) => `${tenant}/${site}`,
  hostOf: ({ url }) => url,
  limit: { max: 1, perMs: 2_000 },
  list: async (settings, page, ask) => {
    const offset = Number(page ?? 0)
    const { body } = await ask({
      method: 'POST',
      url: `${addressOf(settings)}/jobs`,
      json: { appliedFacets: {}, limit: perPage, offset, searchText: '' },
      schema: jobsAnswer,
    })
    const more = body.delivered === perPage && offset + perPage < mostResults
    return {
      postings: [],
      leads: body.read.map((job) => ({ id: job.externalPath, revision: null, locator: job.externalPath })),
      next: more ? String(offset + perPage) : null,
      counted: offset === 0 ? body.total : null,
      unreadable: body.unreadable,
      shortfall: body.delivered === perPage && !more ? `more than ${mostResults} ads, of which the site shows no more` : null,
    }
  },
  fetch: async (settings, stored, ask) => {
    const path = externalPath.safeParse(stored)
    if (!path.success || /\.\.|%2e/i.test(path.data)) throw new Permanent('Workday: the path of an ad is none that may be asked for')
    const { body } = await ask({ url: `${addressOf(settings)}${path.data}`, schema: jobAnswer })
    const job = body.jobPostingInfo
    return {
      id: path.data,
      url: job.externalUrl ?? `${settings.url.replace(/\/+$/, '')}/${settings.site}${path.data}`,
      title: job.title,
      parts: [
        { label: 'Requisition', text: job.jobReqId ?? '' },
        { label: 'Locations', text: textOf([job.location, job.additionalLocations]) },
        { label: '', text: readHtml(job.jobDescription ?? '') },
      ],
      publishedAt: momentOf(job.startDate),
      locator: path.data,
    }
  },
}

export const workday = {
  id: 'workday',
  title: 'Workday career sites',
  docs: 'https://www.workday.com/',
  discloses: 'Workday learns nothing but that the site is read.',
  blindSpots: ['ads that are not published on the site', `ads beyond the first ${mostResults}`, 'application forms', 'the interface is not documented and may change'],
  open: ({ jobs }, { http }) => openBoards('workday', board, boardsOf(jobs, 'workday'), http),
} satisfies Source<SourceSettings>

function addressOf({ url, tenant, site }: BoardOf<'workday'>): string {
  return `${url.replace(/\/+$/, '')}/wday/cxs/${encodeURIComponent(tenant)}/${encodeURIComponent(site)}`
}

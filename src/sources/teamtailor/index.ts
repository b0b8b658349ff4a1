import { ContractBroken } from '../../errors.ts'
import type { Source } from '../../contracts/source.ts'
import { readHtml, unescapeHtml } from '../../remotes/html/read-html.ts'
import { momentOf } from '../../remotes/job-board/moment.ts'
import { askXml, openBoards, type JobBoard } from '../../remotes/job-board/open-boards.ts'
import type { Posting } from '../../remotes/job-board/posting.ts'
import { readXml } from '../../remotes/job-board/read-xml.ts'
import { textOf } from '../../remotes/job-board/text-of.ts'
import { boardsOf, type BoardOf } from '../board-settings.ts'
import type { SourceSettings } from '../settings.ts'
import { feed, type Item } from './schema.ts'

const board: JobBoard<BoardOf<'teamtailor'>> = {
  nameOf: ({ company }) => company,
  hostOf: ({ url }) => url,
  // No limit is published.
  limit: { max: 1, perMs: 1_000 },
  list: async ({ url }, _page, ask) => {
    const parsed = feed.safeParse(readXml(await askXml(ask, `${url}/jobs.rss`), ['item', 'tt:location']))
    if (!parsed.success) throw new ContractBroken('Teamtailor: the feed does not have the promised form')
    const { read, unreadable } = parsed.data
    return { postings: read.map(postingOf), leads: [], next: null, counted: read.length + unreadable, unreadable }
  },
}

export const teamtailor = {
  id: 'teamtailor',
  title: 'Teamtailor career sites',
  docs: 'https://support.teamtailor.com/en/articles/5909186-rss-feed',
  discloses: 'Teamtailor learns nothing but that the feed is read, as everybody may.',
  blindSpots: ['ads that are not in the feed', 'application forms', 'whether a long feed is cut off is not documented'],
  open: ({ jobs }, { http }) => openBoards('teamtailor', board, boardsOf(jobs, 'teamtailor'), http),
} satisfies Source<SourceSettings>

function postingOf(ad: Item): Posting {
  return {
    id: ad.guid,
    url: ad.link,
    title: ad.title,
    parts: [
      { label: 'Department', text: textOf([ad['tt:department'], ad['tt:role'], ad['tt:division']].filter((text) => text !== null && text !== '')) },
      { label: 'Locations', text: textOf(ad['tt:locations']) },
      // Escaped or CDATA: after the XML was read it is HTML, or HTML escaped once more.
      { label: '', text: readHtml(unescapeHtml(ad.description ?? '')) },
    ],
    publishedAt: momentOf(ad.pubDate),
  }
}

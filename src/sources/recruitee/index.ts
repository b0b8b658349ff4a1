import type { Source } from '../../contracts/source.ts'
import { readHtml } from '../../remotes/html/read-html.ts'
import { momentOf } from '../../remotes/job-board/moment.ts'
import { openBoards, type JobBoard } from '../../remotes/job-board/open-boards.ts'
import type { Posting } from '../../remotes/job-board/posting.ts'
import { boardsOf, type BoardOf } from '../board-settings.ts'
import type { SourceSettings } from '../settings.ts'
import { offersAnswer, type Offer } from './schema.ts'

const board: JobBoard<BoardOf<'recruitee'>> = {
  nameOf: ({ company }) => company,
  hostOf: ({ url }) => url,
  // No limit is published.
  limit: { max: 1, perMs: 1_000 },
  list: async ({ url }, _page, ask) => {
    const { body } = await ask({ url: `${url}/api/offers/`, schema: offersAnswer })
    return { postings: body.read.map(postingOf), leads: [], next: null, counted: body.read.length + body.unreadable, unreadable: body.unreadable }
  },
}

export const recruitee = {
  id: 'recruitee',
  title: 'Recruitee career sites',
  docs: 'https://docs.recruitee.com/reference/offers',
  discloses: 'Recruitee learns nothing but that the site is read, as everybody may.',
  blindSpots: ['ads that are not published on the site', 'application forms'],
  open: ({ jobs }, { http }) => openBoards('recruitee', board, boardsOf(jobs, 'recruitee'), http),
} satisfies Source<SourceSettings>

function postingOf(offer: Offer): Posting {
  const translated = Object.entries(offer.translations ?? {}).flatMap(([language, { title, description, requirements }]) => [
    { label: language, text: title ?? '' },
    { label: '', text: readHtml(description ?? '') },
    { label: '', text: readHtml(requirements ?? '') },
  ])
  return {
    id: String(offer.id),
    url: offer.careers_url,
    title: offer.title,
    parts: [
      { label: 'Department', text: offer.department ?? '' },
      { label: 'Location', text: offer.location ?? '' },
      { label: '', text: readHtml(offer.description ?? '') },
      { label: '', text: readHtml(offer.requirements ?? '') },
      ...translated,
    ],
    publishedAt: momentOf(offer.published_at ?? offer.created_at),
  }
}

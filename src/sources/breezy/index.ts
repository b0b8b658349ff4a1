import { Permanent, Transient } from '../../errors.ts'
import type { Source } from '../../contracts/source.ts'
import { readHtml, unescapeHtml } from '../../remotes/html/read-html.ts'
import { readJsonLd } from '../../remotes/html/read-json-ld.ts'
import { momentOf } from '../../remotes/job-board/moment.ts'
import { openBoards, type JobBoard } from '../../remotes/job-board/open-boards.ts'
import type { Part } from '../../remotes/job-board/posting.ts'
import { readEach } from '../../remotes/job-board/read-each.ts'
import { textOf } from '../../remotes/job-board/text-of.ts'
import { boardsOf, type BoardOf } from '../board-settings.ts'
import type { SourceSettings } from '../settings.ts'
import { jobPosting, lead, position, positionsAnswer } from './schema.ts'

/** The list has no texts: each ad's own page is read, its JSON-LD and what a person sees. */
const board: JobBoard<BoardOf<'breezy'>> = {
  nameOf: ({ company }) => company,
  hostOf: ({ url }) => url,
  // No limit is published.
  limit: { max: 1, perMs: 1_000 },
  list: async ({ url }, _page, ask) => {
    const { body } = await ask({ url: `${url}/json`, schema: positionsAnswer })
    const { read, unreadable } = readEach(body, position)
    return {
      postings: [],
      leads: read.map((ad) => ({ id: ad.id, revision: null, locator: { id: ad.id, url: ad.url, name: ad.name, published: ad.published_date ?? null } })),
      next: null,
      counted: body.length,
      unreadable,
    }
  },
  fetch: async ({ url }, stored, ask) => {
    const ad = lead.parse(stored)
    if (new URL(ad.url).origin !== new URL(url).origin) throw new Permanent('Breezy: an ad outside of the board that was configured')
    const { text } = await ask({ url: ad.url, headers: { accept: 'text/html' } })
    if (text.trim() === '') throw new Transient('Breezy: an empty page')
    const described = readJsonLd(text, 'JobPosting').items.flatMap((item): Part[] => {
      const { description, ...rest } = jobPosting.parse(item)
      return [{ label: '', text: readHtml(unescapeHtml(description ?? '')) }, { label: '', text: readHtml(textOf([rest.title, rest.qualifications, rest.responsibilities, rest.skills])) }]
    })
    return { id: ad.id, url: ad.url, title: ad.name, parts: [...described, { label: '', text: readHtml(text) }], publishedAt: momentOf(ad.published), locator: stored }
  },
}

export const breezy = {
  id: 'breezy',
  title: 'Breezy HR boards',
  docs: 'https://developer.breezy.hr/',
  discloses: 'Breezy learns nothing but that the board is read, as everybody may.',
  blindSpots: ['ads that are not published on the board', 'application forms', 'the interface is not documented and may change'],
  open: ({ jobs }, { http }) => openBoards('breezy', board, boardsOf(jobs, 'breezy'), http),
} satisfies Source<SourceSettings>

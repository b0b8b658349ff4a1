import { ContractBroken } from '../../errors.ts'
import type { Source } from '../../contracts/source.ts'
import { readHtml } from '../../remotes/html/read-html.ts'
import { momentOf } from '../../remotes/job-board/moment.ts'
import { askXml, openBoards, type JobBoard } from '../../remotes/job-board/open-boards.ts'
import type { Posting } from '../../remotes/job-board/posting.ts'
import { readXml } from '../../remotes/job-board/read-xml.ts'
import { textOf } from '../../remotes/job-board/text-of.ts'
import { boardsOf, type BoardOf } from '../board-settings.ts'
import type { SourceSettings } from '../settings.ts'
import { positionsAnswer, type Position } from './schema.ts'

/** A translation that is missing drops the text of the ad, so that both are read: German is what a feed has by default. */
const languages = ['de', 'en'] as const

const board: JobBoard<BoardOf<'personio'>> = {
  nameOf: ({ company }) => company,
  hostOf: ({ url }) => url,
  // Faster ones were answered by 429.
  limit: { max: 1, perMs: 3_000 },
  pageOf: (id) => id.slice(id.indexOf('/') + 1),
  list: async ({ url }, page, ask) => {
    const language = page ?? languages[0]
    const parsed = positionsAnswer.safeParse(readXml(await askXml(ask, `${url}/xml?language=${encodeURIComponent(language)}`), ['position', 'jobDescription', 'office']))
    if (!parsed.success) throw new ContractBroken('Personio: the feed does not have the promised form')
    const { read, unreadable } = parsed.data
    const next = languages[languages.findIndex((one) => one === language) + 1]
    return { postings: read.map((position) => postingOf(position, url, language)), leads: [], next: next ?? null, counted: read.length + unreadable, unreadable }
  },
}

export const personio = {
  id: 'personio',
  title: 'Personio job feeds',
  docs: 'https://developer.personio.de/docs/retrieving-open-job-positions',
  discloses: 'Personio learns nothing but that the feed is read, as everybody may.',
  blindSpots: ['ads that are not published', `languages other than ${languages.join(' and ')}`, 'application forms'],
  open: ({ jobs }, { http }) => openBoards('personio', board, boardsOf(jobs, 'personio'), http),
} satisfies Source<SourceSettings>

function postingOf(position: Position, url: string, language: string): Posting {
  return {
    id: `${position.id}/${language}`,
    url: `${url}/job/${position.id}?language=${language}`,
    title: position.name,
    parts: [
      { label: 'Department', text: textOf([position.subcompany, position.department, position.recruitingCategory].filter((text) => text !== null && text !== '')) },
      { label: 'Offices', text: textOf([position.office, position.additionalOffices].filter((text) => text !== null && text !== '')) },
      ...(position.jobDescriptions?.jobDescription ?? []).map(({ name, value }) => ({ label: name ?? '', text: readHtml(value ?? '') })),
      { label: 'Keywords', text: position.keywords ?? '' },
    ],
    publishedAt: momentOf(position.createdAt),
  }
}

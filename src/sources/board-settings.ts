import { z } from 'zod'
import { crawlSettings } from './crawl-settings.ts'

/** Becomes a part of a URL: nothing in it may change what the URL means. */
const name = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, 'letters, digits, dot, hyphen and underscore, at most 100')
/** Becomes a part of a host name. */
const label = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/, 'a part of a host name: letters, digits and hyphens')
const baseUrl = z.url({ protocol: /^https?$/ })
const consent = z.literal(true).describe('true: we may read this board although the provider asks programs not to, because it is ours and the provider agreed')

/** A board whose host is made of the company's name; `url` is for companies with a domain of their own. */
function companyBoard<Type extends string>(type: Type, hostOf: (company: string) => string) {
  return z
    .strictObject({
      type: z.literal(type),
      company: label.describe('Name of the company in the address of its board'),
      url: baseUrl.optional().describe('Base URL of the board, where it has a domain of its own'),
    })
    .transform((board) => ({ ...board, url: (board.url ?? `https://${hostOf(board.company)}`).replace(/\/+$/, '') }))
}

/** Our own job boards, one row per provider, in alphabetical order. */
export const boardSettings = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ashby'), board: name, apiUrl: baseUrl.default('https://api.ashbyhq.com') }),
  companyBoard('bamboohr', (company) => `${company}.bamboohr.com`),
  companyBoard('breezy', (company) => `${company}.breezy.hr`),
  z.strictObject({ type: z.literal('greenhouse'), board: name, apiUrl: baseUrl.default('https://boards-api.greenhouse.io') }),
  z.strictObject({ type: z.literal('lever'), site: name, apiUrl: baseUrl.default('https://api.lever.co') }),
  z.strictObject({ type: z.literal('page'), ...crawlSettings }),
  companyBoard('personio', (company) => `${company}.jobs.personio.de`),
  companyBoard('recruitee', (company) => `${company}.recruitee.com`),
  z.strictObject({ type: z.literal('smartrecruiters'), company: name, consent, apiUrl: baseUrl.default('https://api.smartrecruiters.com') }),
  companyBoard('teamtailor', (company) => `${company}.teamtailor.com`),
  z.strictObject({ type: z.literal('workable'), company: name, apiUrl: baseUrl.default('https://apply.workable.com') }),
  z.strictObject({ type: z.literal('workday'), tenant: name, site: name, url: baseUrl.describe('https://TENANT.wdN.myworkdayjobs.com'), consent }),
])
type Board = z.output<typeof boardSettings>
export type BoardType = Board['type']
/** The row of one provider. */
export type BoardOf<Type extends BoardType> = Extract<Board, { readonly type: Type }>

/** What `sources.jobs` says of one provider: its boards and when they are read. */
export function boardsOf<Type extends BoardType>(
  jobs: { readonly boards: readonly Board[]; readonly schedule: string } | undefined,
  type: Type,
): { readonly boards: readonly BoardOf<Type>[]; readonly schedule: string } {
  const isOf = (board: Board): board is BoardOf<Type> => board.type === type
  return { boards: jobs?.boards.filter(isOf) ?? [], schedule: jobs?.schedule ?? '' }
}

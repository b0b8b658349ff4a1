import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Json } from '../../contracts/json.ts'
import type { PlannedQuery, SearchPage, Slice, Unsearchable } from '../../contracts/source.ts'
import { Permanent } from '../../errors.ts'
import { askRest } from './ask-rest.ts'
import type { GithubClient } from './client.ts'

const login = z.string().regex(/^[a-z\d](?:[a-z\d_-]{0,98})$/i)

/** What a watch on people stores: whose members they are, that they are those of the configuration, or one of them. */
const peopleInput = z.discriminatedUnion('people', [
  z.object({ people: z.literal('members'), organization: login, page: z.int().positive() }),
  z.object({ people: z.literal('listed') }),
  z.object({ people: z.literal('one'), login }),
])
export type PeopleInput = z.output<typeof peopleInput>

/** @throws Permanent for what no version of this stored */
export function readPeople(input: Json): PeopleInput {
  const parsed = peopleInput.safeParse(input)
  if (!parsed.success) throw new Permanent('GitHub: the stored query is not one that this version can ask')
  return parsed.data
}

/** One watch per organisation and one for the people of the configuration; all are read whole, and told nothing. */
export function planPeople(
  everything: readonly string[], organizations: readonly string[], listed: readonly string[], what: string,
): { readonly queries: readonly PlannedQuery[]; readonly unsearchable: readonly Unsearchable[] } {
  if (everything.length === 0) return { queries: [], unsearchable: [] }
  const queries: PlannedQuery[] = organizations.filter((one) => login.safeParse(one).success).map((organization) => ({
    key: `members:${createHash('sha256').update(organization.toLowerCase()).digest('hex').slice(0, 32)}`,
    input: { people: 'members', organization, page: 1 }, text: `${what} of the public members of ${organization}`, covers: everything,
  }))
  if (listed.length > 0) queries.push({ key: 'listed', input: { people: 'listed' }, text: `${what} of ${listed.length} people of the configuration (sources.github.people)`, covers: everything })
  if (queries.length > 0) return { queries, unsearchable: [] }
  return { queries, unsearchable: [{ covers: everything, reason: 'nobody is on the roster: neither organization.github nor sources.github.people names anyone' }] }
}

const memberList = z.array(z.unknown()).max(1_000)
const member = z.object({ login })
const perPage = 100

/**
 * The people behind a query, each a slice of its own; one request for a page of members, none for those of the
 * configuration. https://docs.github.com/en/rest/orgs/members
 * @throws Permanent when there is no such organisation | RetryLater | Transient | ContractBroken
 */
export async function expandPeople(client: GithubClient, input: Exclude<PeopleInput, { people: 'one' }>, listed: readonly string[]): Promise<SearchPage> {
  if (input.people === 'listed') return pageOf(listed.map(sliceOf), null)
  const { organization, page } = input
  const answer = await askRest(client, { resource: 'core', path: `/orgs/${encodeURIComponent(organization)}/members?per_page=${perPage}&page=${page}`, schema: memberList, accept: [404] })
  if (answer.status === 404) throw new Permanent('GitHub knows no organisation by a name in organization.github')
  const members = answer.body.map((one) => member.safeParse(one))
  const slices = members.flatMap((one) => (one.success ? [sliceOf(one.data.login)] : []))
  if (members.length >= perPage) slices.push({ key: `members, page ${page + 1}`, input: { ...input, page: page + 1 } })
  return pageOf(slices, members.every((one) => one.success) ? null : 'GitHub delivered members in a form that cannot be read')
}

function sliceOf(person: string): Slice {
  return { key: `person:${person.toLowerCase()}`, input: { people: 'one', login: person } }
}

function pageOf(slices: readonly Slice[], shortfall: string | null): SearchPage {
  return { hits: [], documents: [], next: null, slices, counted: null, shortfall }
}

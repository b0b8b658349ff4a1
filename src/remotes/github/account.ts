import { z } from 'zod'
import type { Person } from '../../contracts/place.ts'
import { databaseId } from './parts.ts'

const membership = z.object({ login: z.string() }).nullish()

/** An account as `personFields` asks for it: who it is, in which of our organisations, and for whom it says to work. */
export const account = z
  .looseObject({
    type: z.enum(['User', 'Organization']),
    databaseId,
    login: z.string(),
    name: z.string().nullish().catch(null),
    company: z.string().nullish().catch(null),
  })
  .transform(({ type, databaseId: id, login, name, company, ...rest }): Person => ({
    id,
    login,
    name: name ?? null,
    kind: type === 'Organization' ? 'organization' : 'user',
    emailDomain: null,
    memberOf: Object.entries(rest).flatMap(([key, value]) => (/^m\d+$/.test(key) ? (membership.safeParse(value).data?.login ?? []) : [])),
    company: company?.slice(0, 200) ?? null,
  }))

export interface PersonFields {
  /** The fragment `person` on a user. */
  readonly fragment: string
  /** Of its variables, each with a comma before it. */
  readonly declarations: string
  readonly variables: Readonly<Record<string, string>>
}

/** What a query needs to ask of people in which of our organisations they are. https://docs.github.com/en/graphql/reference/objects#user */
export function personFields(organizations: readonly string[]): PersonFields {
  return {
    fragment: `fragment person on User { databaseId login name company ${organizations.map((_, index) => `m${index}: organization(login:$o${index}) { login }`).join(' ')} }`,
    declarations: organizations.map((_, index) => `,$o${index}:String!`).join(''),
    variables: Object.fromEntries(organizations.map((login, index) => [`o${index}`, login])),
  }
}

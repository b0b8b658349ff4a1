import { z } from 'zod'
import type { Change, Person } from '../../contracts/place.ts'
import { databaseId } from './parts.ts'

const author = z
  .object({
    name: z.string().nullish().catch(null),
    email: z.string().nullish().catch(null),
    user: z.object({ id: z.string(), databaseId, login: z.string() }).nullish().catch(null),
  })
  .nullish()
  .catch(null)

/** What is selected of a commit that `commit` reads. */
export const commitFields = 'oid authoredDate committedDate author { name email date user { id databaseId login } }'

/** A commit of GraphQL as a change, with the node id of its author's account. */
export const commit = z
  .object({ oid: z.string(), authoredDate: time(), committedDate: time(), author })
  .transform(({ oid, authoredDate, committedDate, author: actor }) => ({
    nodeId: actor?.user?.id ?? null,
    change: { id: oid, author: authorOf(actor ?? {}), authoredAt: dated(authoredDate), committedAt: dated(committedDate) } satisfies Change,
  }))

/** A moment, or null for what is none. */
export function time() {
  return z.iso.datetime({ offset: true }).transform((text) => new Date(text)).nullish().catch(null)
}

/** The beginning of the epoch stands for a date that nobody gave. */
export function dated(date: Date | null | undefined): Date | null {
  return date === null || date === undefined || date.getTime() <= 0 ? null : date
}

type Actor = Partial<NonNullable<z.output<typeof author>>>

function authorOf({ name, email, user }: Actor): Person {
  const domain = /@(?<domain>[^@\s]{1,253})$/.exec(email ?? '')?.groups?.['domain']?.toLowerCase() ?? null
  return {
    id: user?.databaseId ?? null,
    login: user?.login ?? null,
    name: name?.slice(0, 200) ?? null,
    kind: user === null || user === undefined ? 'unknown' : 'user',
    // GitHub's own addresses tell nothing of an employer.
    emailDomain: domain === 'users.noreply.github.com' ? null : domain,
    memberOf: null,
    company: null,
  }
}

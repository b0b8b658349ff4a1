import { z } from 'zod'
import { fullName, moment } from '../../remotes/github/parts.ts'

export const eventList = z.array(z.unknown()).max(300)

/** https://docs.github.com/en/rest/using-the-rest-api/github-event-types; payloads of pushes name no commits since 2025-10. */
export const anyEvent = z.object({ id: z.string(), type: z.string(), created_at: moment, repo: z.object({ id: z.int().positive(), name: fullName }), payload: z.unknown() })

const oid = z.string().regex(/^[0-9a-f]{40,64}$/)
export const pushPayload = z.object({ ref: z.string().min(1).max(1_000), head: oid, before: oid })
export const createPayload = z.object({ ref: z.string().max(1_000).nullish(), ref_type: z.string() })

/** Something became public on a branch. Stored with the step and in memory, so old ones must stay readable. */
export const push = z.object({
  repositoryId: z.string().regex(/^\d{1,20}$/),
  name: fullName,
  /** Null: the default one, whichever that is. */
  branch: z.string().nullable(),
  /** Null: nothing was there, or it is not known what. */
  before: oid.nullable(),
  /** A commit, or the branch where the event does not tell it. */
  head: z.string(),
  by: z.string(),
  at: moment,
})
export type Push = z.output<typeof push>

/** What is remembered of one page of events: what a 304 would say again. */
export const rememberedPage = z.object({
  etag: z.string().nullable(), until: moment, pushes: z.array(push), more: z.boolean(),
  /** When the newest event of this poll happened, and of the poll before it that differed. */
  newest: moment.nullable(), previous: moment.nullable(), oldest: moment.nullable(), unreadable: z.boolean(),
})
export type RememberedPage = z.output<typeof rememberedPage>

/** What the repository of a push is. */
export const knownRepository = z.union([
  z.object({ gone: z.literal(true), at: moment }),
  z.object({ gone: z.literal(false), at: moment, nodeId: z.string(), name: fullName, defaultBranch: z.string() }),
])
export type KnownRepository = z.output<typeof knownRepository>

export const repositoryAnswer = z.object({ id: z.int().positive(), node_id: z.string().min(1).max(200), full_name: fullName, private: z.boolean(), default_branch: z.string() })

export const comparison = z.object({ total_commits: z.int().nonnegative(), commits: z.array(z.unknown()).max(1_000), files: z.array(z.unknown()).max(10_000).nullish() })
export const comparedCommit = z.object({ commit: z.object({ message: z.string() }) })
export const comparedFile = z.object({ filename: z.string().min(1).max(4_096), status: z.string(), sha: oid.nullish() })

export const treeAnswer = z.object({ truncated: z.boolean(), tree: z.array(z.unknown()).max(200_000) })
export const treeEntry = z.object({ path: z.string().min(1).max(4_096), type: z.string(), sha: oid })

const repository = z.object({ nodeId: z.string(), name: fullName, defaultBranch: z.string() })
/** The steps of reading a push, a request each: its repository, what it changed, or everything there, then the files. */
export const pushLocator = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('push'), push }),
  z.object({ kind: z.literal('compare'), push, repository, base: z.string() }),
  z.object({ kind: z.literal('tree'), push, repository }),
  z.object({ kind: z.literal('files'), push, repository, files: z.array(z.object({ path: z.string(), oid })) }),
])
export type PushLocator = z.output<typeof pushLocator>

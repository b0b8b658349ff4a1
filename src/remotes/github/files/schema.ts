import { z } from 'zod'
import { databaseId, fullName, integer } from '../parts.ts'

/** What `fetch` needs to get a hit; stored with the step, so old ones must stay readable. */
export const locator = z.object({
  /** Null: GitHub did not tell it; the file is fetched whole by REST. */
  nodeId: z.string().nullable(),
  repositoryId: z.string().regex(/^\d{1,20}$/),
  /** owner/name at the time of the search. */
  name: z.string(),
  oid: z.string(),
  /** The commit that was indexed; null: unknown. */
  commit: z.string().nullable(),
  path: z.string(),
  /** Origin of the web pages, for example `https://github.com`. */
  web: z.string(),
  /** Fetch it alone and in full, by REST. */
  whole: z.boolean(),
  /** The source that its document belongs to. */
  source: z.string().default('github-code'),
  /** Who pushed this version, and when (ISO 8601); absent: a search does not tell. */
  pushed: z.object({ by: z.string(), at: z.iso.datetime() }).optional(),
})
export type Locator = z.output<typeof locator>

export const fileObject = z.object({
  type: z.string(),
  oid: z.string(),
  byteSize: integer.nullish(),
  isBinary: z.boolean().nullish(),
  isTruncated: z.boolean().nullish(),
  text: z.string().nullish(),
})

/** One alias of the batch: `node(id:)` with `object(oid:)`. */
export const repositoryNode = z.object({ databaseId, nameWithOwner: fullName, isPrivate: z.boolean(), object: fileObject.nullable() })

/** https://docs.github.com/en/rest/git/blobs#get-a-blob */
export const blobAnswer = z.object({ sha: z.string(), size: z.int().nonnegative(), encoding: z.literal('base64'), content: z.string() })

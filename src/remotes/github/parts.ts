import { z } from 'zod'

/** GraphQL integers above 2^53 arrive as bigint. */
export const integer = z.union([z.int(), z.bigint()])

/** Ids are larger than GraphQL's Int promises; null: not told. */
export const databaseId = integer.nullish().transform((id) => (id === null || id === undefined ? null : String(id)))

/** `owner/name` as GitHub writes it. */
export const fullName = z.string().regex(/^[^/\s]{1,100}\/[^/\s]{1,100}$/)

/** An address of a page for people. */
export const pageUrl = z.url({ protocol: /^https?$/ }).max(2_000)

/** Who wrote something: null for accounts that are gone. */
export const writer = z.object({ login: z.string().min(1).max(100) }).nullish().catch(null).transform((user) => user?.login ?? null)

/** A moment as GitHub writes it, `2026-11-22T12:00:00Z`. */
export const moment = z.iso.datetime({ offset: true })

/** The id by which GraphQL finds it again; null: not told. */
export const nodeId = z.string().min(1).max(200).nullish().catch(null).transform((id) => id ?? null)

/** A repository beside another thing. */
export const home = z
  .object({ id: z.int().positive(), node_id: nodeId, full_name: fullName, private: z.boolean().nullish().catch(null) })
  .transform(({ id, node_id, full_name, private: hidden }) => ({ id: String(id), nodeId: node_id, name: full_name, isPrivate: hidden === true }))

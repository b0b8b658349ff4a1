import { typedError } from './graphql-nodes.ts'

/** The arguments that every connection takes. */
export interface Paging {
  readonly first?: number | null
  readonly last?: number | null
  readonly after?: string | null
  readonly before?: string | null
}

export interface Edge<Item> {
  readonly cursor: string
  readonly node: Item
}

export interface Connection<Item> {
  readonly totalCount: number
  readonly nodes: readonly Item[]
  readonly edges: readonly Edge<Item>[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

function cursorOf(position: number): string {
  return Buffer.from(`cursor:v2:${position}`).toString('base64')
}

/** The position a cursor names; `fallback` for none, and for the empty one, which is the first page again. */
function positionOf(cursor: string | null | undefined, fallback: number): number {
  if (cursor === null || cursor === undefined || cursor === '') return fallback
  const { position } = /^cursor:v2:(?<position>\d+)$/.exec(Buffer.from(cursor, 'base64').toString('latin1'))?.groups ?? {}
  if (position === undefined) throw typedError('INVALID_CURSOR_ARGUMENTS', `\`${cursor.slice(0, 40)}\` does not appear to be a valid cursor.`)
  return Number(position)
}

/** Pages through items that are all known. Their number was checked before the query ran. */
export function connect<Item>(items: readonly Item[], paging: Paging): Connection<Item> {
  const low = positionOf(paging.after, -1) + 1
  const high = positionOf(paging.before, items.length)
  const start = typeof paging.first === 'number' ? low : Math.max(low, high - (paging.last ?? 0))
  const end = typeof paging.first === 'number' ? Math.min(high, low + paging.first) : high
  const nodes = items.slice(start, end)
  const edges = nodes.map((node, index) => ({ cursor: cursorOf(start + index), node }))
  return {
    totalCount: items.length,
    nodes,
    edges,
    pageInfo: {
      hasNextPage: start + nodes.length < items.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

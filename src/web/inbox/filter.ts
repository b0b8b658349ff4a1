import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'react-router'
import type { Input } from '../../api/contract.ts'

type Query = NonNullable<Input<'GET /api/findings'>['query']>
export type ApiFilter = Omit<Query, 'cursor' | 'limit' | 'order'>
export type Order = NonNullable<Query['order']>

/** Filters with a list of values, in the order of the page. */
export const facets = [
  { key: 'severity', title: 'Severity' },
  { key: 'claim', title: 'Claim' },
  { key: 'ecosystem', title: 'Ecosystem' },
  { key: 'team', title: 'Team' },
  { key: 'source', title: 'Source' },
  { key: 'role', title: 'Role' },
  { key: 'assignee', title: 'Assignee' },
] as const
export type FacetKey = (typeof facets)[number]['key']

export const tabs = [
  { key: 'open', title: 'Open', query: {} },
  { key: 'mine', title: 'Mine', query: { state: ['open', 'acknowledged'], assignee: ['me'] } },
  { key: 'acknowledged', title: 'Acknowledged', query: { state: ['acknowledged'] } },
  { key: 'resolved', title: 'Resolved', query: { state: ['resolved'] } },
  { key: 'dismissed', title: 'Dismissed', query: { state: ['dismissed'] } },
  { key: 'all', title: 'All', query: { state: ['all'] } },
] as const

export const orders = [
  { key: 'worst', title: 'Worst first' },
  { key: 'newest', title: 'Newest first' },
  { key: 'oldest', title: 'Oldest first' },
  { key: 'updated', title: 'Last changed first' },
] as const satisfies readonly { readonly key: Order; readonly title: string }[]

/** Keys that the address may hold; others are left alone and mean nothing here. */
const keys = ['state', 'severity', 'claim', 'claimable', 'ecosystem', 'team', 'source', 'role', 'assignee', 'proposed', 'q', 'order'] as const
export type Key = (typeof keys)[number]

export interface Filter {
  /** The address says all of it: to be saved, linked to and gone back to. */
  readonly params: URLSearchParams
  readonly values: (key: Key) => readonly string[]
  readonly order: Order
  /** For the API. Without a state in the address: those that nobody has looked at yet. */
  readonly api: ApiFilter
  /** Something besides the state narrows the list. */
  readonly narrowed: boolean
  readonly set: (key: Key, values: readonly string[]) => void
  readonly replace: (query: string) => void
}

/**
 * The filter of the inbox, in the address. What the API does not know (a typing error, an old link) is refused there
 * and shown as a failure: dropping it would show other findings than were asked for.
 */
export function useFilter(): Filter {
  const [params, setParams] = useSearchParams()
  const text = params.toString()
  const replace = useCallback((query: string) => setParams(new URLSearchParams(query)), [setParams])
  const set = useCallback((key: Key, values: readonly string[]) => {
    setParams((now) => {
      const next = new URLSearchParams(now)
      next.delete(key)
      for (const value of values) next.append(key, value)
      return next
    }, { replace: key === 'q' })
  }, [setParams])
  return useMemo(() => {
    const params = new URLSearchParams(text)
    const values = (key: Key): readonly string[] => params.getAll(key)
    const states = values('state')
    const api: Record<string, unknown> = states.length === 0 ? { state: ['open'] } : states.includes('all') ? {} : { state: states }
    for (const key of keys) {
      if (key === 'state' || key === 'order' || values(key).length === 0) continue
      api[key] = key === 'q' || key === 'proposed' ? values(key)[0] : values(key)
    }
    const order = orders.find((one) => one.key === params.get('order'))?.key ?? 'worst'
    // Texts of the address, not checked here: see above.
    return { params, values, order, api: api as ApiFilter, narrowed: keys.some((key) => key !== 'state' && key !== 'order' && values(key).length > 0), set, replace }
  }, [text, set, replace])
}

/** Which tab the address is, if any. */
export function tabOf({ params }: Filter): (typeof tabs)[number]['key'] | null {
  const own = (['state', 'assignee'] as const).map((key) => params.getAll(key).sort().join()).join('/')
  return tabs.find(({ key, query }) => {
    const of = (name: 'state' | 'assignee'): readonly string[] => (query as Readonly<Partial<Record<typeof name, readonly string[]>>>)[name] ?? []
    const wanted = `${[...of('state')].sort().join()}/${[...of('assignee')].sort().join()}`
    // A facet by assignee does not leave the tab, except that of "Mine", which is one.
    return key === 'mine' ? own === wanted : own.split('/')[0] === wanted.split('/')[0]
  })?.key ?? null
}

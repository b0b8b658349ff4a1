import { useCallback, useEffect, useRef, useState } from 'react'
import type { FindingRow } from '../../api/contract.ts'
import { call } from '../api/call.ts'
import { useChanges } from '../api/live.ts'
import { showRows } from '../triage/verbs.ts'
import type { ApiFilter } from './filter.ts'

const asked = 50
export interface News {
  /** Findings that the filter would show and the list does not have; `atLeast`: there may be more. */
  readonly count: number
  readonly atLeast: boolean
}
const none: News = { count: 0, atLeast: false }

/**
 * What happened while the list stands still. Rows that are shown are brought up to date where they are; what is new is
 * counted, and comes when the person asks for it.
 * Of one list: another filter is another component.
 * @param loaded ids that the list shows; `complete`: there are no further pages
 */
export function useNews(filter: ApiFilter, loaded: ReadonlySet<string> | null, complete: boolean): News {
  const [news, setNews] = useState<News>(none)
  /** How the findings that changed last looked when the list was loaded; null: not known yet. */
  const before = useRef<ReadonlyMap<string, string> | null>(null)
  const latest = useRef({ filter, loaded, complete })
  useEffect(() => {
    latest.current = { filter, loaded, complete }
  })
  const ask = useCallback(async (): Promise<void> => {
    const { filter, loaded, complete } = latest.current
    if (loaded === null) return
    let rows: readonly FindingRow[]
    try {
      // Of all states: one that left the list has to be shown as what it is now.
      rows = (await call('GET /api/findings', { query: { ...filter, state: undefined, order: 'updated', limit: asked } })).items
    } catch {
      // The next change asks again, and the list says itself when the server is away.
      return
    }
    const first = before.current
    if (first === null) {
      before.current = new Map(rows.map((row) => [row.id, row.updatedAt]))
      return
    }
    showRows(rows.filter(({ id }) => loaded.has(id)))
    const states: readonly string[] | null = filter.state === undefined ? null : [filter.state].flat()
    const newest = [...first.values()].sort().at(-1) ?? ''
    const fresh = rows.filter((row) => !loaded.has(row.id) && first.get(row.id) !== row.updatedAt && (states === null || states.includes(row.state)) && (complete || row.firstSeenAt > newest))
    setNews({ count: fresh.length, atLeast: fresh.length >= asked })
  }, [])
  const ready = loaded !== null
  useEffect(() => {
    if (ready) void ask()
  }, [ready, ask])
  useChanges(useCallback(() => void ask(), [ask]))
  return news
}

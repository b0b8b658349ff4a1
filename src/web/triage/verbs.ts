import type { InfiniteData } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Answer, FindingDetail, FindingRow, TriageBody } from '../../api/contract.ts'
import { call, CallFailed } from '../api/call.ts'
import { useSession } from '../api/session.ts'
import { queryClient } from '../api/use-call.ts'
import { plain } from '../parts/untrusted.tsx'
import { tell } from '../parts/toast.tsx'
import { many, stateWords } from './words.ts'

type Pages = InfiniteData<Answer<'GET /api/findings'>>

/** Puts rows as they are now into everything that shows them; where they stand in a list does not change. */
export function showRows(rows: readonly FindingRow[]): void {
  const byId = new Map(rows.map((row) => [row.id, row]))
  queryClient.setQueriesData<Pages>({ queryKey: ['GET /api/findings'] }, (data) =>
    data === undefined ? undefined : { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map((item) => byId.get(item.id) ?? item) })) })
  queryClient.setQueriesData<FindingDetail>({ queryKey: ['GET /api/findings/{id}'] }, (data) => {
    const row = data === undefined ? undefined : byId.get(data.id)
    return data === undefined || row === undefined ? data : { ...data, ...row }
  })
}

/** Everything else that a verb may have changed is asked again. */
function askAgain(ids: readonly string[]): void {
  const mine = new Set(ids)
  void queryClient.invalidateQueries({
    predicate: ({ queryKey: [name, input] }) => {
      if (name === 'GET /api/findings/counts') return true
      return typeof name === 'string' && name.startsWith('GET /api/findings/{id}') && typeof input === 'object' && input !== null && 'params' in input && mine.has((input.params as { readonly id: string }).id)
    },
  })
}

/** What the rows will be when the verb succeeds, as far as that can be known here. */
function foresee(row: FindingRow, action: TriageBody, me: { readonly id: string; readonly name: string }): FindingRow {
  switch (action.verb) {
    case 'acknowledge':
      return { ...row, state: 'acknowledged' }
    case 'resolve':
      return { ...row, state: 'resolved' }
    case 'dismiss':
      return { ...row, state: 'dismissed', dismissedReason: action.reason, dismissedUntil: action.expiresAt ?? null }
    case 'mark-public':
      return { ...row, state: 'dismissed', dismissedReason: 'public-on-purpose', dismissedUntil: null }
    case 'reopen':
      return { ...row, state: 'open', dismissedReason: null, dismissedUntil: null }
    case 'assign':
      return { ...row, assignee: action.assignee === null ? null : action.assignee === 'me' ? me : row.assignee?.id === action.assignee ? row.assignee : { id: action.assignee, name: '…' } }
    case 'comment':
    case 'recheck':
    case 'unsuppress':
      return row
  }
}

const done: Readonly<Record<TriageBody['verb'], string>> = {
  acknowledge: 'Acknowledged', resolve: 'Resolved', dismiss: 'Dismissed', reopen: 'Reopened', assign: 'Assigned', comment: 'Commented', recheck: 'Recheck asked for',
  'mark-public': 'Marked public on purpose', unsuppress: 'Suppressions taken back',
}
/** Two persons may do these at once without either overwriting the other. */
const neverConflicts: ReadonlySet<TriageBody['verb']> = new Set(['comment', 'recheck'])

/** What takes a verb back; null: nothing does. */
function inverse(row: FindingRow, action: TriageBody): readonly TriageBody[] | null {
  if (action.verb === 'assign') return [{ verb: 'assign', assignee: row.assignee?.id ?? null }]
  if (!['acknowledge', 'resolve', 'dismiss', 'mark-public'].includes(action.verb)) return null
  if (row.state === 'open') return [{ verb: 'reopen' }]
  return row.state === 'acknowledged' ? [{ verb: 'reopen' }, { verb: 'acknowledge' }] : null
}

/** Those of the rows to which the verb can be done at all: the server refuses the others, so they are not sent. */
export function applicable(rows: readonly FindingRow[], verb: TriageBody['verb']): readonly FindingRow[] {
  switch (verb) {
    case 'acknowledge':
      return rows.filter(({ state }) => state === 'open')
    case 'resolve':
    case 'dismiss':
    case 'mark-public':
      return rows.filter(({ state }) => state === 'open' || state === 'acknowledged')
    case 'reopen':
      return rows.filter(({ state }) => state !== 'open')
    default:
      return rows
  }
}
/** Says why nothing happens. */
export function tellInapplicable(rows: readonly FindingRow[]): void {
  const [first] = rows
  tell({ title: rows.length === 1 && first !== undefined ? `It is ${stateWords[first.state].toLowerCase()} already` : 'None of them is in a state for that' })
}

/** Findings that the API takes in one call. */
const atOnce = 500

interface Undo { readonly act: () => void }
let last: Undo | null = null
/** Takes the last verb back, once. */
export function undoLast(): void {
  if (last === null) {
    tell({ title: 'There is nothing to take back' })
    return
  }
  const { act } = last
  last = null
  act()
}

/** @throws CallFailed when nothing at all was done */
export type Triage = (rows: readonly FindingRow[], action: TriageBody, options?: { readonly quiet?: boolean }) => Promise<void>

/**
 * Does a verb to findings: shown at once, corrected by the answer. A finding that somebody else changed meanwhile stays
 * as that person left it, and the message says who did what.
 */
export function useTriage(): Triage {
  const { account } = useSession()
  return useCallback<Triage>(async function triage(rows, action, options) {
    if (rows.length === 0) return
    const ids = rows.map(({ id }) => id)
    showRows(rows.map((row) => foresee(row, action, account)))
    const results: Answer<'POST /api/findings/triage'>['results'][number][] = []
    try {
      for (let at = 0; at < rows.length; at += atOnce) {
        const part = rows.slice(at, at + atOnce)
        const answer = await call('POST /api/findings/triage', { body: { ids: part.map(({ id }) => id), action, ...(neverConflicts.has(action.verb) ? {} : { versions: Object.fromEntries(part.map(({ id, version }) => [id, version])) }) } })
        results.push(...answer.results)
      }
    } catch (error) {
      const reached = new Set(results.map(({ id }) => id))
      showRows([...rows.filter(({ id }) => !reached.has(id)), ...results.flatMap(({ finding }) => finding ?? [])])
      askAgain(ids)
      const failed = error instanceof CallFailed ? error : new CallFailed({ status: 0, code: 'failed', title: 'The page made a mistake' })
      tell({ title: `Not done: ${failed.title}`, detail: results.length === 0 ? failed.detail : `${many(results.length, 'finding')} done before. ${failed.detail}`, failed: true })
      throw failed
    }
    const before = new Map(rows.map((row) => [row.id, row]))
    showRows(results.flatMap(({ id, finding }) => finding ?? before.get(id) ?? []))
    askAgain(ids)
    const succeeded = results.filter(({ outcome }) => outcome === 'done')
    const refused = results.filter(({ outcome }) => outcome !== 'done')
    if (succeeded.length > 0 && options?.quiet !== true) {
      const reversible = succeeded.flatMap(({ id, finding }) => {
        const [row, undo] = [before.get(id), before.has(id) ? inverse(before.get(id) as FindingRow, action) : null]
        return row === undefined || undo === null || finding === null ? [] : [{ finding, undo }]
      })
      const undo = reversible.length === 0 ? undefined : () => void takeBack(reversible, triage)
      last = undo === undefined ? last : { act: undo }
      const only = succeeded.length === 1 ? before.get(succeeded[0]?.id ?? '') : undefined
      tell({ title: `${done[action.verb]}: ${only === undefined ? many(succeeded.length, 'finding') : plain(only.identifier, 80)}`, ...(undo === undefined ? {} : { undo }) })
    }
    if (refused.length > 0) {
      const first = refused[0]
      const name = first === undefined ? '' : plain(before.get(first.id)?.identifier ?? '', 80)
      tell({
        title: refused.length === 1 ? (first?.outcome === 'conflict' ? `Somebody was faster: ${name}` : `Not done: ${name}`) : `Not done: ${many(refused.length, 'finding')}`,
        detail: [...new Set(refused.flatMap(({ message }) => (message === null ? [] : [plain(message, 300)])))].slice(0, 3).join(' ') || 'It is shown as it is now.',
        failed: true,
      })
    }
  }, [account])
}

/** Each finding with what takes its own verb back; those that are taken back alike go together. */
async function takeBack(items: readonly { readonly finding: FindingRow; readonly undo: readonly TriageBody[] }[], triage: Triage): Promise<void> {
  const groups = Map.groupBy(items, ({ undo }) => JSON.stringify(undo))
  for (const group of groups.values()) {
    let rows: readonly FindingRow[] = group.map(({ finding }) => finding)
    try {
      for (const action of group[0]?.undo ?? []) {
        await triage(rows, action, { quiet: true })
        const now = currentRows(new Set(rows.map(({ id }) => id)))
        rows = rows.map((row) => now.get(row.id) ?? row)
      }
    } catch {
      // Told already.
      return
    }
  }
  tell({ title: items.length === 1 ? 'Taken back' : `Taken back: ${many(items.length, 'finding')}` })
}

/** Rows as the page has them now, wherever they are shown. */
function currentRows(ids: ReadonlySet<string>): Map<string, FindingRow> {
  const rows = new Map<string, FindingRow>()
  for (const [, data] of queryClient.getQueriesData<Pages>({ queryKey: ['GET /api/findings'] })) for (const row of data?.pages.flatMap(({ items }) => items) ?? []) if (ids.has(row.id)) rows.set(row.id, row)
  for (const [, data] of queryClient.getQueriesData<FindingDetail>({ queryKey: ['GET /api/findings/{id}'] })) if (data !== undefined && ids.has(data.id)) rows.set(data.id, data)
  return rows
}

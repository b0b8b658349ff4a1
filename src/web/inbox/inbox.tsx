import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useLocation, useNavigate, useNavigationType } from 'react-router'
import type { FindingRow } from '../../api/contract.ts'
import { useMay } from '../api/session.ts'
import { queryClient, useCall, usePages } from '../api/use-call.ts'
import { Failure, Loading, Stale } from '../parts/answers.tsx'
import { Button, IconButton } from '../parts/button.tsx'
import { AgainIcon, CheckIcon, CrossIcon } from '../parts/icons.tsx'
import { Screen } from '../parts/screen.tsx'
import { useShortcuts, type Shortcut } from '../shell/keys.ts'
import type { Asking } from '../triage/dialogs.tsx'
import { applicable, tellInapplicable, undoLast, useTriage } from '../triage/verbs.ts'
import { many } from '../triage/words.ts'
import { useFilter, type Filter } from './filter.ts'
import { Filters, OrderMenu, Tabs, ViewsMenu } from './filters.tsx'
import { useNews } from './news.ts'
import { Nothing } from './nothing.tsx'
import { rememberedPlace, rememberPlace } from './place.ts'
import { Row, type RowActions } from './row.tsx'
import './inbox.css'

const TriageDialog = lazy(() => import('../triage/dialogs.tsx').then((file) => ({ default: file.TriageDialog })))

/** Findings, worst first; what nobody has looked at yet, unless the address says otherwise. */
export function Inbox() {
  const filter = useFilter()
  const { search } = useLocation()
  const address = `/findings${search}`
  const counts = useCall('GET /api/findings/counts', { query: filter.api }, { keepPrevious: true })
  const field = useRef<HTMLInputElement>(null)
  const [visit, setVisit] = useState(0)
  return (
    <Screen title="Inbox" actions={<ViewsMenu filter={filter} />}>
      <Tabs filter={filter} />
      <Filters filter={filter} counts={counts.data} field={field} />
      {/* Another filter, and what is new when it was asked for, is another list: nothing stays chosen that is not seen. */}
      <List key={`${visit} ${address}`} filter={filter} address={address} total={counts.isPlaceholderData ? null : (counts.data?.total ?? null)} again={visit > 0} onRefresh={() => {
        void counts.refetch()
        setVisit(visit + 1)
      }} onSearch={() => field.current?.focus()} />
    </Screen>
  )
}

interface ListProps {
  readonly filter: Filter
  readonly address: string
  readonly total: number | null
  readonly again: boolean
  readonly onRefresh: () => void
  readonly onSearch: () => void
}

function List({ filter, address, total, again, onRefresh, onSearch }: ListProps) {
  const location = useLocation()
  const arrival = useNavigationType()
  // Back: the list as it was. Any other way here: the list as it is now.
  const [kept] = useState(() => {
    const back = rememberedPlace()
    if (!again && back !== null && back.address === address && (arrival === 'POP' || location.state === 'back')) return back
    queryClient.removeQueries({ queryKey: ['GET /api/findings'] })
    return null
  })
  const list = usePages('GET /api/findings', { query: { ...filter.api, order: filter.order, limit: 50 } }, { staleTime: Infinity })
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data])
  const ids = useMemo(() => rows.map(({ id }) => id), [rows])
  const loaded = useMemo(() => (list.data === undefined ? null : new Set(ids)), [list.data, ids])
  const news = useNews(filter.api, loaded, !list.hasNextPage)

  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const anchor = useRef<string | null>(null)
  const [current, setCurrent] = useState<string | null>(kept?.at ?? null)
  const [asking, setAsking] = useState<Asking | null>(null)
  const may = useMay('analyst')
  const triage = useTriage()
  const navigate = useNavigate()

  const place = useRef({ address, ids, total, at: current })
  useEffect(() => {
    place.current = { address, ids, total, at: current }
    rememberPlace({ ...place.current, scrollY })
  })
  useEffect(() => {
    const remember = (): void => rememberPlace({ ...place.current, scrollY })
    addEventListener('scroll', remember, { passive: true })
    return () => removeEventListener('scroll', remember)
  }, [])
  const top = useRef<HTMLElement>(null)
  useEffect(() => {
    if (kept !== null) return
    scrollTo({ top: 0, behavior: 'instant' })
    // What was pressed is gone with the old list.
    if (again) top.current?.focus({ preventScroll: true })
  }, [kept, again])
  const returned = useRef(false)
  useLayoutEffect(() => {
    if (kept === null || returned.current || rows.length === 0) return
    returned.current = true
    scrollTo({ top: kept.scrollY, behavior: 'instant' })
    if (kept.at !== null) document.getElementById(`finding-${kept.at}`)?.focus({ preventScroll: true })
  }, [kept, rows.length])

  const choose = useCallback((id: string, on: boolean, range: boolean) => {
    const from = range && anchor.current !== null ? ids.indexOf(anchor.current) : -1
    const to = ids.indexOf(id)
    const meant = from === -1 ? [id] : ids.slice(Math.min(from, to), Math.max(from, to) + 1)
    anchor.current = id
    setChosen((now) => (on ? new Set([...now, ...meant]) : new Set([...now].filter((one) => !meant.includes(one)))))
  }, [ids])
  const actions = useMemo<RowActions>(() => ({ choose, look: setCurrent }), [choose])

  const goTo = (step: 1 | -1): void => {
    const at = current === null ? -1 : ids.indexOf(current)
    const next = ids[at === -1 ? 0 : Math.min(ids.length - 1, Math.max(0, at + step))]
    if (next === undefined) return
    document.getElementById(`finding-${next}`)?.focus()
    if (at + step >= ids.length - 3 && list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage()
  }
  /** What a verb is for: the chosen ones, else the one that is looked at. */
  const meant = (): readonly FindingRow[] => (chosen.size > 0 ? rows.filter(({ id }) => chosen.has(id)) : rows.filter(({ id }) => id === current))
  const after = (): void => {
    if (chosen.size > 0) setChosen(new Set())
    else goTo(1)
  }
  const act = async (action: { readonly verb: 'acknowledge' | 'reopen' } | { readonly verb: 'assign'; readonly assignee: string | null }): Promise<void> => {
    const rows = applicable(meant(), action.verb)
    if (rows.length === 0) {
      if (meant().length > 0) tellInapplicable(meant())
      return
    }
    after()
    try {
      await triage(rows, action)
    } catch {
      // Told already.
    }
  }
  const ask = (dialog: 'dismiss' | 'assign' | 'resolve' | 'comment' | 'mark-public'): void => {
    const rows = applicable(meant(), dialog)
    if (rows.length > 0) setAsking({ dialog, rows })
    else if (meant().length > 0) tellInapplicable(meant())
  }
  const verbs: readonly Shortcut[] = may ? [
    { keys: 'a', does: 'Acknowledge', act: () => void act({ verb: 'acknowledge' }) },
    { keys: 'd', does: 'Dismiss…', act: () => ask('dismiss') },
    { keys: 'r', does: 'Resolve…', act: () => ask('resolve') },
    { keys: 'o', does: 'Reopen', act: () => void act({ verb: 'reopen' }) },
    { keys: 'm', does: 'Assign to me', act: () => void act({ verb: 'assign', assignee: 'me' }) },
    { keys: 's', does: 'Assign to somebody…', act: () => ask('assign') },
    { keys: 'c', does: 'Comment…', act: () => ask('comment') },
    { keys: 'u', does: 'Take the last one back', act: undoLast },
  ] : []
  useShortcuts('Inbox', [
    { keys: 'j', does: 'Next finding', act: () => goTo(1) },
    { keys: 'k', does: 'Previous finding', act: () => goTo(-1) },
    { keys: 'Enter', does: 'Open the finding', act: () => current === null ? undefined : void navigate(`/findings/${current}`) },
    { keys: 'x', does: 'Select', act: () => current === null ? undefined : choose(current, !chosen.has(current), false) },
    { keys: 'X', does: 'Select up to here', act: () => current === null ? undefined : choose(current, true, true) },
    { keys: 'Escape', does: 'Select nothing', act: () => setChosen(new Set()) },
    ...verbs,
    { keys: '/', does: 'Search', act: onSearch },
    { keys: '.', does: 'Show what is new', act: onRefresh },
  ])

  const more = useRef<HTMLDivElement>(null)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  useEffect(() => {
    const end = more.current
    if (end === null || !hasNextPage || isFetchingNextPage) return undefined
    const near = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void fetchNextPage()
    }, { rootMargin: '600px' })
    near.observe(end)
    return () => near.disconnect()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, rows.length])

  const states = filter.api.state === undefined ? null : [filter.api.state].flat()
  const picked = chosen.size === 0 ? [] : rows.filter(({ id }) => chosen.has(id))
  const all = rows.length > 0 && rows.every(({ id }) => chosen.has(id))
  const newsWords = `${many(news.count, 'new finding')}${news.atLeast ? ' or more' : ''}`
  return (
    <>
      <div className="unseen" role="status">{news.count === 0 ? (total === null ? '' : `${many(total, 'finding')} shown by these filters`) : `${newsWords}: press . to show`}</div>
      {news.count === 0 ? null : <div className="news"><Button look="primary" onClick={onRefresh}><AgainIcon /> {newsWords}, show</Button></div>}
      {list.error !== null && list.data !== undefined ? <Stale error={list.error} onRetry={() => void list.refetch()} /> : null}
      <section ref={top} tabIndex={-1} className="panel inbox" aria-label="Findings">
        <div className={chosen.size > 0 ? 'list-head list-head-chosen' : 'list-head'}>
          <label className="finding-check">
            <input type="checkbox" className="checkbox" checked={all} disabled={rows.length === 0} ref={(box) => { if (box !== null) box.indeterminate = chosen.size > 0 && !all }} onChange={() => setChosen(all ? new Set() : new Set(ids))} />
            <span className="unseen">Select all that are loaded</span>
          </label>
          {chosen.size > 0 ? (
            <div className="row bulk" role="toolbar" aria-label={`${chosen.size} selected`}>
              <strong>{chosen.size} selected</strong>
              {may ? <>
                {picked.some(({ state }) => state === 'open') ? <Button onClick={() => void act({ verb: 'acknowledge' })}><CheckIcon /> Acknowledge</Button> : null}
                <Button onClick={() => ask('assign')}>Assign…</Button>
                {picked.some(({ state }) => state === 'open' || state === 'acknowledged') ? <>
                  <Button onClick={() => ask('resolve')}>Resolve…</Button>
                  <Button onClick={() => ask('dismiss')}>Dismiss…</Button>
                </> : null}
                {picked.some(({ state }) => state !== 'open') ? <Button onClick={() => void act({ verb: 'reopen' })}>Reopen</Button> : null}
              </> : <span className="quiet small">Your role may look, not triage.</span>}
              <IconButton label="Select nothing (Esc)" onClick={() => setChosen(new Set())}><CrossIcon /></IconButton>
            </div>
          ) : (
            <>
              <span className="list-count small">{total === null ? ' ' : many(total, 'finding')}</span>
              <span className="list-title list-claim">Claim</span><span className="list-title list-places">Places</span><span className="list-title list-age">Seen</span><span className="list-title list-assignee">With</span>
              <span className="list-order"><OrderMenu filter={filter} /></span>
            </>
          )}
        </div>
        {list.data === undefined
          ? (list.error === null ? <Loading what="findings" rows={8} /> : <Failure what="The findings" error={list.error} onRetry={() => void list.refetch()} />)
          : rows.length === 0 ? <Nothing filter={filter} /> : (
            <ul className="finding-list">
              {rows.map((row) => <Row key={row.id} row={row} chosen={chosen.has(row.id)} current={row.id === current} settled={states !== null && !states.includes(row.state)} actions={actions} />)}
            </ul>
          )}
        {list.hasNextPage ? (
          <div ref={more} className="list-more">
            {list.isFetchNextPageError ? <span className="quiet">Further findings could not be loaded. </span> : null}
            <Button look="quiet" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{list.isFetchingNextPage ? 'Loading more…' : 'Load more'}</Button>
          </div>
        ) : null}
      </section>
      {asking === null ? null : <Suspense><TriageDialog asking={asking} onClose={() => {
        setAsking(null)
        setChosen(new Set())
      }} /></Suspense>}
    </>
  )
}

import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { InferredRow } from '../../api/contract.ts'
import { call } from '../api/call.ts'
import { useMay } from '../api/session.ts'
import { queryClient, usePages } from '../api/use-call.ts'
import { Answered, Empty } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Moment } from '../parts/moment.tsx'
import { More } from '../parts/more.tsx'
import { OutsideLink } from '../parts/outside-link.tsx'
import { tell } from '../parts/toast.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { wordsOf } from '../api/told.ts'
import { Filter, SearchFilter } from '../parts/filter.tsx'
import { InventoryScreen } from './inventory-screen.tsx'

const Decide = lazy(() => import('./decide-inferred.tsx').then((file) => ({ default: file.DecideInferred })))

/** Names that no line covers but that probably are ours, with what speaks for it. */
export function Inferred() {
  const [address, setAddress] = useSearchParams()
  const state = address.get('state') === 'decided' ? 'decided' : 'candidate'
  const q = address.get('q') ?? ''
  const may = useMay('analyst')
  const pages = usePages('GET /api/inferred', { query: { state, ...(q === '' ? {} : { q }) } }, { keepPrevious: true })
  const [deciding, setDeciding] = useState<{ readonly decision: 'accept' | 'reject'; readonly row: InferredRow } | null>(null)
  const set = (key: string, value: string): void => {
    const next = new URLSearchParams(address)
    if (value === '') next.delete(key)
    else next.set(key, value)
    setAddress(next, { replace: true })
  }
  const accept = useMutation({
    mutationFn: (row: InferredRow) => call('POST /api/inferred/decide', { body: { decision: 'accept', ids: [row.id] } }),
    onSuccess: ({ results: [result] }, row) => {
      void queryClient.invalidateQueries()
      if (result?.outcome === 'done') tell({ title: `${plain(row.name, 60)} is in the inventory`, detail: 'It is searched for by its name from the next sweep on.' })
      else tell({ title: 'It was decided already', detail: result?.message ?? undefined, failed: true })
    },
    onError: (error) => tell({ title: 'It was not accepted', detail: wordsOf(error) ?? '', failed: true }),
  })
  return (
    <InventoryScreen title="Inferred names" about="A name is a candidate when a public file resolves it from one of your hosts, or when it stands in one of your scopes or groups. It alerts nobody and is in no query until it is accepted.">
      <div className="filters" role="search">
        <SearchFilter label="Search names" value={q} onChange={(value) => set('q', value)} />
        <Filter label="Show" value={state === 'decided' ? state : ''} onChange={(value) => set('state', value)} options={[['', 'what waits for a decision'], ['decided', 'what was decided']]} />
      </div>
      <Answered query={pages} what="inferred names">
        {({ pages: answers }) => {
          const rows = answers.flatMap(({ items }) => items)
          if (rows.length === 0) return state === 'candidate'
            ? <Empty title={q === '' ? 'Nothing waits for a decision' : 'No candidate has these words'}>No other name came from one of your hosts, scopes or groups so far.</Empty>
            : <Empty title="Nothing was decided yet" />
          return (
            <>
              <ul className="cards">
                {rows.map((row) => (
                  <li key={row.id} className="panel card">
                    <div className="row spread">
                      <h2 className="card-title"><Untrusted text={row.name} limit={160} /></h2>
                      <span className="row"><Badge>{row.kind === 'package' ? (row.ecosystem ?? 'package') : row.kind}</Badge>{row.weak ? <Badge tone="low">weak</Badge> : null}{row.state === 'candidate' ? null : <Badge tone={row.state === 'accepted' ? 'good' : 'neutral'}>{row.state}</Badge>}</span>
                    </div>
                    <p><Untrusted text={row.reason} /></p>
                    <p className="quiet small">
                      {row.place === null ? 'In no file any more' : <>in <OutsideLink url={row.place.url}><Untrusted text={`${row.place.repository}${row.place.path === null ? '' : `/${row.place.path}`}:${row.place.line}`} limit={160} /></OutsideLink>{row.places > 1 ? ` and ${row.places - 1} more` : ''}</>}
                      , first seen <Moment at={row.firstSeenAt} />
                    </p>
                    {row.state === 'candidate' ? null : <p className="quiet small">by <Untrusted text={row.decidedBy ?? ''} limit={80} />{row.decidedAt === null ? null : <> <Moment at={row.decidedAt} /></>}{row.decisionReason === null ? null : <>: <Untrusted text={row.decisionReason} /></>}</p>}
                    {may && row.state === 'candidate' ? (
                      <div className="row">
                        <Button look="primary" busy={accept.isPending && accept.variables.id === row.id} onClick={() => (row.weak ? setDeciding({ decision: 'accept', row }) : accept.mutate(row))}>Accept<span className="unseen"> {plain(row.name, 60)}</span></Button>
                        <Button onClick={() => setDeciding({ decision: 'reject', row })}>Reject…<span className="unseen"> {plain(row.name, 60)}</span></Button>
                      </div>
                    ) : null}
                  </li>
                ))}
              </ul>
              <More pages={pages} shown={rows.length} noun="name" />
            </>
          )
        }}
      </Answered>
      {deciding === null ? null : <Suspense><Decide {...deciding} onClose={() => setDeciding(null)} onAccept={() => accept.mutate(deciding.row)} /></Suspense>}
    </InventoryScreen>
  )
}

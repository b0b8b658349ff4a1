import { useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import type { Input, SourceRow, WatchRow } from '../../api/contract.ts'
import { useMay } from '../api/session.ts'
import { useCall, usePages } from '../api/use-call.ts'
import { Answered, Empty } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { AgainIcon } from '../parts/icons.tsx'
import { FullMoment, Moment } from '../parts/moment.tsx'
import { OutsideLink } from '../parts/outside-link.tsx'
import { Panel, Screen } from '../parts/screen.tsx'
import { Table, type Column } from '../parts/table.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { Filter, SearchFilter } from '../parts/filter.tsx'
import { More } from '../parts/more.tsx'
import { Budget, Outcomes, Schedule, Troubles } from './source-facts.tsx'
import { useRunSource, useRunWatch } from './use-run.ts'
import { countsInWords, OutcomeBadge, triggerWords } from './words.tsx'
import './sources.css'

/** One source: what it is asked, how that went query by query, and what it cannot see. */
export function Source() {
  const { id = '' } = useParams()
  const sources = useCall('GET /api/sources')
  const source = sources.data?.items.find((one) => one.id === id)
  if (sources.data !== undefined && source === undefined) {
    return <Screen title="No such source"><Empty title="This source is not configured" actions={<Link to="/sources">Go to the sources</Link>}>A row under sources in namesake.yaml turns it on.</Empty></Screen>
  }
  if (source === undefined) return <Screen title="Sources"><Answered query={sources} what="the source">{() => null}</Answered></Screen>
  return <Shown source={source} />
}

function Shown({ source }: { readonly source: SourceRow }) {
  const may = useMay('analyst')
  const run = useRunSource()
  const { coverage } = source
  return (
    <Screen title={source.title} about={<>asks <Untrusted text={source.destination} limit={80} />, <Schedule source={source} /></>} actions={may ? <Button look="primary" busy={run.isPending} onClick={() => run.mutate(source.id)}><AgainIcon /> Run now</Button> : null}>
      <p className="no-print"><Link to="/sources">All sources</Link></p>
      <div className="columns">
        <Panel title="How it goes">
          <div className="stack">
            <div><Outcomes source={source} /><p className="small">{countsInWords(source.byOutcome)}{source.going === 0 ? '' : `; ${source.going} going on`}</p></div>
            <div><h3 className="quiet small">Search requests until the next sweep</h3><Budget source={source} /></div>
            {source.pausedUntil === null ? null : <p><Badge tone="high">Paused</Badge> the other side asked us to wait until <FullMoment at={source.pausedUntil} /></p>}
            <p className="small">{source.planned.at === null ? 'Not planned yet.' : <>Planned <Moment at={source.planned.at} />{source.planned.upToDate ? '.' : '; the inventory changed since, it is planned anew within the minute.'}</>}</p>
            {source.troubles.length === 0 ? <p className="small">No last run had trouble.</p> : <Troubles source={source} />}
          </div>
        </Panel>
        <Panel title="What it proves">
          <div className="stack">
            <p>{coverage.proven.toLocaleString('en')} names proven, {coverage.partly.toLocaleString('en')} partly, {coverage.never.toLocaleString('en')} not looked at.</p>
            {coverage.gaps.length === 0 ? null : <div><h3 className="quiet small">Gaps</h3><ul className="troubles">{coverage.gaps.map(({ reason, names }) => <li key={reason}><Untrusted text={reason} lines limit={300} /> <span className="quiet small nowrap">{names === 1 ? 'one name' : `${names.toLocaleString('en')} names`}</span></li>)}</ul></div>}
            {source.blindSpots.length === 0 ? null : <div><h3 className="quiet small">What it cannot see at all</h3><ul className="troubles">{source.blindSpots.map((spot) => <li key={spot}>{spot}</li>)}</ul></div>}
            <div><h3 className="quiet small">What leaves us</h3><p>{source.discloses}</p><p className="small"><OutsideLink url={source.docs}>Documentation of the other side</OutsideLink></p></div>
          </div>
        </Panel>
      </div>
      <Watches source={source} />
    </Screen>
  )
}

type State = NonNullable<NonNullable<Input<'GET /api/sources/{id}/watches'>['query']>['state']>

function Watches({ source }: { readonly source: SourceRow }) {
  const [address, setAddress] = useSearchParams()
  const [looking, setLooking] = useState<WatchRow | null>(null)
  const may = useMay('analyst')
  const run = useRunWatch()
  const state = address.get('state') ?? ''
  const q = address.get('q') ?? ''
  // What the address says is checked by the server, which knows the words.
  const query = { ...(state === '' ? {} : { state: state as State }), ...(q === '' ? {} : { q }) }
  const watches = usePages('GET /api/sources/{id}/watches', { params: { id: source.id }, query }, { keepPrevious: true })
  const set = (key: string, value: string): void => {
    const next = new URLSearchParams(address)
    if (value === '') next.delete(key)
    else next.set(key, value)
    setAddress(next, { replace: true })
  }
  const columns: readonly Column<WatchRow>[] = [
    { key: 'query', title: 'Query', cell: (watch) => (
      <div className="stack-tight">
        <button type="button" className="link-button mono" onClick={() => setLooking(watch)}><Untrusted text={watch.query} limit={160} /></button>
        <span className="quiet small">covers {watch.names === 1 ? 'one name' : `${watch.names} names`}{watch.purpose === 'check' ? ', checks a stem' : ''}{watch.onTrial ? ', on trial' : ''}</span>
      </div>
    ) },
    { key: 'last', title: 'Last run', cell: (watch) => <div className="stack-tight">{watch.last === null ? <span className="quiet">never</span> : <span className="row"><OutcomeBadge outcome={watch.last.outcome} /> <Moment at={watch.last.finishedAt ?? watch.last.startedAt} /></span>}{(watch.last?.reason ?? null) === null ? null : <span className="small"><Untrusted text={watch.last?.reason ?? ''} limit={120} /></span>}</div> },
    { key: 'results', title: 'Results', align: 'end', cell: (watch) => (watch.last === null ? '' : watch.last.counted === null ? `${watch.last.seen} seen` : `${watch.last.seen} of ${watch.last.counted}`) },
    { key: 'due', title: 'Due', cell: (watch) => (watch.goingSince !== null ? <Badge tone="accent">going on</Badge> : watch.dueAt === null ? 'at once' : <Moment at={watch.dueAt} />) },
    ...(may ? [{ key: 'run', title: <span className="unseen">Run</span>, cell: (watch: WatchRow) => <Button look="quiet" busy={run.isPending && run.variables === watch.id} disabled={watch.goingSince !== null} onClick={() => run.mutate(watch.id)}>Run now<span className="unseen">: {plain(watch.query, 80)}</span></Button> }] : []),
  ]
  return (
    <section className="stack" aria-labelledby="watches">
      <h2 id="watches">Queries</h2>
      <div className="filters" role="search">
        <SearchFilter label="Search queries" value={q} onChange={(value) => set('q', value)} />
        <Filter label="Last outcome" value={state} onChange={(value) => set('state', value)} options={[['', 'any'], ['going', 'going on'], ['complete', 'complete'], ['partial', 'partial'], ['throttled', 'throttled'], ['failed', 'failed'], ['interrupted', 'interrupted'], ['never', 'never run']]} />
      </div>
      <Answered query={watches} what="queries">
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items)
          if (rows.length === 0) return state === '' && q === ''
            ? <Empty title="Nothing is asked for in this source">No line of the inventory can be searched for here: its coverage says why.</Empty>
            : <Empty title="No query fits these filters" actions={<Button onClick={() => setAddress({}, { replace: true })}>Clear the filters</Button>} />
          return <><div className="panel table-panel"><Table caption="Queries of this source" columns={columns} rows={rows} rowKey={({ id }) => id} /></div><More pages={watches} shown={rows.length} noun="query" nouns="queries" /></>
        }}
      </Answered>
      {looking === null ? null : <Runs watch={looking} onClose={() => setLooking(null)} />}
    </section>
  )
}

function Runs({ watch, onClose }: { readonly watch: WatchRow; readonly onClose: () => void }) {
  const runs = useCall('GET /api/watches/{id}/runs', { params: { id: watch.id } })
  return (
    <Dialog title="Runs of this query" about={<code><Untrusted text={watch.query} limit={400} /></code>} open onClose={onClose} wide>
      <Answered query={runs} what="runs" rows={3}>
        {({ items }) => items.length === 0 ? <p>It never ran. It is due at once.</p> : (
          <Table caption="Its newest runs" rows={items} rowKey={({ id }) => id} columns={[
            { key: 'started', title: 'Started', cell: (run) => <div className="stack-tight"><FullMoment at={run.startedAt} /><span className="quiet small">{triggerWords(run.trigger)}</span></div> },
            { key: 'outcome', title: 'Outcome', cell: (run) => <div className="stack-tight"><OutcomeBadge outcome={run.outcome} />{run.reason === null ? null : <span className="small"><Untrusted text={run.reason} lines limit={300} /></span>}</div> },
            { key: 'results', title: 'Results', align: 'end', cell: (run) => `${run.seen}${run.counted === null ? '' : ` of ${run.counted}`}${run.unread === 0 ? '' : `, ${run.unread} unreadable`}` },
            { key: 'requests', title: 'Requests', align: 'end', cell: (run) => run.requests },
          ]} />
        )}
      </Answered>
    </Dialog>
  )
}

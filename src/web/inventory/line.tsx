import { lazy, Suspense, useState, type ReactNode } from 'react'
import { Link, useParams } from 'react-router'
import type { InventoryDetail, InventoryLine } from '../../api/contract.ts'
import { CallFailed } from '../api/call.ts'
import { useMay } from '../api/session.ts'
import { useCall, usePages } from '../api/use-call.ts'
import { Answered, Empty, Failure, Loading } from '../parts/answers.tsx'
import { Badge, Severity } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { FullMoment, Moment } from '../parts/moment.tsx'
import { More } from '../parts/more.tsx'
import { Panel, Screen } from '../parts/screen.tsx'
import { Table, type Column } from '../parts/table.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { Coverage, discloseWords, disclosures, kindWords } from './words.tsx'
import './inventory.css'

const EditLine = lazy(() => import('./edit-line.tsx').then((file) => ({ default: file.EditLine })))
const MarkPublic = lazy(() => import('./mark-public.tsx').then((file) => ({ default: file.MarkPublic })))
const RetireLine = lazy(() => import('./edit-line.tsx').then((file) => ({ default: file.RetireLine })))

/** One line: who owns it, who may learn it, how well it was looked for, what was found. */
export function Line() {
  const { id = '' } = useParams()
  const detail = useCall('GET /api/inventory/{id}', { params: { id } })
  if (detail.error instanceof CallFailed && (detail.error.status === 404 || detail.error.status === 422)) {
    return <Screen title="No such line"><Empty title="There is no such line" actions={<Link to="/inventory">Go to the inventory</Link>}>The address may be mistyped.</Empty></Screen>
  }
  if (detail.data === undefined) return <Screen title="Inventory">{detail.error === null ? <Loading what="the line" /> : <Failure what="The line" error={detail.error} onRetry={() => void detail.refetch()} />}</Screen>
  return <Shown line={detail.data} />
}

function Shown({ line }: { readonly line: InventoryDetail }) {
  const [doing, setDoing] = useState<'edit' | 'retire' | 'public' | null>(null)
  const may = useMay('analyst')
  const editable = may && line.keptElsewhere === null && line.retiredAt === null
  const rule = disclosures.find(({ value }) => value === line.disclose)
  return (
    <Screen
      title={plain(line.name, 80)}
      heading={<Untrusted text={line.name} limit={200} />}
      about={<>{kindWords(line)}{line.retiredAt === null ? null : <> · <Badge>retired</Badge></>}</>}
      actions={may && line.retiredAt === null ? (
        <>
          {line.publicOnPurpose && line.markedPublicBy === null ? null : <Button onClick={() => setDoing('public')}>{line.publicOnPurpose ? 'Not public on purpose…' : 'May be public…'}</Button>}
          {editable ? <><Button onClick={() => setDoing('edit')}>Edit</Button><Button look="danger" onClick={() => setDoing('retire')}>Retire</Button></> : null}
        </>
      ) : null}
    >
      <p><Link to="/inventory">All lines</Link></p>
      {line.keptElsewhere !== null && line.retiredAt === null ? <p className="note">Not edited here: <Untrusted text={line.keptElsewhere} /></p> : null}
      <div className="columns">
        <Panel title="Settings">
          <dl className="facts">
            <Fact title="Team">{line.team === null ? <span className="quiet">none</span> : <Untrusted text={line.team} />}</Fact>
            <Fact title="Disclosed">{line.publicOnPurpose ? <>public on purpose: never reported, not searched{line.markedPublicBy === null ? '' : <>; marked by <Untrusted text={line.markedPublicBy} limit={80} /></>}</> : <>{discloseWords(line.disclose)}. <span className="quiet">{rule?.hint}</span></>}</Fact>
            {line.near.length === 0 ? null : <Fact title="Near"><Untrusted text={line.near.join(', ')} /></Fact>}
            <Fact title="Kept in">{line.patternId === null ? <Untrusted text={line.origin === 'inventory' ? (line.place ?? 'the configuration') : line.origin === 'page' ? 'this page' : 'this page, accepted from what was inferred'} /> : <>spelled out by <Link to={`/inventory/${line.patternId}`}>its pattern</Link></>}</Fact>
            <Fact title="Since"><FullMoment at={line.createdAt} only="day" /></Fact>
            {line.retiredAt === null ? null : <Fact title="Retired"><FullMoment at={line.retiredAt} only="day" /></Fact>}
          </dl>
        </Panel>
        <Panel title="Findings" flush>
          {line.found.length === 0
            ? <p className="pad">{line.coverage.state === 'proven' ? 'None, and every source was swept completely.' : 'None so far. That is no proof: see the coverage.'}</p>
            : <Table caption="Findings of this line" columns={findingColumns} rows={line.found} rowKey={({ id }) => id} />}
          {line.findings.total > line.found.length ? <p className="pad quiet small">The worst {line.found.length} of {line.findings.total}.</p> : null}
        </Panel>
      </div>
      <Panel title="Coverage" actions={<Coverage line={line} />} flush>
        {line.publicOnPurpose ? <p className="pad">A name that is public on purpose is not searched for.</p>
          : line.bySource.length === 0 ? <p className="pad">No source was asked for it yet.</p>
            : <Table caption="How well it was looked for, by source" columns={coverageColumns} rows={line.bySource} rowKey={({ source }) => source} />}
      </Panel>
      {line.form === 'name' || line.spelledOut === 0 ? null : <SpelledOut pattern={line.id} />}
      {doing === 'edit' ? <Suspense><EditLine line={line} onClose={() => setDoing(null)} /></Suspense> : null}
      {doing === 'public' ? <Suspense><MarkPublic line={line} onClose={() => setDoing(null)} /></Suspense> : null}
      {doing === 'retire' ? <Suspense><RetireLine line={line} onClose={() => setDoing(null)} /></Suspense> : null}
    </Screen>
  )
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return <div><dt className="quiet">{title}</dt><dd>{children}</dd></div>
}

const findingColumns: readonly Column<InventoryDetail['found'][number]>[] = [
  { key: 'identifier', title: 'Name', cell: (finding) => <Link to={`/findings/${finding.id}`}><Untrusted text={finding.identifier} limit={120} /></Link> },
  { key: 'severity', title: 'Severity', cell: (finding) => <Severity value={finding.severity} /> },
  { key: 'state', title: 'State', cell: (finding) => finding.state },
  { key: 'seen', title: 'Found', cell: (finding) => <Moment at={finding.firstSeenAt} /> },
]

const coverageColumns: readonly Column<InventoryDetail['bySource'][number]>[] = [
  { key: 'source', title: 'Source', cell: (row) => <Link to={`/sources/${row.source}`}>{row.title}</Link> },
  { key: 'state', title: 'Coverage', cell: (row) => <Badge tone={({ proven: 'good', gap: 'medium', never: 'neutral' } as const)[row.state]}>{{ proven: 'Proven', gap: 'Not proven', never: 'Not looked at' }[row.state]}</Badge> },
  { key: 'complete', title: 'Last complete sweep', cell: (row) => (row.completeAt === null ? <span className="quiet">never</span> : <Moment at={row.completeAt} />) },
  { key: 'results', title: 'Results', align: 'end', cell: (row) => (row.counted === null ? <span className="quiet">not told</span> : `${row.seen ?? 0} of ${row.counted}`) },
  { key: 'gap', title: 'What stood in the way', cell: (row) => (row.gap === null ? <span className="quiet">nothing</span> : <Untrusted text={row.gap} lines limit={300} />) },
]

const nameColumns: readonly Column<InventoryLine>[] = [
  { key: 'name', title: 'Name', cell: (line) => <Link to={`/inventory/${line.id}`}><Untrusted text={line.name} limit={160} /></Link> },
  { key: 'findings', title: 'Findings', align: 'end', cell: (line) => line.findings.total },
  { key: 'since', title: 'Since', cell: (line) => <Moment at={line.createdAt} /> },
]

function SpelledOut({ pattern }: { readonly pattern: string }) {
  const pages = usePages('GET /api/inventory', { query: { state: 'spelled-out', pattern } })
  return (
    <Panel title="Names that it spelled out" flush>
      <Answered query={pages} what="the names" rows={3}>
        {({ pages: answers }) => {
          const names = answers.flatMap(({ items }) => items)
          return <><Table caption="Names that the pattern matched" columns={nameColumns} rows={names} rowKey={({ id }) => id} /><More pages={pages} shown={names.length} noun="name" /></>
        }}
      </Answered>
    </Panel>
  )
}

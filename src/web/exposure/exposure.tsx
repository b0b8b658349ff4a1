import { useState, type ReactNode } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { Answer, ExposedName, ExposureNumbers } from '../../api/contract.ts'
import { addressOf, CallFailed } from '../api/call.ts'
import { useSession } from '../api/session.ts'
import { useCall, usePages } from '../api/use-call.ts'
import { Answered, Empty } from '../parts/answers.tsx'
import { Badge, Severity } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Filter } from '../parts/filter.tsx'
import { DownloadIcon, ShieldIcon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { FullMoment } from '../parts/moment.tsx'
import { count, More } from '../parts/more.tsx'
import { Panel, Screen } from '../parts/screen.tsx'
import { Table, type Column } from '../parts/table.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { inWords, share } from './numbers.ts'
import { Trend } from './trend.tsx'
import './exposure.css'

type Shown = Answer<'GET /api/exposure'>

/** How many names are exposed, quarter by quarter, against the goal of zero. Exactly the numbers of the export. */
export function Exposure() {
  const { organization } = useSession()
  const [address, setAddress] = useSearchParams()
  const quarter = address.get('quarter') ?? ''
  const query = quarter === '' ? {} : { quarter }
  const answer = useCall('GET /api/exposure', { query }, { keepPrevious: true })
  const choose = (value: string): void => setAddress(value === '' ? {} : { quarter: value }, { replace: true })
  const data = answer.data
  const refused = answer.error instanceof CallFailed && answer.error.status === 422
  return (
    <Screen
      title="Exposure"
      about={data === undefined ? 'Internal names that are known in public.' : <><span className="print-only">{organization}. </span>{data.exposure.quarter}{data.exposure.isWhole ? '' : ', not over yet'}, as known on <FullMoment at={data.exposure.asOf} />. <FullMoment at={data.exposure.from} only="day" /> to <FullMoment at={data.exposure.to} only="day" />, {data.exposure.timezone}.</>}
      actions={data === undefined || refused ? null : <Downloads exposure={data.exposure} />}
    >
      <div className="filters no-print">
        <Filter label="Quarter" value={quarter} onChange={choose} options={[['', 'this quarter'], ...(data?.quarters ?? []).map((one) => [one, one] as const)]} />
      </div>
      {refused ? <Empty title="That quarter has not begun" actions={<Button onClick={() => choose('')}>Show this quarter</Button>}>{answer.error instanceof CallFailed ? answer.error.detail : ''}</Empty>
        : <Answered query={answer} what="the exposure">{(shown) => <Numbers shown={shown} query={query} />}</Answered>}
    </Screen>
  )
}

const formats = [
  { format: 'html', label: 'Report to print (HTML)' },
  { format: 'xlsx', label: 'Workbook (Excel)' },
  { format: 'csv', label: 'A row per name (CSV)' },
  { format: 'json', label: 'Numbers and names (JSON)' },
  { format: 'sarif', label: 'SARIF' },
  { format: 'defectdojo', label: 'DefectDojo' },
  { format: 'ocsf', label: 'OCSF (JSON lines)' },
] as const

/** The files have the moment of the screen: the same numbers. */
function Downloads({ exposure: { quarter, asOf } }: { readonly exposure: ExposureNumbers }) {
  const address = (format: (typeof formats)[number]['format']) => addressOf('GET /api/export', { query: { quarter, format, asOf } })
  return (
    <>
      <Button onClick={() => window.print()}>Print</Button>
      <a className="button button-plain" href={address('csv')} download>CSV</a>
      <Menu align="end" trigger={<Button look="primary"><DownloadIcon /> Download</Button>} label="As of the moment that is shown" groups={[formats.map(({ format, label }) => ({ key: format, label, onChoose: () => download(address(format)) }))]} />
    </>
  )
}

/** A link that is pressed: the server names the file. */
function download(address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  document.body.append(link)
  link.click()
  link.remove()
}

function Numbers({ shown, query }: { readonly shown: Shown; readonly query: { readonly quarter?: string } }) {
  const { exposure, trend, names } = shown
  const { coverage } = exposure
  return (
    <div className="exposure">
      <Panel title="Exposed names">
        <div className="headline">
          <div className="figure">
            <strong className={exposure.exposedAtEnd === 0 ? 'good-figure' : ''}>{exposure.exposedAtEnd.toLocaleString('en')}</strong>
            <span>{exposure.isWhole ? 'exposed at the end of the quarter' : 'exposed now'}<br /><span className="quiet">the goal is 0</span></span>
          </div>
          <Movement exposure={exposure} />
        </div>
        {exposure.exposedAtEnd === 0 && coverage.proven < coverage.identifiers ? <p className="quiet small">A zero is only as good as the coverage: {(coverage.identifiers - coverage.proven).toLocaleString('en')} names were not looked for completely everywhere.</p> : null}
      </Panel>
      <Panel title="Quarter by quarter"><Trend trend={trend} /></Panel>
      <Panel title="How long it takes">
        <p className="quiet small">Over the {count(exposure.found, 'name')} found in the quarter. Unknown moments are left out and counted.</p>
        <div className="durations">
          <Duration title="MTTD" about="public until first seen" value={exposure.mttd} />
          <Duration title="MTTA" about="first seen until acknowledged" value={exposure.mtta} />
          <Duration title="MTTR" about="first seen until resolved" value={exposure.mttr} />
          <Duration title="Window" about="public until seen gone" value={exposure.window} />
        </div>
      </Panel>
      <Panel title="What was looked at" flush>
        <p className="pad">
          {coverage.identifiers === 0 ? 'The inventory has no names: nothing was looked for.' : <>Of {coverage.identifiers.toLocaleString('en')} names that must not be public, <strong>{coverage.proven.toLocaleString('en')} ({share(coverage.proven, coverage.identifiers)})</strong> were looked for completely in every source, {coverage.partly.toLocaleString('en')} partly, and {coverage.neverSwept.toLocaleString('en')} not at all.</>}
          {exposure.dismissed === 0 ? null : <> {count(exposure.dismissed, 'find')} of the quarter dismissed: no exposure, and counted apart.</>}
        </p>
        {Object.keys(coverage.bySource).length === 0 ? null : (
          <Table caption="Coverage by source" rows={Object.entries(coverage.bySource)} rowKey={([source]) => source} columns={[
            { key: 'source', title: 'Source', cell: ([source]) => <Link to={`/sources/${source}`}>{source}</Link> },
            { key: 'proven', title: 'Proven', align: 'end', cell: ([, of]) => of.proven.toLocaleString('en') },
            { key: 'partly', title: 'Partly', align: 'end', cell: ([, of]) => of.partly.toLocaleString('en') },
            { key: 'never', title: 'Not looked at', align: 'end', cell: ([, of]) => of.never.toLocaleString('en') },
          ]} />
        )}
      </Panel>
      <Breakdowns exposure={exposure} />
      <Names query={query} total={names} asOf={exposure.asOf} />
    </div>
  )
}

/** start + found + reopened - closed - withdrawn = end: it always adds up. */
function Movement({ exposure }: { readonly exposure: ExposureNumbers }) {
  const parts: readonly { readonly sign: string; readonly value: number; readonly label: string }[] = [
    { sign: '', value: exposure.exposedAtStart, label: 'at the start' }, { sign: '+', value: exposure.found, label: 'new' }, { sign: '+', value: exposure.reopened, label: 'exposed again' },
    { sign: '−', value: exposure.closed, label: 'closed' }, { sign: '−', value: exposure.withdrawn, label: 'dismissed since' }, { sign: '=', value: exposure.exposedAtEnd, label: exposure.isWhole ? 'at the end' : 'open now' },
  ]
  return (
    <dl className="movement" aria-label="How it came there">
      {parts.map(({ sign, value, label }) => <div key={label}><dd><span className="quiet" aria-hidden="true">{sign}</span>{value.toLocaleString('en')}</dd><dt className="quiet small">{label}</dt></div>)}
    </dl>
  )
}

function Duration({ title, about, value }: { readonly title: string; readonly about: string; readonly value: ExposureNumbers['mttd'] }) {
  const all = value.known + value.unknown
  return (
    <section className="duration">
      <h3>{title} <span className="quiet small">{about}</span></h3>
      <p className="duration-figure" title={value.medianHours === null ? undefined : `${value.medianHours} hours`}>{value.medianHours === null ? <span className="quiet">not known</span> : <>{inWords(value.medianHours)} <span className="quiet small">median</span></>}</p>
      <p className="quiet small">{value.meanHours === null ? '' : <>mean {inWords(value.meanHours)}, 95 % within {inWords(value.p95Hours ?? 0)}; </>}{all === 0 ? 'no names' : `${value.known} of ${all} with both dates (${share(value.known, all)})`}</p>
    </section>
  )
}

const breakdowns = [['source', 'source'], ['team', 'team'], ['ecosystem', 'ecosystem'], ['severity', 'severity'], ['role', 'role']] as const
type Breakdown = (typeof breakdowns)[number][0]
type Row = readonly [string, ExposureNumbers['by']['source'][string]]

function Breakdowns({ exposure }: { readonly exposure: ExposureNumbers }) {
  const [by, setBy] = useState<Breakdown>('source')
  const sorted = (one: Breakdown): Row[] => Object.entries(exposure.by[one]).sort(([, a], [, b]) => b.exposedAtEnd - a.exposedAtEnd || b.found - a.found)
  const most = Math.max(1, ...sorted(by).map(([, { exposedAtEnd }]) => exposedAtEnd))
  const columns = (title: string, widest: number): readonly Column<Row>[] => [
    { key: 'value', title, cell: ([value]) => (value === 'none' ? <span className="quiet">none</span> : <Untrusted text={value} limit={80} />) },
    { key: 'end', title: 'Exposed', cell: ([, { exposedAtEnd }]) => <Share value={exposedAtEnd} of={widest} /> },
    { key: 'found', title: 'New', align: 'end', cell: ([, { found }]) => found.toLocaleString('en') },
    { key: 'reopened', title: 'Again', align: 'end', cell: ([, { reopened }]) => reopened.toLocaleString('en') },
    { key: 'closed', title: 'Closed', align: 'end', cell: ([, { closed }]) => closed.toLocaleString('en') },
    { key: 'claimable', title: 'A stranger could take', align: 'end', cell: ([, { claimableAtEnd }]) => claimableAtEnd.toLocaleString('en') },
  ]
  return (
    <Panel title="Where, and whose" flush actions={<div className="segments no-print" role="group" aria-label="By">{breakdowns.map(([value, label]) => <button key={value} type="button" className="segment" aria-pressed={value === by} onClick={() => setBy(value)}>{label}</button>)}</div>}>
      {sorted(by).length === 0 ? <p className="pad quiet">No name was exposed or found in this quarter.</p> : <div className="no-print"><Table caption={`By ${by}`} columns={columns(breakdowns.find(([value]) => value === by)?.[1] ?? '', most)} rows={sorted(by)} rowKey={([value]) => value} /></div>}
      <div className="print-only">{breakdowns.map(([value, label]) => sorted(value).length === 0 ? null : <Table key={value} caption={`By ${label}`} columns={columns(`By ${label}`, Math.max(1, ...sorted(value).map(([, { exposedAtEnd }]) => exposedAtEnd)))} rows={sorted(value)} rowKey={([one]) => one} />)}</div>
    </Panel>
  )
}

/** A bar with its number beside it. */
function Share({ value, of }: { readonly value: number; readonly of: number }): ReactNode {
  return (
    <span className="share">
      <svg viewBox={`0 0 ${of} 1`} preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect width={value} height="1" /></svg>
      <span>{value.toLocaleString('en')}</span>
    </span>
  )
}

const nameColumns: readonly Column<ExposedName>[] = [
  { key: 'name', title: 'Name', cell: (name) => <div className="stack-tight"><Link to={`/findings/${name.findingId}`}><Untrusted text={name.identifier} limit={120} /></Link><span className="quiet small">{[name.ecosystem, name.team].filter((part) => part !== null).join(' · ')}</span></div> },
  { key: 'severity', title: 'Severity', cell: (name) => (name.severity === null ? <span className="quiet">not told</span> : <Severity value={name.severity} />) },
  { key: 'end', title: 'At the end', cell: (name) => (name.exposedAtEnd ? <Badge tone="critical">exposed</Badge> : <Badge tone={name.state === 'dismissed' ? 'neutral' : 'good'}>{name.state === 'dismissed' ? 'dismissed' : 'closed'}</Badge>) },
  { key: 'how', title: 'In the quarter', cell: (name) => (name.foundInQuarter ? 'new' : name.reopenedInQuarter ? 'exposed again' : 'from before') },
  { key: 'public', title: 'Public since', cell: (name) => (name.publicSince === null ? <span className="quiet">not known</span> : <>{name.publicSinceIsLowerBound ? <span className="quiet">at the latest </span> : ''}<FullMoment at={name.publicSince} only="day" /></>) },
  { key: 'seen', title: 'Found', cell: (name) => <FullMoment at={name.firstSeenAt} only="day" /> },
  { key: 'closed', title: 'Over', cell: (name) => (name.closedAt === null ? <span className="quiet">no</span> : <FullMoment at={name.closedAt} only="day" />) },
]

function Names({ query, total, asOf }: { readonly query: { readonly quarter?: string }; readonly total: number; readonly asOf: string }) {
  const pages = usePages('GET /api/exposure/names', { query })
  if (total === 0) return <Empty icon={<ShieldIcon />} title="No name was exposed or found in this quarter">How much that is worth, the coverage above tells.</Empty>
  return (
    <Panel title={`Names of the quarter (${total.toLocaleString('en')})`} flush>
      <Answered query={pages} what="the names">
        {({ pages: answers }) => {
          const rows = answers.flatMap(({ items }) => items)
          return (
            <>
              {answers[0]?.asOf === asOf ? null : <p className="pad quiet small">Something changed meanwhile: these names are as of <FullMoment at={answers[0]?.asOf ?? asOf} />.</p>}
              <Table caption="Names that were exposed or found in the quarter" columns={nameColumns} rows={rows} rowKey={({ findingId }) => findingId} />
              <More pages={pages} shown={rows.length} noun="name" />
              {rows.length < total ? <p className="pad print-only">The first {rows.length} of {total}; the CSV has all of them.</p> : null}
            </>
          )
        }}
      </Answered>
    </Panel>
  )
}

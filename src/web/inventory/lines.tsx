import { lazy, Suspense, useMemo, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { Input, InventoryLine } from '../../api/contract.ts'
import { useMay } from '../api/session.ts'
import { useCall, usePages } from '../api/use-call.ts'
import { Answered, Empty } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { InventoryIcon, PlusIcon } from '../parts/icons.tsx'
import { count, More } from '../parts/more.tsx'
import { Table, type Column } from '../parts/table.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { Filter, SearchFilter } from '../parts/filter.tsx'
import { InventoryScreen } from './inventory-screen.tsx'
import { Coverage, discloseWords, ecosystems, kindWords, originWords } from './words.tsx'
import './inventory.css'

const AddLine = lazy(() => import('./add-line.tsx').then((file) => ({ default: file.AddLine })))

const keys = ['q', 'state', 'coverage', 'ecosystem', 'team', 'disclose', 'origin', 'form'] as const
type Filters = NonNullable<Input<'GET /api/inventory'>['query']>

const columns: readonly Column<InventoryLine>[] = [
  { key: 'name', title: 'Name', cell: (line) => (
    <div className="stack-tight">
      <Link to={`/inventory/${line.id}`} className="line-name"><Untrusted text={line.name} limit={160} /></Link>
      <span className="quiet small">{kindWords(line)}{line.form !== 'name' && line.spelledOut > 0 ? `, ${line.spelledOut} spelled out` : ''}</span>
    </div>
  ) },
  { key: 'team', title: 'Team', cell: (line) => (line.team === null ? <span className="quiet">none</span> : <Untrusted text={line.team} limit={60} />) },
  { key: 'disclose', title: 'Disclosed', cell: (line) => (line.publicOnPurpose ? <Badge tone="accent">public on purpose</Badge> : discloseWords(line.disclose)) },
  { key: 'coverage', title: 'Coverage', cell: (line) => <Coverage line={line} /> },
  { key: 'findings', title: 'Findings', align: 'end', cell: (line) => (line.findings.total === 0 ? <span className="quiet">0</span> : (
    <Link to={`/inventory/${line.id}`}>{line.findings.unsettled > 0 ? <strong>{line.findings.unsettled}</strong> : 0}<span className="quiet"> of {line.findings.total}</span><span className="unseen"> findings unsettled</span></Link>
  )) },
  { key: 'origin', title: 'Kept in', cell: (line) => <span className="quiet small"><Untrusted text={originWords(line)} limit={80} /></span> },
]

/** The list of internal names. Filters stand in the address. */
export function Lines() {
  const [address, setAddress] = useSearchParams()
  const [adding, setAdding] = useState(false)
  const may = useMay('analyst')
  const summary = useCall('GET /api/inventory/summary')
  const query = useMemo(() => {
    const chosen: Record<string, string> = {}
    for (const key of keys) {
      const value = address.get(key)
      if (value !== null && value !== '') chosen[key] = value
    }
    // What the address says is checked by the server, which knows the words.
    return chosen as Filters
  }, [address])
  const pages = usePages('GET /api/inventory', { query }, { keepPrevious: true })
  const filtered = Object.keys(query).length > 0
  const set = (key: (typeof keys)[number], value: string): void => {
    const next = new URLSearchParams(address)
    if (value === '') next.delete(key)
    else next.set(key, value)
    setAddress(next, { replace: true })
  }
  return (
    <InventoryScreen
      title="Inventory"
      about={summary.data === undefined ? 'The internal names that must not be public.' : `${count(summary.data.lines, 'line')}, of which ${count(summary.data.patterns, 'pattern')}. ${summary.data.coverage.proven ?? 0} proven everywhere, ${summary.data.coverage.partly ?? 0} partly, ${summary.data.coverage.never ?? 0} not looked at.`}
      actions={may ? <><Link className="button button-plain" to="/inventory/import">Import a list</Link><Button look="primary" onClick={() => setAdding(true)}><PlusIcon /> Add a name</Button></> : null}
    >
      {summary.data !== undefined && summary.data.unplanned.length > 0 ? (
        <p className="note" role="status">The inventory changed: {summary.data.unplanned.length === 1 ? 'one source is' : `${summary.data.unplanned.length} sources are`} planned anew within the minute. New names are searched for from the next sweep on.</p>
      ) : null}
      <div className="filters" role="search">
        <SearchFilter label="Search names" value={query.q ?? ''} onChange={(value) => set('q', value)} />
        <Filter label="Show" value={String(query.state ?? '')} onChange={(value) => set('state', value)} options={[['', 'current lines'], ['spelled-out', 'spelled out by patterns'], ['retired', 'retired']]} />
        <Filter label="Coverage" value={String(query.coverage ?? '')} onChange={(value) => set('coverage', value)} options={[['', 'any'], ['proven', 'proven'], ['partly', 'partly'], ['never', 'not looked at']]} />
        <Filter label="Ecosystem" value={String(query.ecosystem ?? '')} onChange={(value) => set('ecosystem', value)} options={[['', 'any'], ...ecosystems.map((one) => [one, one] as const), ['none', 'none']]} />
        <Filter label="Team" value={String(query.team ?? '')} onChange={(value) => set('team', value)} options={[['', 'any'], ...(summary.data?.teams ?? []).map((team) => [team, team] as const), ['none', 'none']]} />
        <Filter label="Disclosed" value={String(query.disclose ?? '')} onChange={(value) => set('disclose', value)} options={[['', 'any'], ['name', 'name'], ['stem', 'stem only'], ['never', 'never']]} />
        <Filter label="Kept in" value={String(query.origin ?? '')} onChange={(value) => set('origin', value)} options={[['', 'any'], ['inventory', 'configuration'], ['page', 'this page'], ['accepted', 'accepted']]} />
        {filtered ? <Button look="quiet" onClick={() => setAddress({}, { replace: true })}>Clear</Button> : null}
      </div>
      <Answered query={pages} what="the inventory">
        {({ pages: answers }) => {
          const lines = answers.flatMap(({ items }) => items)
          if (lines.length === 0) return filtered
            ? <Empty title="No line fits these filters" actions={<Button onClick={() => setAddress({}, { replace: true })}>Clear the filters</Button>}>The inventory itself is not empty.</Empty>
            : <Empty icon={<InventoryIcon />} title="The inventory is empty" actions={may ? <Button look="primary" onClick={() => setAdding(true)}>Add a name</Button> : null}>Without a name nothing is looked for. Add one here, or list names in namesake.yaml.</Empty>
          return (
            <>
              <div className="panel table-panel"><Table caption="Lines of the inventory" columns={columns} rows={lines} rowKey={({ id }) => id} /></div>
              <More pages={pages} shown={lines.length} noun="line" />
            </>
          )
        }}
      </Answered>
      {adding ? <Suspense><AddLine onClose={() => setAdding(false)} teams={summary.data?.teams ?? []} /></Suspense> : null}
    </InventoryScreen>
  )
}

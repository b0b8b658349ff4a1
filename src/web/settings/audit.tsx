import { useSearchParams } from 'react-router'
import type { AuditRow } from '../../api/contract.ts'
import { useMay } from '../api/session.ts'
import { usePages } from '../api/use-call.ts'
import { Answered, Empty } from '../parts/answers.tsx'
import { Button } from '../parts/button.tsx'
import { Filter, SearchFilter } from '../parts/filter.tsx'
import { FullMoment } from '../parts/moment.tsx'
import { More } from '../parts/more.tsx'
import { Table, type Column } from '../parts/table.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { SettingsScreen } from './settings-screen.tsx'

const columns: readonly Column<AuditRow>[] = [
  { key: 'at', title: 'When', cell: ({ at }) => <FullMoment at={at} /> },
  { key: 'actor', title: 'Who', cell: ({ actor }) => <div className="stack-tight"><Untrusted text={actor.name} limit={100} />{actor.kind === 'user' ? null : <span className="quiet small">{({ token: 'by a token', cli: 'on the command line', slack: 'in Slack', system: 'the system' } as const)[actor.kind]}</span>}</div> },
  { key: 'verb', title: 'What', cell: ({ verb }) => verb.replaceAll('-', ' ') },
  { key: 'subject', title: 'To what', cell: ({ subject }) => <div className="stack-tight"><Untrusted text={subject.name} limit={160} /><span className="quiet small">{subject.kind}</span></div> },
  { key: 'facts', title: 'Facts', cell: ({ facts }) => <Facts facts={facts} /> },
]

function Facts({ facts }: { readonly facts: AuditRow['facts'] }) {
  const known = Object.entries(facts).filter(([key, value]) => value !== null && value !== '' && key !== 'id')
  return <ul className="facts-list">{known.map(([key, value]) => <li key={key}><span className="quiet">{key}:</span> <Untrusted text={String(value)} limit={120} /></li>)}</ul>
}

/** What was done that is no event of a finding, by whom, newest first. */
export function Audit() {
  const may = useMay('administrator')
  const [address, setAddress] = useSearchParams()
  const verb = address.get('verb') ?? ''
  const actor = address.get('actor') ?? ''
  const pages = usePages('GET /api/audit', { query: { ...(verb === '' ? {} : { verb }), ...(actor === '' ? {} : { actor }) } }, { enabled: may, keepPrevious: true })
  const set = (key: string, value: string): void => {
    const next = new URLSearchParams(address)
    if (value === '') next.delete(key)
    else next.set(key, value)
    setAddress(next, { replace: true })
  }
  if (!may) return <SettingsScreen title="Audit log"><Empty title="It takes an administrator">What happened to a finding stands in its own history, for everybody.</Empty></SettingsScreen>
  const verbs = pages.data?.pages[0]?.verbs ?? []
  return (
    <SettingsScreen title="Audit log" about="Who did what, newest first. Nothing in it can be changed or deleted. What happened to a finding stands in its own history.">
      <div className="filters" role="search">
        <Filter label="What" value={verb} onChange={(value) => set('verb', value)} options={[['', 'anything'], ...verbs.map((one) => [one, one.replaceAll('-', ' ')] as const)]} />
        <SearchFilter label="Who: the whole e-mail or name" value={actor} onChange={(value) => set('actor', value)} />
        {verb === '' && actor === '' ? null : <Button look="quiet" onClick={() => setAddress({}, { replace: true })}>Clear</Button>}
      </div>
      <Answered query={pages} what="the audit log">
        {({ pages: answers }) => {
          const rows = answers.flatMap(({ items }) => items)
          if (rows.length === 0) return <Empty title={verb === '' && actor === '' ? 'Nothing was done yet' : 'Nothing fits these filters'} />
          return <><div className="panel table-panel"><Table caption="Audit log" columns={columns} rows={rows} rowKey={({ id }) => id} /></div><More pages={pages} shown={rows.length} noun="line" /></>
        }}
      </Answered>
    </SettingsScreen>
  )
}

import { memo, type MouseEvent } from 'react'
import { Link } from 'react-router'
import type { FindingRow } from '../../api/contract.ts'
import { Badge, Severity } from '../parts/badge.tsx'
import { Moment } from '../parts/moment.tsx'
import { Tip } from '../parts/tip.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { ClaimBadge } from '../triage/claim-badge.tsx'
import { dismissalWord, ecosystemWord, many, sourceWord, stateTones, stateWords } from '../triage/words.ts'

export interface RowActions {
  readonly choose: (id: string, chosen: boolean, range: boolean) => void
  readonly look: (id: string) => void
}

/** Severity with its reasons on hover and focus. */
export function SeverityWithReasons({ severity, reasons }: Pick<FindingRow, 'severity' | 'reasons'>) {
  return (
    <Tip content={<ul>{reasons.map((reason) => <li key={reason}><Untrusted text={reason} limit={300} /></li>)}</ul>}>
      <button type="button" className="why"><Severity value={severity} /><span className="unseen">. Why: {reasons.map((reason) => plain(reason, 300)).join('; ')}</span></button>
    </Tip>
  )
}

/** A finding of the inbox. All of it leads to the finding; its controls stand above that. */
export const Row = memo(function Row({ row, chosen, current, settled, actions }: { readonly row: FindingRow; readonly chosen: boolean; readonly current: boolean; readonly settled: boolean; readonly actions: RowActions }) {
  const choose = (event: MouseEvent<HTMLInputElement>): void => actions.choose(row.id, event.currentTarget.checked, event.shiftKey)
  return (
    <li className="finding-row" data-chosen={chosen || undefined} data-current={current || undefined} data-settled={settled || undefined}>
      <label className="finding-check">
        <input type="checkbox" className="checkbox" checked={chosen} onClick={choose} readOnly />
        <span className="unseen">Select {plain(row.identifier)}</span>
      </label>
      <div className="finding-severity"><SeverityWithReasons severity={row.severity} reasons={row.reasons} /></div>
      <div className="finding-what">
        <div className="finding-name">
          <Link id={`finding-${row.id}`} to={`/findings/${row.id}`} onFocus={() => actions.look(row.id)} className="mono"><Untrusted text={row.identifier} limit={160} /></Link>
          {row.ecosystem === null ? <Badge>{row.kind}</Badge> : <Badge>{ecosystemWord(row.ecosystem)}</Badge>}
          {row.state === 'open' && !settled ? null : <Badge tone={stateTones[row.state]}>{stateWords[row.state]}{row.dismissedReason === null ? '' : `: ${plain(dismissalWord(row.dismissedReason), 60)}`}</Badge>}
          {row.proposed === null ? null : <Tip content={<Untrusted text={row.proposed.reason} />}><button type="button" className="why"><Badge tone="good">Looks resolved</Badge></button></Tip>}
          {row.drill ? <Badge tone="medium">Drill</Badge> : null}
        </div>
        <p className="finding-why quiet">{row.reasons[0] === undefined ? null : <Untrusted text={row.reasons[0]} limit={220} />}</p>
        {row.place === null ? null : (
          <p className="finding-place quiet small">
            <span>{sourceWord(row.place.source)}</span>{' '}
            <Untrusted text={row.place.repository} limit={100} className="mono" />
            {row.place.path === null ? null : <> <Untrusted text={`${row.place.path}:${row.place.line}`} limit={120} className="mono" /></>}
            {row.sources.length > 1 ? <span> +{many(row.sources.length - 1, 'source')}</span> : null}
          </p>
        )}
      </div>
      <div className="finding-claim"><ClaimBadge claim={row.claim} /></div>
      <div className="finding-places small">
        {many(row.places, 'place')}
        <div className="quiet">{row.livePlaces === row.places ? (row.groups < row.places ? many(row.groups, 'group') : '') : `${row.livePlaces} still public`}</div>
      </div>
      <div className="finding-age small"><Moment at={row.firstSeenAt} short />{row.team === null ? null : <div className="quiet"><Untrusted text={row.team} limit={40} /></div>}</div>
      <div className="finding-assignee small">{row.assignee === null ? <span className="quiet" aria-label="Nobody is assigned">—</span> : <Person name={row.assignee.name} />}</div>
    </li>
  )
})

/** Initials, with the name beside or for screen readers. */
export function Person({ name, full = false }: { readonly name: string; readonly full?: boolean }) {
  const initials = name.split(/\s+/, 3).map((word) => word[0] ?? '').join('').slice(0, 2).toUpperCase()
  return <span className="person-mark" title={plain(name)}><span className="initials" aria-hidden="true">{initials}</span><span className={full ? undefined : 'unseen'}><Untrusted text={name} limit={60} /></span></span>
}

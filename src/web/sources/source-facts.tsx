import type { SourceRow } from '../../api/contract.ts'
import { Moment } from '../parts/moment.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { outcomes } from './words.tsx'
import './sources.css'

export function Schedule({ source }: { readonly source: SourceRow }) {
  return <>{source.nextTickAt === null ? 'no next sweep' : <>next sweep <Moment at={source.nextTickAt} /></>} <code title="Cron, in UTC">{source.schedule}</code></>
}

/** Shares of outcomes; the words beneath say the same. */
export function Outcomes({ source }: { readonly source: SourceRow }) {
  const widths = outcomes.map((outcome) => source.byOutcome[outcome] ?? 0)
  return (
    <svg className="outcomes" viewBox={`0 0 ${Math.max(1, source.watches)} 1`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {outcomes.map((outcome, index) => widths[index] === 0 ? null : (
        <rect key={outcome} className={`outcome-${outcome}`} x={widths.slice(0, index).reduce((sum, width) => sum + width, 0)} width={widths[index]} height="1" />
      ))}
    </svg>
  )
}

export function Budget({ source: { budget } }: { readonly source: SourceRow }) {
  const used = budget.done + budget.pending
  const left = Math.max(0, budget.allowed - used)
  return (
    <>
      <svg className="outcomes" viewBox={`0 0 ${Math.max(1, budget.allowed)} 1`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect className="outcome-complete" width={Math.min(budget.done, budget.allowed)} height="1" /><rect className="outcome-never" x={budget.done} width={Math.min(budget.pending, Math.max(0, budget.allowed - budget.done))} height="1" />
      </svg>
      <p className="small">{budget.done.toLocaleString('en')} done{budget.pending === 0 ? '' : `, ${budget.pending.toLocaleString('en')} waiting`}, {left.toLocaleString('en')} of {budget.allowed.toLocaleString('en')} left ({rate(budget.perMinute)})</p>
    </>
  )
}

function rate(perMinute: number): string {
  return perMinute >= 1 ? `${Math.round(perMinute).toLocaleString('en')} a minute` : `one in ${Math.round(1 / perMinute)} minutes`
}

/** Why runs were not complete, in words, the most frequent first. */
export function Troubles({ source }: { readonly source: SourceRow }) {
  return (
    <div>
      <h3 className="quiet small">Why runs were not complete</h3>
      <ul className="troubles">
        {source.troubles.map(({ reason, watches, at }) => <li key={reason}><Untrusted text={reason} limit={240} /> <span className="quiet small nowrap">{watches === 1 ? 'one query' : `${watches} queries`}, <Moment at={at} /></span></li>)}
      </ul>
    </div>
  )
}

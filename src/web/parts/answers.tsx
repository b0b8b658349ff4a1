import type { ReactNode } from 'react'
import { CallFailed } from '../api/call.ts'
import { Button } from './button.tsx'
import { AgainIcon, WarnIcon } from './icons.tsx'
import './answers.css'

/** Nothing to show, and what that means. `title` is never a bare "no results". */
export function Empty({ icon, title, children, actions }: { readonly icon?: ReactNode; readonly title: string; readonly children?: ReactNode; readonly actions?: ReactNode }) {
  return (
    <div className="empty">
      {icon === undefined ? null : <div className="empty-icon">{icon}</div>}
      <h2>{title}</h2>
      {children === undefined ? null : <div className="empty-text quiet">{children}</div>}
      {actions === undefined ? null : <div className="row">{actions}</div>}
    </div>
  )
}

/** Grey lines in the place of what is coming; told once to a screen reader. */
export function Loading({ what, rows = 6 }: { readonly what: string; readonly rows?: number }) {
  return (
    <div className="loading" role="status">
      <span className="unseen">Loading {what}…</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="loading-row" aria-hidden="true"><span /><span /><span /></div>
      ))}
    </div>
  )
}

/** It could not be told: what failed, why, and the way out. Never shown as "nothing there". */
export function Failure({ what, error, onRetry }: { readonly what: string; readonly error: unknown; readonly onRetry?: () => void }) {
  const told = error instanceof CallFailed ? error : null
  return (
    <div className="failure" role="alert">
      <WarnIcon />
      <div className="stack-small">
        <h2>{what} could not be loaded</h2>
        <p>{told === null ? 'The page made a mistake.' : `${told.title}. ${told.detail}`}</p>
        <p className="quiet small">This says nothing about whether there is anything to see.</p>
        {onRetry === undefined ? null : <div><Button onClick={onRetry}><AgainIcon /> Try again</Button></div>}
      </div>
    </div>
  )
}

interface Asked<Data> { readonly data: Data | undefined; readonly error: unknown; readonly refetch: () => unknown }

/** What a query answered, or that it is loading, or that it failed. What is known stays on the page when asking again fails. */
export function Answered<Data>({ query, what, rows, children }: { readonly query: Asked<Data>; readonly what: string; readonly rows?: number; readonly children: (data: Data) => ReactNode }) {
  if (query.data !== undefined) return <>{query.error === null ? null : <Stale error={query.error} onRetry={() => void query.refetch()} />}{children(query.data)}</>
  if (query.error !== null) return <Failure what={`${what[0]?.toUpperCase() ?? ''}${what.slice(1)}`} error={query.error} onRetry={() => void query.refetch()} />
  return <Loading what={what} {...(rows === undefined ? {} : { rows })} />
}

/** What is shown is older than it should be. */
export function Stale({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <div className="stale" role="alert">
      <WarnIcon />
      <span>{error instanceof CallFailed ? `${error.title}.` : 'The page made a mistake.'} What you see may be old.</span>
      <Button look="quiet" onClick={onRetry}>Try again</Button>
    </div>
  )
}

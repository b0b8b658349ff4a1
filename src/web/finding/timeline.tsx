import { useState, type FormEvent, type ReactNode } from 'react'
import type { EventRow, FindingDetail } from '../../api/contract.ts'
import { usePages } from '../api/use-call.ts'
import { Answered } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { TextAreaField } from '../parts/field.tsx'
import { AgainIcon, CheckIcon, CommentIcon, CrossIcon, InfoIcon, PersonIcon, PlusIcon, SearchIcon } from '../parts/icons.tsx'
import { Moment } from '../parts/moment.tsx'
import { Panel } from '../parts/screen.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { dismissalWord, sourceWord } from '../triage/words.ts'

/** Everything that happened, newest first, with the comments among it. */
export function Timeline({ finding, onComment }: { readonly finding: FindingDetail; readonly onComment: ((comment: string) => Promise<void>) | null }) {
  const events = usePages('GET /api/findings/{id}/events', { params: { id: finding.id }, query: { limit: 30 } })
  return (
    <Panel title="What happened">
      {onComment === null ? null : <CommentBox onComment={onComment} />}
      <Answered query={events} what="what happened" rows={3}>
        {({ pages }) => <>
          <ol className="timeline">{pages.flatMap(({ items }) => items).map((event) => <Event key={event.id} event={event} />)}</ol>
          {events.hasNextPage ? <Button look="quiet" busy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>Show earlier</Button> : null}
        </>}
      </Answered>
    </Panel>
  )
}

const words: Readonly<Record<string, { readonly says: string; readonly icon: ReactNode }>> = {
  found: { says: 'found it', icon: <SearchIcon /> },
  acknowledged: { says: 'acknowledged it', icon: <CheckIcon /> },
  resolved: { says: 'resolved it', icon: <CheckIcon /> },
  dismissed: { says: 'dismissed it', icon: <CrossIcon /> },
  reopened: { says: 'reopened it', icon: <AgainIcon /> },
  'place-added': { says: 'found it in another place', icon: <PlusIcon /> },
  'place-gone': { says: 'saw a place gone', icon: <CrossIcon /> },
  'place-returned': { says: 'saw a place come back', icon: <AgainIcon /> },
  commented: { says: 'commented', icon: <CommentIcon /> },
  assigned: { says: 'assigned it', icon: <PersonIcon /> },
  dated: { says: 'found out since when it is public', icon: <InfoIcon /> },
  proposed: { says: 'proposes to resolve it', icon: <CheckIcon /> },
  'proposal-withdrawn': { says: 'withdrew the proposal to resolve it', icon: <AgainIcon /> },
  suppressed: { says: 'suppressed copies', icon: <CrossIcon /> },
  unsuppressed: { says: 'took suppressions back', icon: <AgainIcon /> },
}

function Event({ event }: { readonly event: EventRow }) {
  const { says, icon } = words[event.verb] ?? { says: event.verb, icon: <InfoIcon /> }
  const facts = Object.entries(event.facts).filter(([, value]) => value !== null)
  return (
    <li className="event">
      <span className="event-icon">{icon}</span>
      <div className="event-told">
        <p><strong>{event.actor.kind === 'system' ? 'namesake' : <Untrusted text={event.actor.name} limit={80} />}</strong> {says}{event.reason === null ? '' : ': '}{event.reason === null ? null : <Untrusted text={dismissalWord(event.reason)} />} {event.actor.kind === 'system' || event.actor.kind === 'user' ? null : <Badge>{actorWords[event.actor.kind]}</Badge>} <span className="quiet small"><Moment at={event.at} /></span></p>
        {event.comment === null ? null : <div className="comment"><Untrusted text={event.comment} lines limit={2_000} /></div>}
        <Place facts={event.facts} />
        {facts.length === 0 ? null : (
          <details className="quiet small">
            <summary>Details</summary>
            <p className="event-facts">{facts.map(([key, value]) => <span key={key}><Untrusted text={`${key}: ${String(value)}`} limit={160} /></span>)}</p>
          </details>
        )}
      </div>
    </li>
  )
}
const actorWords = { cli: 'command line', slack: 'Slack', token: 'API token', user: 'page', system: 'system' } as const

function CommentBox({ onComment }: { readonly onComment: (comment: string) => Promise<void> }) {
  const [comment, setComment] = useState('')
  const [busy, setBusy] = useState(false)
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy || comment.trim() === '') return
    setBusy(true)
    try {
      await onComment(comment.trim())
      setComment('')
    } catch {
      // Told already; what was written stays.
    }
    setBusy(false)
  }
  return (
    <form className="comment-box" onSubmit={(event) => void send(event)}>
      <TextAreaField label={<span className="unseen">Comment</span>} placeholder="Write a comment" rows={2} maxLength={10_000} value={comment} onChange={(event) => setComment(event.target.value)} />
      <Button type="submit" busy={busy} disabled={comment.trim() === ''}>Comment</Button>
    </form>
  )
}

/** Which place an event is about, where it is about one. */
function Place({ facts }: Pick<EventRow, 'facts'>) {
  const { source, container, path, line } = facts
  if (typeof container !== 'string') return null
  const where = `${container}${typeof path === 'string' ? ` ${path}` : ''}${typeof line === 'number' ? `:${line}` : ''}`
  return <p className="quiet small">{typeof source === 'string' ? <>{sourceWord(source)} </> : null}<code><Untrusted text={where} limit={200} /></code></p>
}

import { useState } from 'react'
import type { FindingDetail, OccurrenceRow } from '../../api/contract.ts'
import { usePages } from '../api/use-call.ts'
import { Answered } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { DownIcon, RightIcon, WarnIcon } from '../parts/icons.tsx'
import { FullMoment, Moment } from '../parts/moment.tsx'
import { OutsideLink } from '../parts/outside-link.tsx'
import { Panel } from '../parts/screen.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { many, roleWords, sourceWord, statusWords } from '../triage/words.ts'
import { Snippet } from './snippet.tsx'

type OnSuppress = ((occurrence: OccurrenceRow) => void) | null

/** Where the name stands in public; copies folded under one of them. */
export function Places({ finding, onSuppress }: { readonly finding: FindingDetail; readonly onSuppress: OnSuppress }) {
  const places = usePages('GET /api/findings/{id}/occurrences', { params: { id: finding.id }, query: { limit: 20 } })
  return (
    <Panel title={`Where: ${many(finding.places, 'place')}`} flush>
      <Answered query={places} what="its places" rows={3}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items)
          return <>
            {items.length === 0 ? <p className="quiet panel-body">No place of it is known any more.</p> : <ol className="places">{items.map((place) => <Place key={place.id} findingId={finding.id} place={place} onSuppress={onSuppress} />)}</ol>}
            {places.hasNextPage ? <div className="list-more"><Button look="quiet" busy={places.isFetchingNextPage} onClick={() => void places.fetchNextPage()}>Show more places</Button></div> : null}
          </>
        }}
      </Answered>
    </Panel>
  )
}

function Place({ findingId, place, onSuppress, copy = false }: { readonly findingId: string; readonly place: OccurrenceRow; readonly onSuppress: OnSuppress; readonly copy?: boolean }) {
  const [open, setOpen] = useState(false)
  const status = statusWords[place.status]
  return (
    <li className={copy ? 'place place-copy' : 'place'}>
      <div className="place-head">
        <div className="place-where">
          <OutsideLink url={place.url}>
            <span className="mono"><Untrusted text={place.repository} limit={120} />{place.path === null ? null : <> <span className="place-path"><Untrusted text={place.path} limit={300} />:{place.line}</span></>}</span>
          </OutsideLink>
        </div>
        <span className="row"><Badge>{roleWords[place.role]}</Badge><Badge tone={status.tone}>{status.word}</Badge>{place.suppressed === null ? null : <Badge>Suppressed</Badge>}</span>
      </div>
      <Snippet text={place.snippet} highlights={place.highlights} line={place.line} />
      {place.mentions.length === 0 ? null : (
        <p className="quiet small">Also on {place.mentions.slice(0, 12).map(({ line, column, role }, index) => <span key={`${line}:${column}`}>{index === 0 ? '' : ', '}line {line} ({roleWords[role].toLowerCase()})</span>)}{place.mentionCount > Math.min(12, place.mentions.length) + 1 ? `, and ${place.mentionCount - 1 - Math.min(12, place.mentions.length)} more` : ''}</p>
      )}
      <p className="place-about small">
        <span>{sourceWord(place.source)}</span>
        {place.author === null ? null : <span>by <Who person={place.author} /></span>}
        {place.introducedAt === null ? <span>public since at least <Moment at={place.firstSeenAt} /></span> : <span>brought in <FullMoment at={place.introducedAt} only="day" /></span>}
        {place.owner === null || (place.author !== null && place.owner.login !== null && place.owner.login === place.author.login) ? null : <span>belongs to <Who person={place.owner} /></span>}
        {place.checkedAt === null ? <span>last seen <Moment at={place.lastSeenAt} /></span> : <span>checked <Moment at={place.checkedAt} /></span>}
        {place.licence === null ? null : <span>licence <Untrusted text={place.licence} limit={300} /></span>}
      </p>
      {place.statusReason === null || place.status === 'live' ? null : <p className="quiet small">{status.word}: <Untrusted text={place.statusReason} /></p>}
      {place.suppressed === null ? null : <p className="quiet small">Quiet until <FullMoment at={place.suppressed.until} only="day" />: <Untrusted text={place.suppressed.reason} /></p>}
      {place.doubts.length === 0 ? null : <ul className="doubts small">{place.doubts.map((doubt) => <li key={doubt}><WarnIcon /> <Untrusted text={doubt} /></li>)}</ul>}
      <Details place={place} />
      <div className="row place-actions no-print">
        {place.copies === 0 ? null : <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? <DownIcon /> : <RightIcon />} {many(place.copies, 'copy', 'copies')}</Button>}
        {onSuppress === null || place.suppressed !== null ? null : <Button look="quiet" onClick={() => onSuppress(place)}>Suppress copies…</Button>}
        {copy && place.copyReason !== null ? <span className="quiet small">Copy: <Untrusted text={place.copyReason} /></span> : null}
      </div>
      {open ? <Copies findingId={findingId} of={place.id} onSuppress={onSuppress} /> : null}
    </li>
  )
}

/** Loaded when somebody asks: there may be thousands. */
function Copies({ findingId, of, onSuppress }: { readonly findingId: string; readonly of: string; readonly onSuppress: OnSuppress }) {
  const copies = usePages('GET /api/findings/{id}/occurrences', { params: { id: findingId }, query: { copyOf: of, limit: 20 } })
  return (
    <Answered query={copies} what="the copies" rows={2}>
      {({ pages }) => <>
        <ol className="places copies">{pages.flatMap(({ items }) => items).map((place) => <Place key={place.id} findingId={findingId} place={place} onSuppress={onSuppress} copy />)}</ol>
        {copies.hasNextPage ? <div className="list-more"><Button look="quiet" busy={copies.isFetchingNextPage} onClick={() => void copies.fetchNextPage()}>Show more copies</Button></div> : null}
      </>}
    </Answered>
  )
}

/** What a person is to the company, as far as it can be proven; the reason stands in the title. */
const relationWords: Readonly<Record<string, string>> = {
  own: 'us', member: 'member of our organisation', known: 'on our list of people', 'email-domain': 'with an address of ours', profile: 'names us as employer',
}

function Who({ person }: { readonly person: NonNullable<OccurrenceRow['author']> }) {
  const name = person.name ?? person.login
  return (
    <>
      {name === null ? 'somebody' : <Untrusted text={name} limit={80} />}
      {person.login === null || person.login === name ? null : <> (<Untrusted text={person.login} limit={60} />)</>}
      {person.relation === 'unknown' ? null : <>, <span title={person.reason}>{relationWords[person.relation] ?? person.relation}</span></>}
    </>
  )
}

/** What format and source say besides. */
function Details({ place }: { readonly place: OccurrenceRow }) {
  const facts = [...Object.entries(place.details), ...Object.entries(place.facts).flatMap(([key, value]) => (value === null || value === false ? [] : [[key, String(value)] as const]))]
  if (facts.length === 0) return null
  return (
    <details className="place-details small">
      <summary>Details</summary>
      <dl className="facts">{facts.map(([key, value]) => <div key={key}><dt><Untrusted text={key} limit={60} /></dt><dd><Untrusted text={value} limit={300} /></dd></div>)}</dl>
    </details>
  )
}

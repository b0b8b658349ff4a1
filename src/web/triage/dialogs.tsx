import { useState } from 'react'
import type { FindingRow, OccurrenceRow, TriageBody } from '../../api/contract.ts'
import { call, CallFailed } from '../api/call.ts'
import { useSession } from '../api/session.ts'
import { queryClient, useCall } from '../api/use-call.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { ChoiceField, SelectField, TextAreaField, TextField } from '../parts/field.tsx'
import { inDays } from '../parts/moment.tsx'
import { tell } from '../parts/toast.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { showRows, useTriage } from './verbs.ts'
import { dismissalWords, many, type Dismissal } from './words.ts'

/** Which dialog is open, about what. */
export type Asking =
  | { readonly dialog: 'dismiss' | 'assign' | 'resolve' | 'mark-public' | 'comment'; readonly rows: readonly FindingRow[] }
  | { readonly dialog: 'suppress'; readonly row: FindingRow; readonly occurrence: OccurrenceRow }

export function TriageDialog({ asking, onClose }: { readonly asking: Asking; readonly onClose: () => void }) {
  switch (asking.dialog) {
    case 'dismiss':
      return <Dismiss rows={asking.rows} onClose={onClose} />
    case 'assign':
      return <Assign rows={asking.rows} onClose={onClose} />
    case 'resolve':
      return <WithComment rows={asking.rows} onClose={onClose} title="Resolve" submit="Resolve" hint="What was done about it. May be empty." about="The leak is dealt with: taken down, or the name is no longer worth taking. A new place opens the finding again." action={(comment) => ({ verb: 'resolve', ...(comment === '' ? {} : { comment }) })} />
    case 'mark-public':
      return <WithComment rows={asking.rows} onClose={onClose} title="Mark public on purpose" submit="Mark public" required hint="Who decided that, and why." about="The name may be known from now on: no further place of it is news. Reopen takes it back." action={(reason) => ({ verb: 'mark-public', reason })} />
    case 'comment':
      return <WithComment rows={asking.rows} onClose={onClose} title="Comment" submit="Comment" required action={(comment) => ({ verb: 'comment', comment })} />
    case 'suppress':
      return <Suppress row={asking.row} occurrence={asking.occurrence} onClose={onClose} />
  }
}

function Subject({ rows }: { readonly rows: readonly FindingRow[] }) {
  const [first] = rows
  return rows.length === 1 && first !== undefined ? <Untrusted text={first.identifier} limit={80} className="mono" /> : <>{many(rows.length, 'finding')}</>
}

/** Does the verb, closes; what failed was told, and the dialog stays with what was written. */
function useDoing(rows: readonly FindingRow[], onClose: () => void) {
  const triage = useTriage()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const act = async (action: TriageBody): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      await triage(rows, action)
      onClose()
    } catch (error) {
      setBusy(false)
      setFailure(error instanceof CallFailed ? `${error.title}. ${error.faults.map(({ key, expected }) => `${key}: ${expected}`).join('. ') || error.detail}` : 'The page made a mistake.')
    }
  }
  return { busy, failure, act }
}

function WithComment({ rows, onClose, title, about, submit, hint, required = false, action }: { readonly rows: readonly FindingRow[]; readonly onClose: () => void; readonly title: string; readonly about?: string; readonly submit: string; readonly hint?: string; readonly required?: boolean; readonly action: (comment: string) => TriageBody }) {
  const { busy, failure, act } = useDoing(rows, onClose)
  const [comment, setComment] = useState('')
  return (
    <FormDialog title={<>{title}: <Subject rows={rows} /></>} about={about} open onClose={onClose} submit={submit} busy={busy} failure={failure} onSubmit={() => void act(action(comment.trim()))}>
      <TextAreaField label={title === 'Mark public on purpose' ? 'Reason' : 'Comment'} hint={hint} required={required} maxLength={10_000} value={comment} onChange={(event) => setComment(event.target.value)} />
    </FormDialog>
  )
}

function Dismiss({ rows, onClose }: { readonly rows: readonly FindingRow[]; readonly onClose: () => void }) {
  const { busy, failure, act } = useDoing(rows, onClose)
  const [reason, setReason] = useState<Dismissal | null>(null)
  const [comment, setComment] = useState('')
  const [until, setUntil] = useState('')
  const [missing, setMissing] = useState<string | null>(null)
  const send = (): void => {
    if (reason === null) setMissing('Choose a reason: it is counted.')
    else if (reason === 'other' && comment.trim() === '') setMissing('“Other” needs a comment that says why.')
    else void act({ verb: 'dismiss', reason, ...(comment.trim() === '' ? {} : { comment: comment.trim() }), ...(until === '' ? {} : { expiresAt: `${until}T00:00:00Z` }) })
  }
  // Object.entries forgets that the keys are the closed list.
  const choices = (Object.entries(dismissalWords) as [Dismissal, (typeof dismissalWords)[Dismissal]][]).map(([value, { label, hint }]) => ({ value, label, hint }))
  return (
    <FormDialog title={<>Dismiss: <Subject rows={rows} /></>} about="It leaves the inbox and is counted as dismissed." open onClose={onClose} submit="Dismiss" busy={busy} failure={missing ?? failure} onSubmit={send}>
      <ChoiceField label="Reason" choices={choices} value={reason} onChange={(value) => { setReason(value); setMissing(null) }} />
      <TextAreaField label={reason === 'other' ? 'Comment' : 'Comment, if there is more to say'} rows={2} maxLength={10_000} value={comment} onChange={(event) => setComment(event.target.value)} />
      <div className="stack-small">
        <TextField label="Until" type="date" min={inDays(1)} value={until} hint="Comes back to the inbox then. Empty: for good." onChange={(event) => setUntil(event.target.value)} />
        <div className="row">{[[30, '30 days'], [90, '90 days'], [365, 'a year']].map(([days, label]) => <button key={label} type="button" className="button button-quiet" onClick={() => setUntil(inDays(Number(days)))}>{label}</button>)}</div>
      </div>
    </FormDialog>
  )
}

function Assign({ rows, onClose }: { readonly rows: readonly FindingRow[]; readonly onClose: () => void }) {
  const { account } = useSession()
  const { busy, failure, act } = useDoing(rows, onClose)
  const people = useCall('GET /api/people')
  const [chosen, setChosen] = useState(rows[0]?.assignee?.id ?? account.id)
  return (
    <FormDialog title={<>Assign: <Subject rows={rows} /></>} open onClose={onClose} submit="Assign" busy={busy} failure={failure ?? (people.error === null ? null : 'The list of people could not be loaded. You can assign yourself or nobody.')} onSubmit={() => void act({ verb: 'assign', assignee: chosen === '' ? null : chosen })}>
      <SelectField label="Who looks after it" value={chosen} onChange={(event) => setChosen(event.target.value)}>
        <option value={account.id}>{account.name} (me)</option>
        <option value="">Nobody</option>
        {(people.data?.items ?? []).filter(({ id }) => id !== account.id).map(({ id, name }) => <option key={id} value={id}>{plain(name)}</option>)}
      </SelectField>
    </FormDialog>
  )
}

function Suppress({ row, occurrence, onClose }: { readonly row: FindingRow; readonly occurrence: OccurrenceRow; readonly onClose: () => void }) {
  const [scope, setScope] = useState<'content' | 'region'>('content')
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState(inDays(90))
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const send = async (): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      const { places, finding } = await call('POST /api/findings/{id}/suppressions', { params: { id: row.id }, body: { occurrence: occurrence.id, scope, reason: reason.trim(), expiresAt: `${until}T00:00:00Z` } })
      showRows([finding])
      await queryClient.invalidateQueries({ predicate: ({ queryKey }) => typeof queryKey[0] === 'string' && queryKey[0].startsWith('GET /api/findings/') })
      tell({ title: `Quiet until ${until}: ${many(places, 'place')}` })
      onClose()
    } catch (error) {
      setBusy(false)
      setFailure(error instanceof CallFailed ? `${error.title}. ${error.detail}` : 'The page made a mistake.')
    }
  }
  return (
    <FormDialog title="Suppress copies" about="Places that say the same stay quiet, wherever they turn up, until the day you choose. The finding and its other places are not touched." open onClose={onClose} submit="Suppress" busy={busy} failure={failure} onSubmit={() => void send()}>
      <ChoiceField label="What counts as the same" value={scope} onChange={setScope} choices={[
        { value: 'content', label: 'The same file', hint: 'Byte for byte: forks, mirrors, copies.' },
        { value: 'region', label: 'The same lines', hint: 'These lines around the name, in whatever file. Reaches further.' },
      ]} />
      <TextAreaField label="Reason" required rows={2} maxLength={10_000} value={reason} onChange={(event) => setReason(event.target.value)} />
      <TextField label="Until" type="date" required min={inDays(1)} max={inDays(365)} hint="Within a year." value={until} onChange={(event) => setUntil(event.target.value)} />
    </FormDialog>
  )
}

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { useMay } from '../api/session.ts'
import { tellFailure, wordsOf } from '../api/told.ts'
import { queryClient, useCall } from '../api/use-call.ts'
import { Button } from '../parts/button.tsx'
import { FormDialog } from '../parts/dialog.tsx'
import { SelectField, TextField } from '../parts/field.tsx'
import { FullMoment } from '../parts/moment.tsx'
import { tell } from '../parts/toast.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'

const again = () => void queryClient.invalidateQueries({ queryKey: ['GET /api/mutes'] })
interface Destination { readonly id: string; readonly title: string }

/** Who is told nothing for now, why and by whom; nothing is dropped meanwhile. */
export function Mutes({ items }: { readonly items: readonly Destination[] }) {
  const administrator = useMay('administrator')
  const mutes = useCall('GET /api/mutes')
  const [muting, setMuting] = useState(false)
  const end = useMutation({
    mutationFn: (channel: string | null) => call('POST /api/mutes/end', { body: { channel } }),
    onSuccess: () => {
      again()
      tell({ title: 'The mute has ended', detail: 'What waited is told within the minute.' })
    },
    onError: tellFailure('The mute was not ended'),
  })
  const titleOf = (channel: string | null) => (channel === null ? 'Every destination' : (items.find(({ id }) => id === channel)?.title ?? channel))
  return (
    <>
      {(mutes.data?.items ?? []).map((mute) => (
        <div key={mute.id} className="warning row spread" role="status">
          <p><strong><Untrusted text={titleOf(mute.channel)} limit={80} /> is told nothing until <FullMoment at={mute.until} /></strong>: <Untrusted text={mute.reason} limit={300} /> <span className="quiet small">(<Untrusted text={mute.by} limit={80} />)</span></p>
          {administrator ? <Button busy={end.isPending} onClick={() => end.mutate(mute.channel)}>{mute.channel === null ? 'End every mute' : `End it for ${plain(titleOf(mute.channel), 40)}`}</Button> : null}
        </div>
      ))}
      {mutes.error === null ? null : <p className="form-failure" role="alert">Whether somebody is muted could not be told. {wordsOf(mutes.error)}</p>}
      {administrator ? <div><Button onClick={() => setMuting(true)}>Mute…</Button></div> : null}
      {muting ? <Muting items={items} onClose={() => setMuting(false)} /> : null}
    </>
  )
}

function Muting({ items, onClose }: { readonly items: readonly Destination[]; readonly onClose: () => void }) {
  const [channel, setChannel] = useState('')
  const [minutes, setMinutes] = useState('60')
  const [reason, setReason] = useState('')
  const mute = useMutation({
    mutationFn: () => call('POST /api/mutes', { body: { channel: channel === '' ? null : channel, minutes: Number(minutes), reason } }),
    onSuccess: () => {
      again()
      tell({ title: 'It is muted', detail: 'What happens meanwhile waits, and is told then.' })
      onClose()
    },
  })
  return (
    <FormDialog title="Mute" about="For a maintenance. What is critical waits too, and is told when the mute ends." open onClose={onClose} onSubmit={() => mute.mutate()} submit="Mute" busy={mute.isPending} failure={wordsOf(mute.error)}>
      <SelectField label="Who is told nothing" value={channel} onChange={(event) => setChannel(event.target.value)}>
        <option value="">every destination</option>
        {items.map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
      </SelectField>
      <SelectField label="For how long" value={minutes} onChange={(event) => setMinutes(event.target.value)}>
        <option value="30">30 minutes</option><option value="60">an hour</option><option value="240">4 hours</option><option value="1440">a day</option><option value="10080">a week</option>
      </SelectField>
      <TextField label="Why" hint="Shown wherever the mute is" value={reason} required maxLength={1_000} onChange={(event) => setReason(event.target.value)} />
    </FormDialog>
  )
}

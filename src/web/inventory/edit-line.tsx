import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { InventoryDetail } from '../../api/contract.ts'
import { call } from '../api/call.ts'
import { wordsOf } from '../api/told.ts'
import { queryClient } from '../api/use-call.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { CheckField, ChoiceField, TextField } from '../parts/field.tsx'
import { tell } from '../parts/toast.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { disclosures, isLooser, type Disclosure } from './words.tsx'

interface Props { readonly line: InventoryDetail; readonly onClose: () => void }

/** The settings of a line that people keep. */
export function EditLine({ line, onClose }: Props) {
  const [team, setTeam] = useState(line.team ?? '')
  const [disclose, setDisclose] = useState<Disclosure>(line.disclose)
  const [near, setNear] = useState(line.near.join(', '))
  const [loosen, setLoosen] = useState(false)
  const looser = isLooser(line.disclose, disclose)
  const save = useMutation({
    mutationFn: () => call('PATCH /api/inventory/{id}', {
      params: { id: line.id },
      body: {
        version: line.version, loosen: looser && loosen, team: team.trim() === '' ? null : team.trim(), disclose,
        ...(line.kind === 'codename' ? { near: near.split(',').map((word) => word.trim()).filter((word) => word !== '') } : {}),
      },
    }),
    onSuccess: () => {
      void queryClient.invalidateQueries()
      tell({ title: 'The line was changed', detail: 'What is searched for follows within the minute.' })
      onClose()
    },
  })
  return (
    <FormDialog title="Edit the line" about={<Untrusted text={line.name} limit={120} />} open onClose={onClose} onSubmit={() => save.mutate()} submit="Save" busy={save.isPending} failure={wordsOf(save.error)}>
      <TextField label="Team" hint="Who owns the name and is told of a leak" value={team} maxLength={200} onChange={(event) => setTeam(event.target.value)} />
      {line.kind === 'codename' ? <TextField label="Near" hint="Words, separated by commas, one of which must stand nearby" value={near} onChange={(event) => setNear(event.target.value)} /> : null}
      <ChoiceField<Disclosure> label="Who may learn the name from us" value={disclose} onChange={setDisclose} choices={disclosures} />
      {looser ? (
        <div className="warning stack-small" role="alert">
          <p><strong>More will learn this name.</strong> {disclose === 'name' ? 'Every configured source, and the registries that may be asked, will be sent it in full.' : 'Every configured source will be sent the part that it shares with other names.'} What was sent cannot be taken back.</p>
          <CheckField label="Yes, they may learn it" checked={loosen} onChange={(event) => setLoosen(event.target.checked)} />
        </div>
      ) : null}
    </FormDialog>
  )
}

export function RetireLine({ line, onClose }: Props) {
  const retire = useMutation({
    mutationFn: () => call('POST /api/inventory/{id}/retire', { params: { id: line.id } }),
    onSuccess: () => {
      void queryClient.invalidateQueries()
      tell({ title: `${plain(line.name, 60)} was retired` })
      onClose()
    },
  })
  return (
    <FormDialog title="Retire the line" danger open onClose={onClose} onSubmit={() => retire.mutate()} submit="Retire" busy={retire.isPending} failure={wordsOf(retire.error)}>
      <p><Untrusted text={line.name} limit={120} /> is not searched for any more. Its findings and its history stay. Adding the name again brings it back.</p>
    </FormDialog>
  )
}


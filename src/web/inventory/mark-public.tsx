import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { InventoryDetail } from '../../api/contract.ts'
import { call } from '../api/call.ts'
import { wordsOf } from '../api/told.ts'
import { queryClient } from '../api/use-call.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'
import { tell } from '../parts/toast.tsx'
import { Untrusted } from '../parts/untrusted.tsx'

/** A person may say so about a line of a file too: no synchronisation undoes it. */
export function MarkPublic({ line, onClose }: { readonly line: InventoryDetail; readonly onClose: () => void }) {
  const [reason, setReason] = useState('')
  const mark = useMutation({
    mutationFn: () => call('POST /api/inventory/{id}/public', { params: { id: line.id }, body: { public: !line.publicOnPurpose, reason } }),
    onSuccess: ({ publicOnPurpose }) => {
      void queryClient.invalidateQueries()
      tell({ title: publicOnPurpose ? 'The name may be public' : 'The name must not be public' })
      onClose()
    },
  })
  return (
    <FormDialog title={line.publicOnPurpose ? 'Not public on purpose' : 'This name may be public'} about={<Untrusted text={line.name} limit={120} />} open onClose={onClose} onSubmit={() => mark.mutate()} submit={line.publicOnPurpose ? 'Take the mark back' : 'Mark it'} busy={mark.isPending} failure={wordsOf(mark.error)}>
      <p>{line.publicOnPurpose ? 'It is searched for again, and every mention of it is reported.' : 'It is not searched for any more, and no mention of it is reported.'}</p>
      <TextField label="Why" hint="Whoever reads it next year was not here today." value={reason} required autoFocus maxLength={1_000} onChange={(event) => setReason(event.target.value)} />
    </FormDialog>
  )
}

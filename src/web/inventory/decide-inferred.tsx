import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { InferredRow } from '../../api/contract.ts'
import { call } from '../api/call.ts'
import { queryClient } from '../api/use-call.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'
import { tell } from '../parts/toast.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { wordsOf } from '../api/told.ts'

/** A rejection needs a reason; a weak candidate is accepted only after a second look. */
export function DecideInferred({ decision, row, onClose, onAccept }: { readonly decision: 'accept' | 'reject'; readonly row: InferredRow; readonly onClose: () => void; readonly onAccept: () => void }) {
  const [reason, setReason] = useState('')
  const reject = useMutation({
    mutationFn: () => call('POST /api/inferred/decide', { body: { decision: 'reject', ids: [row.id], reason } }),
    onSuccess: ({ results: [result] }) => {
      void queryClient.invalidateQueries()
      if (result?.outcome === 'done') tell({ title: `${plain(row.name, 60)} was rejected` })
      else tell({ title: 'It was decided already', detail: result?.message ?? undefined, failed: true })
      onClose()
    },
  })
  if (decision === 'accept') return (
    <FormDialog title="Accept a weak candidate" open onClose={onClose} onSubmit={() => { onAccept(); onClose() }} submit="Accept">
      <p><Untrusted text={row.name} limit={120} /> is probably a public name that one of your hosts only passes on. Once accepted, sources are asked for it by its name, and every mention of it is a finding.</p>
    </FormDialog>
  )
  return (
    <FormDialog title="Reject the name" about={<Untrusted text={row.name} limit={120} />} open onClose={onClose} onSubmit={() => reject.mutate()} submit="Reject" busy={reject.isPending} failure={wordsOf(reject.error)}>
      <TextField label="Why it is not ours" hint="It stays rejected wherever it is seen again. Whoever wonders next year was not here today." value={reason} required autoFocus maxLength={1_000} onChange={(event) => setReason(event.target.value)} />
    </FormDialog>
  )
}

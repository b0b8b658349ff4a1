import { useState } from 'react'
import { call, CallFailed } from '../api/call.ts'
import { queryClient } from '../api/use-call.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { CheckField, TextField } from '../parts/field.tsx'
import { tell } from '../parts/toast.tsx'

export function SaveView({ query, onClose }: { readonly query: string; readonly onClose: () => void }) {
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const save = async (): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      await call('POST /api/views', { body: { name: name.trim(), query, shared } })
      await queryClient.invalidateQueries({ queryKey: ['GET /api/views'] })
      tell({ title: 'View saved' })
      onClose()
    } catch (error) {
      setBusy(false)
      setFailure(error instanceof CallFailed ? `${error.title}. ${error.detail}` : 'The page made a mistake.')
    }
  }
  return (
    <FormDialog title="Save this view" about="Filters, search and order under a name." open onClose={onClose} submit="Save" busy={busy} failure={failure} onSubmit={() => void save()}>
      <TextField label="Name" required maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
      <CheckField label="Everybody may use it" checked={shared} onChange={(event) => setShared(event.target.checked)} />
    </FormDialog>
  )
}

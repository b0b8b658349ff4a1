import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Scope } from '../../api/contract.ts'
import { call } from '../api/call.ts'
import { useMay } from '../api/session.ts'
import { wordsOf } from '../api/told.ts'
import { queryClient } from '../api/use-call.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { ChoiceField, SelectField, TextField } from '../parts/field.tsx'
import { OnceShown } from './once-shown.tsx'

/** A new token; closing the dialog is the last time that it is seen. */
export function MakeToken({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('')
  const [scope, setScope] = useState<Scope>('read')
  const [days, setDays] = useState('90')
  const analyst = useMay('analyst')
  const make = useMutation({
    mutationFn: () => call('POST /api/tokens', { body: { name, scopes: [scope], days: Number(days) } }),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['GET /api/tokens'] }),
  })
  if (make.data !== undefined) return <OnceShown title="The token" text={make.data.token} about="Put it where your script reads secrets. It is not shown again." onClose={onClose} />
  return (
    <FormDialog title="Make a token" open onClose={onClose} onSubmit={() => make.mutate()} submit="Make it" busy={make.isPending} failure={wordsOf(make.error)}>
      <TextField label="Name" hint="What it is for" value={name} required autoFocus maxLength={80} onChange={(event) => setName(event.target.value)} />
      <ChoiceField<Scope> label="What it may do" value={scope} onChange={setScope} choices={[
        { value: 'read', label: 'Read', hint: 'findings, inventory, exposure, sources' },
        ...(analyst ? [{ value: 'triage' as const, label: 'Triage', hint: 'read, and what is done with findings' }, { value: 'manage' as const, label: 'Manage', hint: 'read, and keep inventory and settings as far as you may' }] : []),
      ]} />
      <SelectField label="It expires after" value={days} onChange={(event) => setDays(event.target.value)}>
        <option value="7">7 days</option><option value="30">30 days</option><option value="90">90 days</option><option value="366">a year</option>
      </SelectField>
    </FormDialog>
  )
}

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { call, CallFailed } from '../api/call.ts'
import type { Input } from '../../api/contract.ts'
import { queryClient } from '../api/use-call.ts'
import { FormDialog } from '../parts/dialog.tsx'
import { CheckField, ChoiceField, SelectField, TextField } from '../parts/field.tsx'
import { tell } from '../parts/toast.tsx'
import { plain } from '../parts/untrusted.tsx'
import { disclosures, ecosystems, type Disclosure } from './words.tsx'

const subjects = [
  { value: 'name', label: 'Package, npm scope or Maven group', example: 'acme-corp-auth-client' },
  { value: 'pattern', label: 'Pattern: every name that starts so', example: '@acme-corp/*' },
  { value: 'host', label: 'Registry or Git host', example: 'artifactory.acme-corp.com' },
  { value: 'codename', label: 'Codename: a word of the company', example: 'HermesBuilder' },
  { value: 'regex', label: 'Regular expression (RE2)', example: 'ACME-[A-Z]{3}-[0-9]{4}' },
] as const
type Subject = (typeof subjects)[number]['value']
type Body = Input<'POST /api/inventory'>['body']

/** A new line, kept on the page. What is wrong with it is told by the server, which reads it as it reads the files. */
export function AddLine({ onClose, teams }: { readonly onClose: () => void; readonly teams: readonly string[] }) {
  const [subject, setSubject] = useState<Subject>('name')
  const [text, setText] = useState('')
  const [ecosystem, setEcosystem] = useState('')
  const [team, setTeam] = useState('')
  const [near, setNear] = useState('')
  const [disclose, setDisclose] = useState<Disclosure | 'covering'>('covering')
  const [loosen, setLoosen] = useState(false)
  const navigate = useNavigate()
  const add = useMutation({
    mutationFn: () => {
      const line: Body['line'] = {
        [subject]: text.trim(),
        ...(ecosystem === '' || (subject !== 'name' && subject !== 'pattern') ? {} : { ecosystem: ecosystem as (typeof ecosystems)[number] }),
        ...(team.trim() === '' ? {} : { team: team.trim() }),
        ...(disclose === 'covering' ? {} : { disclose }),
        ...(subject !== 'codename' || near.trim() === '' ? {} : { near: near.split(',').map((word) => word.trim()).filter((word) => word !== '') }),
      }
      return call('POST /api/inventory', { body: { line, loosen } })
    },
    onSuccess: ({ id, name, warnings }) => {
      void queryClient.invalidateQueries()
      tell({ title: `${plain(name, 80)} is in the inventory`, detail: warnings.length === 0 ? 'It is searched for from the next sweep on.' : warnings.join(' ') })
      onClose()
      void navigate(`/inventory/${id}`)
    },
  })
  const failed = add.error instanceof CallFailed ? add.error : null
  const asksToConfirm = failed?.faults.some(({ key, expected }) => key === 'disclose' && expected.includes('confirm')) === true
  const example = subjects.find(({ value }) => value === subject)?.example ?? ''
  return (
    <FormDialog title="Add a name" about="The line is kept on this page. Lines of namesake.yaml and its files stay there." open onClose={onClose} onSubmit={() => add.mutate()} submit="Add" busy={add.isPending} failure={add.error === null ? null : (failed?.detail ?? 'The page made a mistake.')}>
      <SelectField label="What it is" value={subject} onChange={(event) => setSubject(subjects.find(({ value }) => value === event.target.value)?.value ?? 'name')}>
        {subjects.map(({ value, label }) => <option key={value} value={value}>{label}</option>)}
      </SelectField>
      <TextField label={subject === 'regex' ? 'Expression' : 'Name'} hint={`For example ${example}`} value={text} required autoFocus maxLength={1_000} autoComplete="off" spellCheck={false} onChange={(event) => setText(event.target.value)} />
      {subject === 'name' || subject === 'pattern' ? (
        <SelectField label="Ecosystem" value={ecosystem} onChange={(event) => setEcosystem(event.target.value)}>
          <option value="">from its shape</option>
          {ecosystems.map((one) => <option key={one} value={one}>{one}</option>)}
        </SelectField>
      ) : null}
      {subject === 'codename' ? <TextField label="Near" hint="Words, separated by commas, one of which must stand nearby. An ordinary word needs some." value={near} onChange={(event) => setNear(event.target.value)} /> : null}
      <TextField label="Team" hint="Who owns the name and is told of a leak" value={team} list="teams" maxLength={200} onChange={(event) => setTeam(event.target.value)} />
      <datalist id="teams">{teams.map((one) => <option key={one} value={one}>{one}</option>)}</datalist>
      <ChoiceField<Disclosure | 'covering'> label="Who may learn the name from us" value={disclose} onChange={setDisclose} choices={[{ value: 'covering', label: 'As patterns that cover it say', hint: 'The strictest of them; without any, the name is asked for.' }, ...disclosures]} />
      {asksToConfirm || loosen ? <CheckField label="I know that sources will learn this name although a pattern keeps names like it back" checked={loosen} onChange={(event) => setLoosen(event.target.checked)} /> : null}
    </FormDialog>
  )
}

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { AccountRole, AccountRow } from '../../api/contract.ts'
import { call } from '../api/call.ts'
import { useMay, useSession } from '../api/session.ts'
import { tellFailure, wordsOf } from '../api/told.ts'
import { queryClient, useCall } from '../api/use-call.ts'
import { Answered, Empty } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { FormDialog } from '../parts/dialog.tsx'
import { ChoiceField, TextField } from '../parts/field.tsx'
import { MoreIcon, PlusIcon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { Moment } from '../parts/moment.tsx'
import { Table, type Column } from '../parts/table.tsx'
import { tell } from '../parts/toast.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { OnceShown } from './once-shown.tsx'
import { roles, roleWords } from './roles.ts'
import { SettingsScreen } from './settings-screen.tsx'

const again = () => void queryClient.invalidateQueries({ queryKey: ['GET /api/accounts'] })

type Doing =
  | { readonly what: 'invite' }
  | { readonly what: 'disable' | 'reset' | 'end-sessions'; readonly account: AccountRow }
  | { readonly what: 'link'; readonly url: string; readonly about: string }

/** Everybody who may log in. */
export function People() {
  const may = useMay('administrator')
  const me = useSession().account.id
  const accounts = useCall('GET /api/accounts', undefined, { enabled: may })
  const [doing, setDoing] = useState<Doing | null>(null)
  const change = useMutation({
    mutationFn: ({ id, ...body }: { readonly id: string; readonly role?: AccountRole; readonly disabled?: boolean }) => call('PATCH /api/accounts/{id}', { params: { id }, body }),
    onSuccess: (_answer, { role, disabled }) => {
      again()
      tell({ title: role !== undefined ? `The role is ${role} now` : disabled === true ? 'The account was disabled' : 'The account may log in again' })
    },
    onError: (error) => {
      again()
      tellFailure('The account was not changed')(error)
    },
  })
  if (!may) return <SettingsScreen title="People"><Empty title="It takes an administrator">Administrators invite people and say who may do what.</Empty></SettingsScreen>
  const columns: readonly Column<AccountRow>[] = [
    { key: 'name', title: 'Person', cell: (account) => <div className="stack-tight"><strong><Untrusted text={account.name} limit={80} />{account.id === me ? ' (you)' : ''}</strong><span className="quiet small"><Untrusted text={account.email} limit={120} /></span></div> },
    { key: 'role', title: 'Role', cell: (account) => (
      <select className="input role-select" aria-label={`Role of ${plain(account.name)}`} value={account.role} disabled={account.id === me || account.status === 'disabled'} onChange={(event) => change.mutate({ id: account.id, role: roles.find((role) => role === event.target.value) ?? 'viewer' })}>
        {roles.map((role) => <option key={role} value={role}>{role}</option>)}
      </select>
    ) },
    { key: 'status', title: 'Status', cell: ({ status }) => <Badge tone={({ active: 'good', invited: 'medium', disabled: 'neutral' } as const)[status]}>{status}</Badge> },
    { key: 'login', title: 'Logs in by', cell: ({ password, oidc }) => [password ? 'password' : null, oidc ? 'identity provider' : null].filter((way) => way !== null).join(', ') || <span className="quiet">not yet</span> },
    { key: 'seen', title: 'Last seen', cell: ({ lastSeenAt }) => (lastSeenAt === null ? <span className="quiet">never</span> : <Moment at={lastSeenAt} />) },
    { key: 'sessions', title: 'Sessions', align: 'end', cell: ({ sessions }) => sessions },
    { key: 'tokens', title: 'Tokens', align: 'end', cell: ({ tokens }) => tokens },
    { key: 'more', title: <span className="unseen">Actions</span>, cell: (account) => (account.id === me ? null : (
      <Menu align="end" trigger={<button type="button" className="icon-button" aria-label={`Actions for ${plain(account.name)}`}><MoreIcon /></button>} groups={[[
        { key: 'reset', label: account.status === 'invited' ? 'New invitation link' : 'Reset the password', disabled: account.status === 'disabled', onChoose: () => setDoing({ what: 'reset', account }) },
        { key: 'sessions', label: 'End all sessions', disabled: account.sessions === 0, onChoose: () => setDoing({ what: 'end-sessions', account }) },
      ], [
        account.status === 'disabled'
          ? { key: 'enable', label: 'Enable again', onChoose: () => change.mutate({ id: account.id, disabled: false }) }
          : { key: 'disable', label: 'Disable', onChoose: () => setDoing({ what: 'disable', account }) },
      ]]} />
    )) },
  ]
  return (
    <SettingsScreen title="People" about="Who may log in, and what they may do." actions={<Button look="primary" onClick={() => setDoing({ what: 'invite' })}><PlusIcon /> Invite</Button>}>
      <Answered query={accounts} what="people">{({ items }) => <div className="panel table-panel"><Table caption="Accounts" columns={columns} rows={items} rowKey={({ id }) => id} /></div>}</Answered>
      <dl className="facts roles">{roles.map((role) => <div key={role}><dt><Badge>{role}</Badge></dt><dd className="quiet">{roleWords[role]}</dd></div>)}</dl>
      {doing?.what === 'invite' ? <Invite onClose={() => setDoing(null)} onInvited={(url) => setDoing({ what: 'link', url, about: 'Hand it over on a way that only this person reads. It works once, and is not shown again.' })} /> : null}
      {doing?.what === 'disable' ? (
        <FormDialog title={`Disable ${plain(doing.account.name)}`} danger open onClose={() => setDoing(null)} submit="Disable" onSubmit={() => { change.mutate({ id: doing.account.id, disabled: true }); setDoing(null) }}>
          <p>All sessions end at once, and tokens are refused. The history keeps the name.</p>
        </FormDialog>
      ) : null}
      {doing?.what === 'end-sessions' ? <EndSessions account={doing.account} onClose={() => setDoing(null)} /> : null}
      {doing?.what === 'reset' ? <Reset account={doing.account} onClose={() => setDoing(null)} onLink={(url) => setDoing({ what: 'link', url, about: 'It leads to the page where a new password is set. It works once, and is not shown again.' })} /> : null}
      {doing?.what === 'link' ? <OnceShown title="One-time link" text={doing.url} about={doing.about} onClose={() => setDoing(null)} /> : null}
    </SettingsScreen>
  )
}

function Invite({ onClose, onInvited }: { readonly onClose: () => void; readonly onInvited: (url: string) => void }) {
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<AccountRole>('analyst')
  const invite = useMutation({
    mutationFn: () => call('POST /api/accounts', { body: { email, name, role } }),
    onSuccess: ({ link }) => {
      again()
      onInvited(link.url)
    },
  })
  return (
    <FormDialog title="Invite somebody" about="You get a link to hand over; nothing is mailed." open onClose={onClose} onSubmit={() => invite.mutate()} submit="Make the link" busy={invite.isPending} failure={wordsOf(invite.error)}>
      <TextField label="Name" value={name} required autoFocus maxLength={100} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      <TextField label="E-mail" type="email" value={email} required maxLength={200} autoComplete="off" onChange={(event) => setEmail(event.target.value)} />
      <ChoiceField<AccountRole> label="Role" value={role} onChange={setRole} choices={roles.map((one) => ({ value: one, label: one, hint: roleWords[one] }))} />
    </FormDialog>
  )
}

function Reset({ account, onClose, onLink }: { readonly account: AccountRow; readonly onClose: () => void; readonly onLink: (url: string) => void }) {
  const reset = useMutation({
    mutationFn: () => call('POST /api/accounts/{id}/reset', { params: { id: account.id } }),
    onSuccess: ({ link }) => {
      again()
      onLink(link.url)
    },
  })
  return (
    <FormDialog title={`A new link for ${plain(account.name)}`} danger={account.status !== 'invited'} open onClose={onClose} onSubmit={() => reset.mutate()} submit="Make the link" busy={reset.isPending} failure={wordsOf(reset.error)}>
      <p>{account.status === 'invited' ? 'The former link stops working.' : 'The password and all sessions of this person end now; the link leads to a new password.'}</p>
    </FormDialog>
  )
}

function EndSessions({ account, onClose }: { readonly account: AccountRow; readonly onClose: () => void }) {
  const end = useMutation({
    mutationFn: () => call('DELETE /api/accounts/{id}/sessions', { params: { id: account.id } }),
    onSuccess: ({ ended }) => {
      again()
      tell({ title: `${ended === 1 ? 'One session' : `${ended} sessions`} ended` })
      onClose()
    },
  })
  return (
    <FormDialog title={`End all sessions of ${plain(account.name)}`} danger open onClose={onClose} onSubmit={() => end.mutate()} submit="End them" busy={end.isPending} failure={wordsOf(end.error)}>
      <p>This person has to log in again everywhere. Tokens stay.</p>
    </FormDialog>
  )
}

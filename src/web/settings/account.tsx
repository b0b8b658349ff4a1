import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { SessionRow } from '../../api/contract.ts'
import { call } from '../api/call.ts'
import { useSession } from '../api/session.ts'
import { tellFailure, wordsOf } from '../api/told.ts'
import { queryClient, useCall } from '../api/use-call.ts'
import { Answered } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { TextField } from '../parts/field.tsx'
import { Moment } from '../parts/moment.tsx'
import { Panel } from '../parts/screen.tsx'
import { Table, type Column } from '../parts/table.tsx'
import { tell } from '../parts/toast.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { roleWords } from './roles.ts'
import { SettingsScreen } from './settings-screen.tsx'

/** Who I am here, where I am signed in, and my password. */
export function Account() {
  const { account, organization } = useSession()
  return (
    <SettingsScreen title="My account" about={<>{account.name}, {account.email}</>}>
      <div className="columns">
        <Panel title="Role">
          <p><Badge tone="accent">{account.role}</Badge> at {organization}</p>
          <p className="quiet">{roleWords[account.role]}{account.role === 'administrator' ? '' : ' An administrator can change that.'}</p>
        </Panel>
        <Password />
      </div>
      <Sessions />
    </SettingsScreen>
  )
}

function Password() {
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useMutation({
    mutationFn: () => call('POST /api/password', { body: { current, password } }),
    onSuccess: () => {
      setCurrent('')
      setPassword('')
      void queryClient.invalidateQueries({ queryKey: ['GET /api/sessions'] })
      tell({ title: 'The password was changed', detail: 'Your other sessions have ended.' })
    },
  })
  return (
    <Panel title="Password">
      <form className="stack" onSubmit={(event) => { event.preventDefault(); change.mutate() }}>
        <TextField label="Current password" type="password" autoComplete="current-password" required value={current} onChange={(event) => setCurrent(event.target.value)} />
        <TextField label="New password" type="password" autoComplete="new-password" required minLength={12} maxLength={200} hint="At least 12 characters; long rather than odd. Changing it ends your other sessions." value={password} onChange={(event) => setPassword(event.target.value)} />
        {change.error === null ? null : <p className="form-failure" role="alert">{wordsOf(change.error)}</p>}
        <div><Button type="submit" busy={change.isPending}>Change the password</Button></div>
      </form>
    </Panel>
  )
}

function Sessions() {
  const sessions = useCall('GET /api/sessions')
  const end = useMutation({
    mutationFn: (id: string) => call('DELETE /api/sessions/{id}', { params: { id } }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['GET /api/sessions'] })
      tell({ title: 'The session has ended' })
    },
    onError: tellFailure('The session was not ended'),
  })
  const columns: readonly Column<SessionRow>[] = [
    { key: 'agent', title: 'Browser', cell: ({ agent, current }) => <div className="stack-tight"><Untrusted text={agent === '' ? 'unknown' : agent} limit={120} />{current ? <Badge tone="good">this one</Badge> : null}</div> },
    { key: 'address', title: 'Address', cell: ({ address }) => <Untrusted text={address} limit={60} /> },
    { key: 'since', title: 'Since', cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { key: 'seen', title: 'Last seen', cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} /> },
    { key: 'end', title: <span className="unseen">End</span>, cell: ({ id, current }) => (current ? null : <Button look="quiet" busy={end.isPending && end.variables === id} onClick={() => end.mutate(id)}>End</Button>) },
  ]
  return (
    <Panel title="Where I am signed in" flush>
      <Answered query={sessions} what="your sessions" rows={2}>{({ items }) => <Table caption="My sessions" columns={columns} rows={items} rowKey={({ id }) => id} />}</Answered>
    </Panel>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import type { Answer } from '../../api/contract.ts'
import { call, CallFailed } from '../api/call.ts'
import { queryClient } from '../api/use-call.ts'
import { Failure, Loading } from '../parts/answers.tsx'
import { Button } from '../parts/button.tsx'
import { TextField } from '../parts/field.tsx'
import { FullMoment } from '../parts/moment.tsx'
import { LoginFrame } from './login.tsx'

type Looked = Answer<'POST /api/links/look'>
const titles = { first: 'Welcome', invitation: 'You are invited', reset: 'Choose a new password' } as const

/** `/welcome#token`: behind the #, so that it stands in no log of a server or proxy. */
export function OneTimeLink() {
  const token = useLocation().hash.slice(1)
  const { data: looked, error: failure, refetch } = useQuery({ queryKey: ['link', token], queryFn: () => call('POST /api/links/look', { body: { token } }), retry: false, staleTime: Infinity, gcTime: 0 })
  if (looked !== undefined) return <LoginFrame title={titles[looked.kind]}><Choose token={token} looked={looked} /></LoginFrame>
  if (failure instanceof CallFailed && failure.status >= 400 && failure.status < 500) {
    return (
      <LoginFrame title="This link no longer works">
        <p>It was used already, or its time is over. Each opens the door once. Ask an administrator for another; the first administrator&#39;s stands in the output of namesake.</p>
        <p><Link to="/login">Sign in</Link></p>
      </LoginFrame>
    )
  }
  return <LoginFrame title="One moment">{failure === null ? <Loading what="the link" rows={2} /> : <Failure what="The link" error={failure} onRetry={() => void refetch()} />}</LoginFrame>
}

function Choose({ token, looked }: { readonly token: string; readonly looked: Looked }) {
  const navigate = useNavigate()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<CallFailed | null>(null)
  const faultOf = (key: string): string | undefined => failure?.faults.find((fault) => fault.key === key || fault.key.endsWith(`.${key}`))?.expected
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setFailure(null)
    try {
      await call('POST /api/links/use', { body: { token, password, ...(looked.kind === 'first' ? { email } : {}), ...(looked.kind === 'reset' ? {} : { name }) } })
      queryClient.clear()
      void navigate('/findings', { replace: true })
    } catch (error) {
      setBusy(false)
      setFailure(error instanceof CallFailed ? error : new CallFailed({ status: 0, code: 'failed', title: 'The page made a mistake' }))
    }
  }
  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      <p className="quiet">{looked.kind === 'first' ? 'You are the first administrator. Say who you are and choose a password.' : <>For <strong>{looked.email}</strong>.</>} The link works until <FullMoment at={looked.expiresAt} />.</p>
      {looked.kind === 'first' ? <TextField label="E-mail" type="email" autoComplete="username" required autoFocus value={email} fault={faultOf('email')} onChange={(event) => setEmail(event.target.value)} /> : <input type="hidden" autoComplete="username" value={looked.email ?? ''} readOnly />}
      {looked.kind === 'reset' ? null : <TextField label="Your name" autoComplete="name" required maxLength={100} value={name} fault={faultOf('name')} onChange={(event) => setName(event.target.value)} />}
      <TextField label="Password" type={shown ? 'text' : 'password'} autoComplete="new-password" required minLength={12} maxLength={200} hint="At least 12 characters. Long rather than odd: a few words will do." value={password} fault={faultOf('password')} onChange={(event) => setPassword(event.target.value)} />
      <label className="choice small"><input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} /> Show the password</label>
      {failure === null || failure.faults.length > 0 ? null : <p className="form-failure" role="alert">{failure.title}. {failure.detail}</p>}
      <Button type="submit" look="primary" busy={busy}>Set the password and sign in</Button>
    </form>
  )
}

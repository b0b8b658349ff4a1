import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { addressOf, call, CallFailed } from '../api/call.ts'
import { queryClient, useCall } from '../api/use-call.ts'
import { Answered } from '../parts/answers.tsx'
import { Button } from '../parts/button.tsx'
import { TextField } from '../parts/field.tsx'
import { Mark } from '../shell/shell.tsx'
import './login.css'

/** Only a path of this page: an address of somebody else's would make the login a door to it. */
export function safePath(to: string | null): string {
  if (to === null || !URL.canParse(to, location.origin)) return '/findings'
  const address = new URL(to, location.origin)
  return address.origin === location.origin && to.startsWith('/') && !address.pathname.startsWith('/login') && !address.pathname.startsWith('/api') ? `${address.pathname}${address.search}${address.hash}` : '/findings'
}

export function LoginFrame({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  useEffect(() => {
    document.title = `${title} · namesake`
  }, [title])
  return (
    <main className="login">
      <div className="login-brand"><Mark /> namesake</div>
      <h1>{title}</h1>
      {children}
    </main>
  )
}

/** Why the way through the identity provider ended here. */
const failures: Readonly<Record<string, string>> = {
  expired: 'That took too long, or began in another browser. Try again.',
  'not-allowed': 'The identity provider knows you, namesake does not. Ask an administrator for an account.',
  unreachable: 'The identity provider did not answer. Try again in a moment.',
  refused: 'The identity provider did not let you in.',
}

export function Login() {
  const [search] = useSearchParams()
  const to = safePath(search.get('to'))
  const ways = useCall('GET /api/login')
  const failed = search.get('failed')
  return (
    <LoginFrame title="Sign in">
      {search.get('to') === null ? null : <p className="quiet">Your session has ended. Sign in to go on where you were.</p>}
      {failed === null ? null : <p className="form-failure" role="alert">{failures[failed] ?? failures['refused']}</p>}
      <Answered query={ways} what="the login" rows={2}>
        {({ password, oidc }) => (
          <div className="stack">
            {oidc ? <a className="button button-primary" href={addressOf('GET /api/login/oidc', { query: { to } })}>Sign in with your company account</a> : null}
            {oidc && password ? <p className="login-or quiet small"><span>or</span></p> : null}
            {password ? <PasswordForm to={to} /> : null}
            {!oidc && !password ? <p>No way to sign in is configured. Whoever runs namesake finds the one-time link of the first administrator in its output.</p> : null}
          </div>
        )}
      </Answered>
    </LoginFrame>
  )
}

function PasswordForm({ to }: { readonly to: string }) {
  const navigate = useNavigate()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setFailure(null)
    try {
      await call('POST /api/login', { body: { email, password } })
      queryClient.clear()
      void navigate(to, { replace: true })
    } catch (error) {
      setBusy(false)
      setPassword('')
      setFailure(error instanceof CallFailed ? `${error.title}. ${error.detail}` : 'The page made a mistake.')
      field.current?.focus()
    }
  }
  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      <TextField label="E-mail" type="email" name="email" autoComplete="username" required autoFocus value={email} onChange={(event) => setEmail(event.target.value)} />
      <TextField ref={field} label="Password" type="password" name="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
      {failure === null ? null : <p className="form-failure" role="alert">{failure}</p>}
      <Button type="submit" look="primary" busy={busy}>Sign in</Button>
    </form>
  )
}

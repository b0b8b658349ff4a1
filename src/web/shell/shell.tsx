import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { Link, NavLink, Outlet, useLocation, useNavigate } from 'react-router'
import { call, whenSessionEnds } from '../api/call.ts'
import { useLive } from '../api/live.ts'
import { SessionContext, useSession } from '../api/session.ts'
import { queryClient, useCall } from '../api/use-call.ts'
import { Failure, Loading } from '../parts/answers.tsx'
import { IconButton } from '../parts/button.tsx'
import { DarkIcon, ExposureIcon, InboxIcon, InventoryIcon, KeyboardIcon, LeaveIcon, LightIcon, PersonIcon, SettingsIcon, SourcesIcon, SystemThemeIcon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { TipProvider } from '../parts/tip.tsx'
import { tell, Toasts } from '../parts/toast.tsx'
import { useShortcuts } from './keys.ts'
import { chooseTheme, themes, useTheme } from './theme.ts'
import './shell.css'

const KeysDialog = lazy(() => import('./keys-dialog.tsx').then((file) => ({ default: file.KeysDialog })))

const screens = [
  { to: '/findings', title: 'Inbox', key: 'i', icon: InboxIcon },
  { to: '/exposure', title: 'Exposure', key: 'e', icon: ExposureIcon },
  { to: '/inventory', title: 'Inventory', key: 'n', icon: InventoryIcon },
  { to: '/sources', title: 'Sources', key: 's', icon: SourcesIcon },
  { to: '/settings', title: 'Settings', key: 't', icon: SettingsIcon },
] as const

/** Where the login leads back to. */
export function loginAddress({ pathname, search, hash }: { readonly pathname: string; readonly search: string; readonly hash: string }): string {
  const here = `${pathname}${search}${hash}`
  return here === '/' || here === '/findings' ? '/login' : `/login?to=${encodeURIComponent(here)}`
}

/** What stands around every screen: nobody gets past it without a session. */
export function Shell() {
  const session = useCall('GET /api/session', undefined, { staleTime: Infinity })
  const navigate = useNavigate()
  const location = useLocation()
  useEffect(() => {
    whenSessionEnds(() => {
      // Nothing of the former person stays in memory: the next one may be another.
      queryClient.clear()
      void navigate(loginAddress(globalThis.location), { replace: true })
    })
    return () => whenSessionEnds(() => undefined)
  }, [navigate])
  if (session.data === undefined) {
    return (
      <main className="before-session">
        {session.error === null ? <Loading what="the page" rows={3} /> : <Failure what="The page" error={session.error} onRetry={() => void session.refetch()} />}
      </main>
    )
  }
  return (
    <SessionContext value={session.data}>
      <TipProvider delay={250}>
        <Toasts>
          <Frame key={session.data.account.id} path={location.pathname} />
        </Toasts>
      </TipProvider>
    </SessionContext>
  )
}

function Frame({ path }: { readonly path: string }) {
  useLive()
  const navigate = useNavigate()
  const [keys, setKeys] = useState(false)
  const open = useCall('GET /api/findings/counts', { query: { state: 'open' } })
  useShortcuts('Everywhere', useMemo(() => [
    { keys: '?', does: 'Show the keys', act: () => setKeys(true) },
    ...screens.map(({ to, title, key }) => ({ keys: `g ${key}`, does: `Go to ${title}`, act: () => void navigate(to) })),
  ], [navigate]))
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={(event) => {
        event.preventDefault()
        document.getElementById('main')?.focus()
      }}>Skip to the content</a>
      <header className="side no-print">
        <Link to="/findings" className="brand" aria-label="namesake: inbox"><Mark /><span>namesake</span></Link>
        <nav aria-label="Screens" className="screens">
          {screens.map(({ to, title, icon: Icon }) => (
            <NavLink key={to} to={to} className="screen-link">
              <Icon /><span>{title}</span>
              {to === '/findings' && open.data !== undefined && open.data.total > 0 ? <span className="count" aria-label={`${open.data.total} open`}>{open.data.total > 999 ? '999+' : open.data.total}</span> : null}
            </NavLink>
          ))}
        </nav>
        <div className="side-end">
          <ThemeMenu />
          <IconButton label="Keys (?)" className="on-keyboard" onClick={() => setKeys(true)}><KeyboardIcon /></IconButton>
          <PersonMenu />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Suspense key={path.split('/')[1]} fallback={<Loading what="the screen" />}>
          <Outlet />
        </Suspense>
      </main>
      {keys ? <Suspense><KeysDialog open onClose={() => setKeys(false)} /></Suspense> : null}
    </div>
  )
}

export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#3b4fd8" />
      <path d="M9 23V9h3.2l6.2 8.6V9H21v14h-2.9l-6.4-8.9V23z" fill="#fff" />
      <circle cx="24.5" cy="8.5" r="3.5" fill="#ffb454" />
    </svg>
  )
}

const themeTitles = { system: 'As the system', light: 'Light', dark: 'Dark' } as const
const themeIcons = { system: SystemThemeIcon, light: LightIcon, dark: DarkIcon } as const
function ThemeMenu() {
  const theme = useTheme()
  const Icon = themeIcons[theme]
  return (
    <Menu label="Colours" trigger={<IconButton label={`Colours: ${themeTitles[theme].toLowerCase()}`}><Icon /></IconButton>} groups={[
      themes.map((one) => {
        const One = themeIcons[one]
        return { key: one, label: `${themeTitles[one]}${one === theme ? ' ✓' : ''}`, icon: <One />, onChoose: () => chooseTheme(one) }
      }),
    ]} />
  )
}

function PersonMenu() {
  const { account, organization } = useSession()
  const navigate = useNavigate()
  const leave = (): void => {
    const left = async (): Promise<void> => {
      try {
        await call('POST /api/logout')
      } catch {
        tell({ title: 'You are still signed in', detail: 'The server did not end the session. Try again.', failed: true })
        return
      }
      queryClient.clear()
      void navigate('/login', { replace: true })
    }
    void left()
  }
  return (
    <Menu
      label={<>{account.name}<br />{account.email}<br />{account.role}, {organization}</>}
      trigger={<button type="button" className="person" aria-label={`Signed in as ${account.name}`}><PersonIcon /><span>{account.name}</span></button>}
      groups={[[
        { key: 'settings', label: 'My settings', icon: <SettingsIcon />, onChoose: () => void navigate('/settings') },
        { key: 'leave', label: 'Sign out', icon: <LeaveIcon />, onChoose: leave },
      ]]}
    />
  )
}

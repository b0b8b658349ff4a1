import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import { useMay } from '../api/session.ts'
import { Screen } from '../parts/screen.tsx'
import '../parts/lists.css'
import './settings.css'

/** The frame of the screens below Settings: what a role may not do is not offered. */
export function SettingsScreen({ title, about, actions, children }: { readonly title: string; readonly about?: ReactNode; readonly actions?: ReactNode; readonly children: ReactNode }) {
  const analyst = useMay('analyst')
  const administrator = useMay('administrator')
  return (
    <Screen title={title} about={about} actions={actions}>
      <nav aria-label="Settings" className="tabs">
        <NavLink to="/settings" end className="tab">My account</NavLink>
        <NavLink to="/settings/tokens" className="tab">Tokens</NavLink>
        {analyst ? <NavLink to="/settings/destinations" className="tab">Destinations</NavLink> : null}
        {administrator ? <><NavLink to="/settings/people" className="tab">People</NavLink><NavLink to="/settings/audit" className="tab">Audit log</NavLink></> : null}
      </nav>
      {children}
    </Screen>
  )
}

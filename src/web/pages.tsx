import { lazy } from 'react'
import { Navigate, Route, Routes } from 'react-router'
import { Shell } from './shell/shell.tsx'
import { NotThere } from './shell/not-there.tsx'

/** Every screen comes with its first visit: only what is looked at is loaded. */
const Inbox = lazy(() => import('./inbox/inbox.tsx').then((file) => ({ default: file.Inbox })))
const Finding = lazy(() => import('./finding/finding.tsx').then((file) => ({ default: file.Finding })))
const Exposure = lazy(() => import('./exposure/exposure.tsx').then((file) => ({ default: file.Exposure })))
const Inventory = lazy(() => import('./inventory/inventory.tsx').then((file) => ({ default: file.Inventory })))
const Sources = lazy(() => import('./sources/sources.tsx').then((file) => ({ default: file.Sources })))
const Settings = lazy(() => import('./settings/settings.tsx').then((file) => ({ default: file.Settings })))
const Login = lazy(() => import('./login/login.tsx').then((file) => ({ default: file.Login })))
const OneTimeLink = lazy(() => import('./login/one-time-link.tsx').then((file) => ({ default: file.OneTimeLink })))

/** Addresses of the page. The server answers each of them with index.html. */
export function Pages() {
  return (
    <Routes>
      <Route path="/login" element={<Login />} />
      <Route path="/welcome" element={<OneTimeLink />} />
      <Route element={<Shell />}>
        <Route index element={<Navigate to="/findings" replace />} />
        <Route path="/findings" element={<Inbox />} />
        <Route path="/findings/:id" element={<Finding />} />
        <Route path="/exposure" element={<Exposure />} />
        <Route path="/inventory/*" element={<Inventory />} />
        <Route path="/sources/*" element={<Sources />} />
        <Route path="/settings/*" element={<Settings />} />
        <Route path="*" element={<NotThere />} />
      </Route>
    </Routes>
  )
}

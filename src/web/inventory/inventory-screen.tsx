import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import { useCall } from '../api/use-call.ts'
import { Screen } from '../parts/screen.tsx'
import '../parts/lists.css'

/** The frame of the screens below Inventory. */
export function InventoryScreen({ title, about, actions, children }: { readonly title: string; readonly about?: ReactNode; readonly actions?: ReactNode; readonly children: ReactNode }) {
  const inferred = useCall('GET /api/inventory/summary').data?.inferred ?? 0
  return (
    <Screen title={title} about={about} actions={actions}>
      <nav aria-label="Inventory" className="tabs no-print">
        <NavLink to="/inventory" end className="tab">Lines</NavLink>
        <NavLink to="/inventory/inferred" className="tab">Inferred{inferred === 0 ? null : <span className="count">{inferred}</span>}</NavLink>
        <NavLink to="/inventory/import" className="tab">Import</NavLink>
      </nav>
      {children}
    </Screen>
  )
}

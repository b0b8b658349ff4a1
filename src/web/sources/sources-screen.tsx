import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import { useMay } from '../api/session.ts'
import { Screen } from '../parts/screen.tsx'
import '../parts/lists.css'

/** The frame of the screens below Sources; how the service works inside is for administrators. */
export function SourcesScreen({ about, children }: { readonly about?: ReactNode; readonly children: ReactNode }) {
  const administrator = useMay('administrator')
  return (
    <Screen title="Sources" about={about}>
      {administrator ? (
        <nav aria-label="Sources" className="tabs">
          <NavLink to="/sources" end className="tab">Sources</NavLink>
          <NavLink to="/sources/queues" className="tab">Queues and processes</NavLink>
        </nav>
      ) : null}
      {children}
    </Screen>
  )
}


import { createContext, useContext } from 'react'
import type { AccountRole, Answer } from '../../api/contract.ts'

export type Session = Answer<'GET /api/session'>

/** Given by the shell, which shows nothing without one. */
export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('useSession: only inside the shell')
  return session
}

const rank: Readonly<Record<AccountRole, number>> = { viewer: 0, analyst: 1, administrator: 2 }
/** Whether the person may do what takes this role. The server decides; this only spares buttons that would be refused. */
export function useMay(role: AccountRole): boolean {
  return rank[useSession().account.role] >= rank[role]
}

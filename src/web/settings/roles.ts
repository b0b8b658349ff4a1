import type { AccountRole } from '../../api/contract.ts'

export const roles = ['viewer', 'analyst', 'administrator'] as const satisfies AccountRole[]

/** What each role may do, said once for everybody. */
export const roleWords: Readonly<Record<AccountRole, string>> = {
  viewer: 'Sees everything, changes nothing.',
  analyst: 'Sees everything, triages findings, keeps the inventory, runs sources.',
  administrator: 'Does what an analyst does, and manages people, destinations and tokens.',
}

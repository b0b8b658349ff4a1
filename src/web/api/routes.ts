import type * as contract from '../../api/contract.ts'

/** Rows that the contract does not have yet, as they are agreed; one that it has counts no more. Goes when all are there. */
interface Pending {
  'GET /api/login': { input: Record<never, never>; answer: { password: boolean; oidc: boolean } }
  'POST /api/login': { input: { body: { email: string; password: string } }; answer: object }
  'GET /api/login/oidc': { input: { query: { to?: string } }; answer: string }
  'POST /api/links/look': { input: { body: { token: string } }; answer: { kind: 'first' | 'invitation' | 'reset'; email: string | null; expiresAt: string } }
  'POST /api/links/use': { input: { body: { token: string; password: string; email?: string; name?: string } }; answer: object }
  'GET /api/session': { input: Record<never, never>; answer: { account: { id: string; name: string; email: string; role: contract.AccountRole }; organization: string; version: string } }
  'POST /api/logout': { input: Record<never, never>; answer: object }
  'GET /api/inventory/summary': { input: Record<never, never>; answer: { lines: number; patterns: number; coverage: { proven: number; partly: number; never: number }; inferred: number } }
  'GET /api/people': { input: Record<never, never>; answer: { items: { id: string; name: string }[] } }
}

export type RouteName = contract.RouteName | keyof Pending
export type Input<Name extends RouteName> = Name extends contract.RouteName ? contract.Input<Name> : Name extends keyof Pending ? Pending[Name]['input'] : never
export type Answer<Name extends RouteName> = Name extends contract.RouteName ? contract.Answer<Name> : Name extends keyof Pending ? Pending[Name]['answer'] : never

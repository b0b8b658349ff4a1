import type * as contract from '../../api/contract.ts'

/** Rows that the contract does not have yet, as they are agreed; one that it has counts no more. Goes when all are there. */
interface Pending {
  'GET /api/inventory/summary': { input: Record<never, never>; answer: { lines: number; patterns: number; coverage: { proven: number; partly: number; never: number }; inferred: number } }
}

export type RouteName = contract.RouteName | keyof Pending
export type Input<Name extends RouteName> = Name extends contract.RouteName ? contract.Input<Name> : Name extends keyof Pending ? Pending[Name]['input'] : never
export type Answer<Name extends RouteName> = Name extends contract.RouteName ? contract.Answer<Name> : Name extends keyof Pending ? Pending[Name]['answer'] : never

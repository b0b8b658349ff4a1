import type { Disclosure, Form, IdentifierKind } from '../contracts/inventory.ts'
import { createGuard, type Subject } from './terms.ts'

/** A name that a registry may be asked for. */
export interface Candidate {
  readonly form: Form
  readonly kind: IdentifierKind
  readonly text: string
  readonly disclose: Disclosure
  /** It is known to be public: it has a finding. */
  readonly found: boolean
}

export const refusals = {
  never: 'disclose: never',
  stem: 'disclose: stem, and a registry is asked for the whole name',
  contains: 'it contains a name with disclose: never',
  pattern: 'a pattern: what it matches is asked for once it is found',
  notFound: 'not found in public yet; asked once it is, or with registries.askAll',
} as const

/**
 * Whether a registry may learn a name, the only place where that is decided: a name that was found in public, or with
 * `askAll` every name; never one with `disclose: never` or `stem`, and none that contains a secret one.
 * Answers why not, in words; null: it may.
 * @throws Invalid when a regular expression with `disclose: never` cannot be read: then nothing may be sent
 */
export function createAskRule(subjects: readonly Subject[], settings: { readonly askAll: boolean }): (candidate: Candidate) => string | null {
  const discloses = createGuard(subjects)
  return ({ form, text, disclose, found }) => {
    if (disclose !== 'name') return refusals[disclose]
    if (form !== 'name') return refusals.pattern
    if (discloses(text)) return refusals.contains
    return found || settings.askAll ? null : refusals.notFound
  }
}

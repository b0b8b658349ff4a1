import type { Ecosystem, Form, IdentifierKind } from '../../src/contracts/inventory.ts'
import type { Matcher, Term } from '../../src/contracts/match.ts'

export interface TermParts {
  readonly form?: Form
  readonly kind?: IdentifierKind
  readonly ecosystem?: Ecosystem | null
  readonly near?: readonly string[]
  readonly id?: string
}

/** A term with everything that matching does not look at filled in. */
export function term(text: string, { form = 'name', kind = 'package', ecosystem = null, near = [], id = text }: TermParts = {}): Term {
  return { id, form, kind, ecosystem, text, near, team: null, disclose: 'name', publicOnPurpose: false, where: 'inventory.1' }
}

export const npm = (text: string): Term => term(text, { ecosystem: 'npm' })
export const pypi = (text: string): Term => term(text, { ecosystem: 'pypi' })
export const maven = (text: string): Term => term(text, { ecosystem: 'maven' })
export const scope = (text: string): Term => term(text, { kind: 'scope', ecosystem: 'npm' })
export const group = (text: string): Term => term(text, { kind: 'group', ecosystem: 'maven' })
export const host = (text: string): Term => term(text, { kind: 'host' })
export const codename = (text: string, near: readonly string[] = []): Term => term(text, { kind: 'codename', near })
export const prefix = (text: string, parts: TermParts = {}): Term => term(text, { form: 'prefix', ...parts })
export const regex = (text: string): Term => term(text, { form: 'regex', kind: 'other' })

/** What was found, as `name` or, where the text differs from it, `name <- text`. */
export function found(matcher: Matcher, text: string | Uint8Array): string[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  return matcher.find(bytes).map(({ name, start, end }) => {
    const there = Buffer.from(bytes.subarray(start, end)).toString()
    return there === name ? name : `${name} <- ${there}`
  })
}

import { describe, expect, test } from 'vitest'
import { createAskRule, refusals, type Candidate } from '../../src/planning/claims.ts'
import type { Subject } from '../../src/planning/terms.ts'

const line = (text: string, more: Partial<Subject> = {}): Subject => ({ id: text, form: 'name', kind: 'package', ecosystem: 'npm', text, disclose: 'name', near: [], ...more })
const candidate = (text: string, more: Partial<Candidate> = {}): Candidate => ({ form: 'name', kind: 'package', text, disclose: 'name', found: true, ...more })
const inventory = [line('acme-auth'), line('HermesBuilder', { kind: 'codename', ecosystem: null, disclose: 'never' }), line('acme-secret-', { form: 'prefix', disclose: 'never' }), line('ACME-[0-9]{4}', { form: 'regex', kind: 'other', disclose: 'never' })]

describe('a registry learns a name', () => {
  const rule = createAskRule(inventory, { askAll: false })

  test('that was found in public', () => expect(rule(candidate('acme-auth'))).toBeNull())
  test('that was not found, only when the configuration says so', () => {
    expect(rule(candidate('acme-auth', { found: false }))).toBe(refusals.notFound)
    expect(createAskRule(inventory, { askAll: true })(candidate('acme-auth', { found: false }))).toBeNull()
  })
})

describe('a registry never learns', () => {
  const rules = [createAskRule(inventory, { askAll: false }), createAskRule(inventory, { askAll: true })]

  test.each<[string, Candidate, string]>([
    ['a name with disclose: never, found or not', candidate('acme-auth', { disclose: 'never' }), refusals.never],
    ['a whole name of which only the stem may be told', candidate('acme-auth', { disclose: 'stem' }), refusals.stem],
    ['a pattern', candidate('acme-', { form: 'prefix' }), refusals.pattern],
    ['a name with a secret word in it', candidate('acme-hermesbuilder-client'), refusals.contains],
    ['a secret word in another spelling', candidate('acme_HERMESBUILDER'), refusals.contains],
    ['a name that a secret pattern begins', candidate('acme-secret-plans'), refusals.contains],
    ['a name that a secret expression finds', candidate('acme-1234-tool'), refusals.contains],
  ])('%s', (_, asked, reason) => {
    for (const rule of rules) expect(rule(asked)).toBe(reason)
  })

  test('anything, when a secret expression cannot be read', () => {
    expect(() => createAskRule([line('(?<broken', { form: 'regex', disclose: 'never' })], { askAll: true })).toThrow(/cannot be read/)
  })
})

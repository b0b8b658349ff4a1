import { expect, test } from 'vitest'
import type { Line } from '../../src/contracts/inventory.ts'
import { warnOfHotTerms } from '../../src/planning/hot-terms.ts'

const line = (text: string, more: Partial<Line> = {}): Line => ({
  form: 'regex', kind: 'other', ecosystem: null, text, team: null, disclose: 'name', publicOnPurpose: false, near: [], where: 'namesake.yaml: inventory.0', ...more,
})

test.each([
  ['a short word', 'ACME-[A-Z]{3}-[0-9]{4}', 'ACME'],
  ['a word that everybody uses', 'gateway-[0-9]{4}', 'gateway'],
])('%s is all that is searched for: told, with the way out', (_what, text, word) => {
  expect(warnOfHotTerms([line(text)])).toEqual([expect.stringMatching(new RegExp(`^namesake\\.yaml: inventory\\.0: .*"${word}".*disclose: never`))])
})

test.each([
  ['two words', 'acme-corp-[a-z]+', {}],
  ['a rare word', 'zentaracorp-[0-9]{4}', {}],
  ['a number in it', 'ACM3-[0-9]{4}', {}],
  ['nothing to search for', '[A-Z]{8}', {}],
  ['never told to anybody', 'ACME-[A-Z]{3}', { disclose: 'never' as const }],
  ['no expression', 'acme', { form: 'name' as const }],
])('%s: nothing is said', (_what, text, more) => {
  expect(warnOfHotTerms([line(text, more)])).toEqual([])
})

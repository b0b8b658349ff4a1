import { describe, expect, test } from 'vitest'
import type { Person } from '../../src/contracts/place.ts'
import { relate } from '../../src/evidence/relation.ts'

const company = { name: 'Acme Corp', organizations: ['acme-corp'], domains: ['acme-corp.com'], people: ['Jana-Doe'] }
const person: Person = { id: '1', login: 'somebody', name: null, kind: 'user', emailDomain: null, memberOf: [], company: null }

describe('what a person is to the company', () => {
  test.each<[string, Partial<Person>, string]>([
    ['the account of the company itself', { login: 'Acme-Corp' }, 'own'],
    ['a public member, whatever else is told', { memberOf: ['ACME-corp'], company: 'Other' }, 'member'],
    ['somebody on our list', { login: 'jana-doe' }, 'known'],
    ['an address at a domain of ours', { emailDomain: 'acme-corp.com' }, 'email-domain'],
    ['an address below a domain of ours', { emailDomain: 'mail.acme-corp.com' }, 'email-domain'],
    ['a profile that names the organisation', { company: 'SRE @acme-corp' }, 'profile'],
    ['a profile that names the company', { company: 'previously: Acme Corp, Berlin' }, 'profile'],
    ['an address at a domain that only ends like ours', { emailDomain: 'notacme-corp.com' }, 'unknown'],
    ['a profile of a company that is called almost the same', { company: '@acme-corporation' }, 'unknown'],
    ['a member of another organisation', { memberOf: ['acme'] }, 'unknown'],
    ['nobody at all', { login: null, memberOf: null }, 'unknown'],
  ])('%s', (_name, facts, relation) => {
    expect(relate({ ...person, ...facts }, company)).toEqual({ relation, reason: expect.stringMatching(/\w/) })
  })
})

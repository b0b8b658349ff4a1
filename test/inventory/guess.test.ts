import { describe, expect, test } from 'vitest'
import { guessEcosystem, guessSubject } from '../../src/inventory/guess.ts'

describe('what a bare text is', () => {
  test.each([
    ['@acme-corp/*', 'pattern'],
    ['acme-corp-*', 'pattern'],
    ['artifactory.acme-corp.com', 'host'],
    ['git.acme.internal', 'host'],
    ['registry.acme.lan', 'host'],
    ['HermesBuilder', 'codename'],
    ['Project Hermes', 'codename'],
    ['Übermorgen', 'codename'],
    ['acme-corp-auth-client', 'name'],
    ['@acme-corp/auth', 'name'],
    ['@acme-corp', 'name'],
    ['com.acmecorp:auth', 'name'],
    ['com.acmecorp.auth', 'name'],
    ['Acme.Corp.Auth', 'name'],
    ['Acme.Net', 'name'],
    ['acme-widgets.js', 'name'],
    ['hermes', 'name'],
  ])('%s is a %s', (text, subject) => {
    expect(guessSubject(text)).toEqual({ value: subject })
  })

  test('a text that could be a host or a group is asked back', () => {
    expect(guessSubject('com.acme.io')).toEqual({ fault: expect.stringContaining('a host or a Maven group') })
  })
})

describe('which ecosystem a name is of', () => {
  test.each([
    ['@acme-corp/auth', 'npm'],
    ['@acme-corp', 'npm'],
    ['com.acmecorp:auth', 'maven'],
    ['com.acmecorp.auth', 'maven'],
    ['acme-corp-auth', null],
    ['Acme.Corp.Auth', null],
  ])('%s: %s', (text, ecosystem) => {
    expect(guessEcosystem(text)).toEqual({ value: ecosystem })
  })

  test.each(['acme/auth', 'git.acme.com/auth', 'registry.acme.com:5000/base'])('%s could be of several, and is asked back', (text) => {
    expect(guessEcosystem(text)).toEqual({ fault: expect.stringContaining('say which with ecosystem') })
  })
})

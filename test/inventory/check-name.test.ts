import { describe, expect, test } from 'vitest'
import { ecosystems, type Ecosystem } from '../../src/contracts/inventory.ts'
import { groupFault, hostFault, packageFault, packageStartFault, scopeFault } from '../../src/inventory/check-name.ts'

const valid: Record<Ecosystem, readonly string[]> = {
  npm: ['acme-corp-auth', '@acme-corp/auth', '@acme-corp/Auth.js', 'JSONStream', 'a', '@acme/_internal', 'x'.repeat(214)],
  pypi: ['acme-corp', 'Acme_Corp.Auth', 'a', 'a1', '2to3'],
  maven: ['com.acmecorp:auth', 'acme:auth_2.13', 'com.acme-corp.x:y-z'],
  nuget: ['Acme.Corp.Auth', 'Acme', 'Acme_Auth-2', '7Zip.Core'],
  rubygems: ['acme_auth', 'acme-auth', 'Acme.auth', '9p'],
  crates: ['acme_auth', 'acme-auth', 'A1'],
  packagist: ['acme/auth', 'acme-corp/auth-client', 'acme/auth--x', 'Acme/Auth_2.x'],
  go: ['git.acme-corp.com/team/auth', 'github.com/acme/x/v2', 'acme.dev/x_y~z', 'auth'],
  docker: ['acme/base', 'registry.acme-corp.com:5000/team/base', 'base', 'acme/base__x--y.z'],
}

const invalid: Record<Ecosystem, readonly string[]> = {
  npm: ['.acme', '_acme', '@acme', '@acme/', '@/x', '@acme/x/y', 'acme corp', 'acme/auth', 'acme@1.0.0', '@acme/.x', 'x'.repeat(215), ''],
  pypi: ['-acme', 'acme-', 'acme.', 'acme==1.0', 'acme[extra]', 'ac me', ''],
  maven: ['com.acmecorp', 'com.acmecorp:auth:1.0', ':auth', 'com.acme:', 'com acme:auth', ''],
  nuget: ['Acme..Corp', 'Acme.', '.Acme', 'Acme Corp', 'Acme/Auth', 'x'.repeat(101), ''],
  rubygems: ['-acme', 'acme auth', 'acme/auth', '.acme', ''],
  crates: ['1acme', 'acme.auth', '-acme', 'acme auth', `a${'x'.repeat(64)}`, ''],
  packagist: ['acme', 'acme/', '/auth', 'acme/auth/x', 'acme//auth', 'acme-/x', 'acme/-x', 'acme/x---y', ''],
  go: ['https://git.acme.com/x', 'git.acme.com/x@v1.0.0', '/x', 'x/', 'git.acme.com//x', 'git.acme.com/x y', ''],
  docker: ['acme/base:1.0', 'acme/base@sha256:00', 'Acme Base', 'acme//base', '/base', 'base-', ''],
}

describe('names of packages', () => {
  test.each(ecosystems.flatMap((ecosystem) => valid[ecosystem].map((name) => [ecosystem, name] as const)))('%s accepts %j', (ecosystem, name) => {
    expect(packageFault(name, ecosystem)).toBeNull()
  })

  test.each(ecosystems.flatMap((ecosystem) => invalid[ecosystem].map((name) => [ecosystem, name] as const)))('%s refuses %j and says what it expects', (ecosystem, name) => {
    expect(packageFault(name, ecosystem)).toMatch(/^expected /)
  })

  test.each(ecosystems)('%s judges a long hostile text at once', (ecosystem) => {
    const started = performance.now()
    for (const unit of ['a', 'a.', 'a-', 'a_', 'a/', '-', '--a', '1']) packageFault(`${unit.repeat(100)}!`, ecosystem)
    // Exponential backtracking would not come back; this bound is no measurement.
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('the start of a pattern', () => {
  test.each([
    ['@acme-corp/', 'npm'], ['@acme-', 'npm'], ['acme-', 'npm'], ['acme_', 'pypi'], ['com.acme:', 'maven'], ['Acme.', 'nuget'], ['acme-', 'rubygems'], ['acme_', 'crates'],
    ['acme/', 'packagist'], ['acme-', 'packagist'], ['git.acme.com/', 'go'], ['registry.acme.com/', 'docker'], ['acme-', null],
  ] as const)('%s of %s', (prefix, ecosystem) => {
    expect(packageStartFault(prefix, ecosystem)).toBeNull()
  })

  test.each([['@acme corp/', 'npm'], ['_acme', 'npm'], ['1acme', 'crates'], ['https://git.acme.com/', 'go'], ['acme corp-', null], ['acme/x/y', 'packagist']] as const)('not %s of %s', (prefix, ecosystem) => {
    expect(packageStartFault(prefix, ecosystem)).toMatch(/^expected /)
  })
})

describe('scopes, groups and hosts', () => {
  test.each(['@acme', '@acme-corp', '@a.b_c'])('%s is a scope', (name) => expect(scopeFault(name)).toBeNull())
  test.each(['acme', '@', '@acme/x', '@acme corp', '@.x'])('%s is no scope', (name) => expect(scopeFault(name)).not.toBeNull())
  test.each(['com.acmecorp', 'acme', 'com.acme-corp.auth_x'])('%s is a group', (name) => expect(groupFault(name)).toBeNull())
  test.each(['com.', '.com', 'com..acme', 'com.acme:x', 'com acme', ''])('%s is no group', (name) => expect(groupFault(name)).not.toBeNull())
  test.each(['artifactory.acme-corp.com', 'A.B', 'x_y.internal', '10.0.0.1', 'xn--bcher-kva.example'])('%s is a host', (name) => expect(hostFault(name)).toBeNull())
  test.each(['artifactory', 'https://a.b', 'a.b:8443', 'a.b/x', '-a.b', 'a-.b', 'a..b', 'a.b.', `${'x'.repeat(64)}.com`, `${'a.'.repeat(130)}com`, ''])('%s is no host', (name) => {
    expect(hostFault(name)).not.toBeNull()
  })
})

import { describe, expect, test } from 'vitest'
import type { Term } from '../../src/contracts/match.ts'
import { declare } from '../../src/evidence/declare.ts'
import { infer, leadsFurther } from '../../src/evidence/infer.ts'
import { compile } from '../../src/matching/compile.ts'

const host = 'artifactory.acme-corp.com'
const line: Omit<Term, 'id' | 'kind' | 'text'> = { form: 'name', ecosystem: null, team: null, disclose: 'name', publicOnPurpose: false, near: [], where: '' }
const ourHost: Term = { ...line, id: '1', kind: 'host', text: host }
const ourScope: Term = { ...line, id: '2', kind: 'scope', ecosystem: 'npm', text: '@hermes' }
const ourGroup: Term = { ...line, id: '3', kind: 'group', ecosystem: 'maven', text: 'com.acmecorp' }

/** As a job reads a document: the real matcher, the real declarations. */
function read(path: string, text: string, terms: readonly Term[] = [ourHost, ourScope, ourGroup]) {
  const bytes = Buffer.from(text)
  return infer(declare({ path, text: bytes }), compile(terms).find(bytes))
}

const url = (name: string, repository = 'npm-virtual', server = host) => `https://${server}/artifactory/api/npm/${repository}/${name}/-/x-1.0.0.tgz`
function lock(entries: Readonly<Record<string, string>>): string {
  const packages = Object.entries(entries).map(([name, resolved]) => `"node_modules/${name}": { "version": "1.0.0", "resolved": "${resolved}" }`)
  return `{ "lockfileVersion": 3, "packages": {\n${packages.join(',\n')} } }`
}
const many = (count: number, make: (name: string) => string, stem = 'lib') =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${stem}-${at}`, make(`${stem}-${at}`)]))

describe('a name that no line covers is a candidate', () => {
  test('when it is resolved from one of our hosts, with the reason in words and its place', () => {
    const text = lock({ billing: url('billing'), express: 'https://registry.yarnpkg.com/express/-/express-4.0.0.tgz' })
    expect(read('package-lock.json', text)).toEqual([{
      name: 'billing', kind: 'package', ecosystem: 'npm', start: text.indexOf('billing'), weak: false,
      reason: 'resolved from artifactory.acme-corp.com, which is one of our hosts',
    }])
  })

  test.each([
    ['a host below ours', 'package-lock.json', lock({ billing: url('billing', 'npm', `eu.${host}`) }), 'billing', `resolved from eu.${host}, which is below ${host}, one of our hosts`],
    ['our scope', 'package.json', '{ "dependencies": { "@hermes/core": "^1.0.0" } }', '@hermes/core', 'belongs to @hermes, which is one of our scopes'],
    ['our group', 'build.gradle', "dependencies { api 'com.acmecorp:auth:1.0' }", 'com.acmecorp:auth', 'belongs to com.acmecorp, which is one of our groups'],
    ['a group below ours', 'build.gradle', "dependencies { api 'com.acmecorp.pay:api:1.0' }", 'com.acmecorp.pay:api', 'belongs to com.acmecorp.pay, which is below com.acmecorp, one of our groups'],
    ['a scope that is bound to our host', '.npmrc', `@apollo:registry=https://${host}/npm/\n`, '@apollo', `its registry is ${host}, which is one of our hosts`],
    ['publication to our host', 'package.json', `{ "name": "billing", "publishConfig": { "registry": "https://${host}/npm/" } }`, 'billing', `published to ${host}, which is one of our hosts`],
    ['the only index of the file', 'requirements.txt', `--index-url https://${host}/simple\nhermes-sdk==1.0\n`, 'hermes-sdk', `the only index of the file is ${host}, which is one of our hosts`],
    ['a module path', 'go.mod', `module x\n\nrequire ${host}/team/auth v1.0.0\n`, `${host}/team/auth`, `its path begins with ${host}, which is one of our hosts`],
    ['an image', 'Dockerfile', `FROM ${host}/base/node:20\n`, `${host}/base/node`, `an image of ${host}, which is one of our hosts`],
  ])('because of %s', (_why, path, text, name, reason) => {
    expect(read(path, text)).toMatchObject([{ name, reason, weak: false }])
  })

  test('a host may be found by an expression', () => {
    const expression: Term = { ...line, id: '9', form: 'regex', kind: 'other', text: '[a-z]+\\.acme-corp\\.com' }
    expect(read('package-lock.json', lock({ billing: url('billing') }), [expression])).toMatchObject([{ name: 'billing' }])
  })

  test('once, however often the file has it, in whatever spelling', () => {
    const text = `--index-url https://${host}/simple\nHermes_SDK==1.0\nhermes-sdk==1.0\nhermes.sdk==1.0\n`
    expect(read('requirements.txt', text)).toMatchObject([{ name: 'Hermes_SDK', start: text.indexOf('Hermes_SDK') }])
  })
})

describe('a name is no candidate', () => {
  test('when the host, scope or group is not ours, or only looks like it', () => {
    const servers = ['registry.yarnpkg.com', `${host}.evil.net`, `x${host}`, 'acme-corp.com']
    expect(servers.map((server) => read('package-lock.json', lock({ billing: url('billing', 'npm', server) })))).toEqual([[], [], [], []])
    expect(read('package.json', '{ "dependencies": { "@hermes-fans/core": "1", "hermes": "1" } }')).toEqual([])
    expect(read('build.gradle', "dependencies { api 'com.acmecorpse:auth:1.0'; api 'org.com.acmecorp:auth:1.0' }")).toEqual([])
  })

  test('when a line covers it: a name, a pattern, or an expression', () => {
    const named: Term = { ...line, id: '4', kind: 'package', ecosystem: 'npm', text: 'billing' }
    const pattern: Term = { ...line, id: '5', form: 'prefix', kind: 'package', ecosystem: 'npm', text: '@hermes/' }
    const expression: Term = { ...line, id: '6', form: 'regex', kind: 'other', text: 'secret-[a-z]+' }
    const text = lock({ billing: url('billing'), '@hermes/core': url('@hermes/core'), 'secret-tool': url('secret-tool'), ledger: url('ledger') })
    expect(read('package-lock.json', text, [ourHost, ourScope, named, pattern, expression]).map(({ name }) => name)).toEqual(['ledger'])
  })

  test('when a line without ecosystem covers it', () => {
    const named: Term = { ...line, id: '4', kind: 'package', text: 'Billing' }
    expect(read('package-lock.json', lock({ billing: url('billing') }), [ourHost, named])).toEqual([])
  })

  test('when its scope or group may be public on purpose', () => {
    const open = [{ ...ourScope, publicOnPurpose: true }, { ...ourGroup, publicOnPurpose: true }]
    expect(read('package.json', '{ "dependencies": { "@hermes/core": "^1.0.0" } }', open)).toEqual([])
    expect(read('build.gradle', "dependencies { api 'com.acmecorp:auth:1.0' }", open)).toEqual([])
  })

  test('when only a part of it is ours: the codename in it is found, the whole name stays a candidate', () => {
    const codename: Term = { ...line, id: '7', kind: 'codename', text: 'apollo' }
    expect(read('package-lock.json', lock({ 'apollo-api': url('apollo-api'), apollo: url('apollo') }), [ourHost, codename]).map(({ name }) => name)).toEqual(['apollo-api'])
  })

  test('because of an extra index, which says nothing about one name', () => {
    expect(read('requirements.txt', `--index-url https://pypi.org/simple\n--extra-index-url https://${host}/simple\nrequests==2\n`)).toEqual([])
  })

  test('because its host is ours elsewhere in the world, but is not in this file', () => {
    expect(infer(declare({ path: 'package-lock.json', text: Buffer.from(lock({ billing: url('billing') })) }), [])).toEqual([])
  })
})

describe('a public name that our host passes on is weak, and listed last', () => {
  test.each(['npm-remote', 'npmjs-proxy', 'npm_mirror', 'npm.cache', 'npm-central'])('by the repository in its path: %s', (repository) => {
    const found = read('package-lock.json', lock({ express: url('express', repository), billing: url('billing') }))
    expect(found).toMatchObject([{ name: 'billing', weak: false }, { name: 'express', weak: true }])
    expect(found[1]?.reason).toContain('passes on public packages')
  })

  test('its own name is no word of the path', () => {
    const text = lock({ 'proxy-agent': url('proxy-agent'), '@remote/cache': url('@remote/cache'), mirror: `https://${host}/files/mirror-1.0.tgz` })
    expect(read('package-lock.json', text).map(({ weak }) => weak)).toEqual([false, false, false])
  })

  test('when more than 20 names and more than 80 % of the file come from that host', () => {
    const found = read('package-lock.json', lock(many(21, (name) => url(name))))
    expect(found).toHaveLength(21)
    expect(found.every(({ weak, reason }) => weak && reason.endsWith('this host mirrors the public registry'))).toBe(true)
  })

  test('20 names are no proof, and 80 % are none', () => {
    expect(read('package-lock.json', lock(many(20, (name) => url(name)))).some(({ weak }) => weak)).toBe(false)
    const mixed = { ...many(40, (name) => url(name)), ...many(10, (name) => `https://registry.yarnpkg.com/${name}.tgz`, 'other') }
    expect(read('package-lock.json', lock(mixed)).some(({ weak }) => weak)).toBe(false)
  })

  test('names that the file places nowhere count against it: a lock file that names only what is special', () => {
    const packages = [...Array.from({ length: 60 }, (_, at) => `[[package]]\nname = "public-${at}"\n`), ...Array.from({ length: 30 }, (_, at) => `[[package]]\nname = "own-${at}"\n[package.source]\nurl = "https://${host}/simple"\n`)]
    const found = read('poetry.lock', packages.join('\n'))
    expect(found).toHaveLength(30)
    expect(found.some(({ weak }) => weak)).toBe(false)
  })

  test('in a mirror, a name of our scope, or of a repository of our own, is not weak', () => {
    const text = lock({ ...many(40, (name) => url(name)), '@hermes/core': url('@hermes/core'), billing: url('billing', 'npm-local') })
    expect(read('package-lock.json', text).filter(({ weak }) => !weak).map(({ name }) => name)).toEqual(['@hermes/core', 'billing'])
  })

  test('Go modules of our host are ours, however many there are', () => {
    const text = `module x\n\nrequire (\n${Array.from({ length: 40 }, (_, at) => `\t${host}/team/m${at} v1.0.0`).join('\n')}\n)\n`
    const found = read('go.mod', text)
    expect(found).toHaveLength(40)
    expect(found.some(({ weak }) => weak)).toBe(false)
  })

  test('of the same name the strong reason stays', () => {
    const text = `{ "lockfileVersion": 3, "packages": { "node_modules/a": { "resolved": "${url('a', 'npm-remote')}" }, "node_modules/b/node_modules/a": { "resolved": "${url('a')}" } } }`
    expect(read('package-lock.json', text)).toMatchObject([{ name: 'a', weak: false }])
  })

  test('a file made to flood the list is cut at 2,000 names, the strong ones kept', () => {
    const found = read('package-lock.json', lock({ ...many(5_000, (name) => url(name)), billing: url('billing', 'npm-local') }))
    expect(found).toHaveLength(2_000)
    expect(found[0]).toMatchObject({ name: 'billing', weak: false })
  })
})

test('only a host, a scope, a group or what an expression found leads further', () => {
  const found = compile([ourHost, ourScope, ourGroup, { ...line, id: '4', kind: 'package', ecosystem: 'npm', text: 'billing' }, { ...line, id: '5', kind: 'codename', text: 'apollo' }])
    .find(Buffer.from(`${host} @hermes com.acmecorp billing apollo`))
  expect(found.map((match) => [match.kind, leadsFurther(match)])).toEqual([['host', true], ['scope', true], ['group', true], ['package', false], ['codename', false]])
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskLine } from '../../src/notifiers/mask.ts'

const host = 'artifactory.acme-corp.com'
const mask = (line: string) => maskLine(line, host)

describe('a masked line', () => {
  test.each([
    ['a manifest', `    "acme-corp-auth": "https://${host}/auth-1.0.tgz",`],
    ['a port and a scope', `https://${host}:8081/@acme-corp/auth`],
    ['a path of many words', `cp -p services/billing-service-internal-client/auth ${host}`],
    ['a class of many words', `AbstractSingletonProxyFactoryBean(${host})`],
    ['prose', `Our packages live on ${host}, ask Bob.`],
  ])('keeps what is no credential: %s', (_, line) => {
    expect(mask(line)).toBe(line.trim())
  })

  test.each([
    ['token of an .npmrc', `//${host}/api/npm/:_authToken=hunter2`, `//${host}/api/npm/:_authToken=•••`],
    ['password of an .npmrc', `//${host}/:_password="aHVudGVyMg=="`, `//${host}/:_password="•••"`],
    ['user and password of a URL', `https://bob:hunter2@${host}/x`, `https://•••@${host}/x`],
    ['password with a slash', `https://bob:hun/ter2@${host}/x`, `https://•••@${host}/x`],
    ['token of a URL', `git+https://hunter2@${host}/x`, `git+https://•••@${host}/x`],
    ['YAML', `password: hunter2 # ${host}`, `password: ••• # ${host}`],
    ['JSON', `{"host":"${host}","apiKey":"hunter2"}`, `{"host":"${host}","apiKey":"•••"}`],
    ['quoted with blanks', `secretKey: 'hun ter2' // ${host}`, `secretKey: '•••' // ${host}`],
    ['Ruby', `:password => 'hunter2', host: '${host}'`, `:password => '•••', host: '${host}'`],
    ['an environment variable', `export NPM_TOKEN=hunter2 REGISTRY=${host}`, `export NPM_TOKEN=••• REGISTRY=${host}`],
    ['XML', `<password>hunter2</password><url>${host}</url>`, `<password>•••</password><url>${host}</url>`],
    ['NuGet', `<add key="ClearTextPassword" value="hun ter2" /> ${host}`, `<add key="ClearTextPassword" value="•••" /> ${host}`],
    ['netrc', `machine ${host} login bob password hunter2`, `machine ${host} login bob password •••`],
    ['an option', `deploy --password hunter2 --to ${host}`, `deploy --password ••• --to ${host}`],
    ['docker login', `docker login -u bob -p hunter2 ${host}`, `docker login -u bob -p ••• ${host}`],
    ['curl', `curl -u bob:hunter2 https://${host}`, `curl -u bob:••• https://${host}`],
    ['a header', `Authorization: Bearer hunter2 ${host}`, `Authorization: Bearer ••• ${host}`],
    ['a Slack webhook', `https://hooks.slack.com/services/t1/b1/hunter2 ${host}`, `https://hooks.slack.com/services/••• ${host}`],
    ['a GitHub token', `ghp_hunter2hunter ${host}`, `••• ${host}`],
    ['a JWT', `eyJhbGciOi.eyJzdWIi.c2lnbmF0 ${host}`, `••• ${host}`],
    ['hex', `5d41402abc4b2a76b9719d911017c592 ${host}`, `••• ${host}`],
    ['base64', `sha512-Ab3dEf+9kLmN0pQrStUvWxYz1234567890== ${host}`, `••• ${host}`],
    ['letters without an end', `${'abcdefghij'.repeat(5)} ${host}`, `••• ${host}`],
  ])('hides a credential: %s', (_, line, masked) => {
    expect(mask(line)).toBe(masked)
  })

  test('keeps the name readable inside a credential, and nothing else of it', () => {
    expect(maskLine('password: xx-acme-corp-auth!2024', 'acme-corp-auth')).toBe('password: •••acme-corp-auth•••')
  })

  test('finds the name in other capitals', () => {
    expect(maskLine(`${'a'.repeat(200)} token=x ACME-CORP-AUTH ${'b'.repeat(200)}`, 'acme-corp-auth')).toContain('ACME-CORP-AUTH')
  })

  test('shows the beginning of a line that does not hold the name as we write it', () => {
    expect(maskLine(`com/acmecorp/auth ${'word '.repeat(100)}`, 'com.acmecorp:auth')).toMatch(/^com\/acmecorp\/auth .*…$/)
  })

  test('a long line is cut around the name, with signs', () => {
    const masked = mask(`${'left '.repeat(100)}${host}${' right'.repeat(100)}`)
    expect(masked).toMatch(/^….*artifactory\.acme-corp\.com.*…$/)
    expect(Array.from(masked).length).toBeLessThanOrEqual(120)
  })

  test('a name longer than the line may be is cut too', () => {
    const name = `${'n-'.repeat(1500)}x`
    expect(Array.from(maskLine(name, name)).length).toBeLessThanOrEqual(120)
  })

  test('whatever the line, it has at most 120 characters and a planted password is not in it', () => {
    const filler = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(filler, filler, (before, after) => {
        const masked = mask(`${before} _authToken=pa55w0rd-planted ${host} ${after}`)
        expect(Array.from(masked).length).toBeLessThanOrEqual(120)
        expect(masked).toContain(host)
        expect(masked).not.toContain('planted')
      }),
      { seed: 20261123, numRuns: 1_000 },
    )
  })

  test.each(['://', 'password=', 'a:', 'login ', '-u a:', 'token" value="', '"', 'eyJ', '--token '])('a megabyte of %j is masked at once', (unit) => {
    expect(Array.from(mask(unit.repeat(1_000_000 / unit.length))).length).toBeLessThanOrEqual(120)
  })
})

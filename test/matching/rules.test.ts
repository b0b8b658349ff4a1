import { describe, expect, test } from 'vitest'
import type { Term } from '../../src/contracts/match.ts'
import { compile } from '../../src/matching/compile.ts'
import { codename, found, group, host, maven, npm, prefix, pypi, regex, scope, term } from './terms.ts'

/** Each row: what the inventory holds, a text, what is found in it, in order. */
type Row = readonly [sentence: string, terms: readonly Term[], text: string, found: readonly string[]]

function check(rows: readonly Row[]): void {
  test.each(rows)('%s', (_sentence, terms, text, expected) => {
    expect(found(compile(terms), text)).toEqual(expected)
  })
}

const auth = npm('acme-corp-auth')
const scoped = npm('@acme-corp/auth')

describe('a package', () => {
  check([
    ['is found alone', [auth], 'acme-corp-auth', ['acme-corp-auth']],
    ['is found in quotes', [auth], '{"acme-corp-auth":"1"}', ['acme-corp-auth']],
    ['is found before a version', [auth], 'acme-corp-auth@1.2.0', ['acme-corp-auth']],
    ['is found before a path', [auth], "require('acme-corp-auth/lib/x')", ['acme-corp-auth']],
    ['is found before a dot', [auth], 'see acme-corp-auth.', ['acme-corp-auth']],
    ['is found before a file ending', [auth], 'acme-corp-auth.js', ['acme-corp-auth']],
    ['is found after a path', [auth], 'https://r.io/npm/acme-corp-auth', ['acme-corp-auth']],
    ['is found after a dot', [auth], 'jq .dependencies.acme-corp-auth', ['acme-corp-auth']],
    ['is found whatever its case', [auth], 'ACME-Corp-Auth', ['acme-corp-auth <- ACME-Corp-Auth']],
    ['is found in the name of an archive', [auth], 'acme-corp-auth-1.2.0.tgz', ['acme-corp-auth']],
    ['is found in the name of a wheel', [pypi('acme-corp-auth')], 'acme_corp_auth-1.2.0-py3-none-any.whl', ['acme-corp-auth <- acme_corp_auth']],
    ['is found in underscores', [auth], 'use _acme-corp-auth_ or __acme-corp-auth__', ['acme-corp-auth', 'acme-corp-auth']],
    ['is found between curly quotes', [auth], '“acme-corp-auth”', ['acme-corp-auth']],
    ['is found in a language without spaces', [auth], '使用acme-corp-auth包', ['acme-corp-auth']],
    ['is found twice', [auth], 'acme-corp-auth acme-corp-auth', ['acme-corp-auth', 'acme-corp-auth']],
    ['is not found with letters behind', [auth], 'acme-corp-authx', []],
    ['is not found with letters in front', [auth], 'xacme-corp-auth', []],
    ['is not found inside a longer name', [auth], 'acme-corp-auth-client my-acme-corp-auth', []],
    ['is not found with an underscore on one side', [auth], '_acme-corp-auth acme-corp-auth_', []],
    ['is not found with different numbers of underscores', [auth], '__acme-corp-auth_', []],
    ['is not found with a number that is no version behind', [auth], 'acme-corp-auth-2 acme-corp-auth-1x.2', []],
    ['is not found with other separators', [auth], 'acme_corp_auth acme.corp.auth acme--corp-auth', []],
    ['is not found broken by a line end', [auth], 'acme-\ncorp-auth', []],
    ['is not found cut', [auth], 'acme-corp-aut cme-corp-auth', []],
  ])
})

describe('an npm package', () => {
  check([
    ['is not the package of another scope', [npm('auth-client')], '@other/auth-client', []],
    ['is not the package of another scope in a URL', [npm('auth-client')], 'r.io/@other%2fauth-client', []],
    ['is found behind a user and host', [npm('auth-client')], 'git@git.io/auth-client', ['auth-client']],
    ['is found behind an alias of the own root', [npm('auth-client')], "from '@/auth-client'", ['auth-client']],
    ['is not a scope of the same name', [npm('acme-corp')], '@acme-corp/x', []],
    ['is found as a decorator', [npm('acme-corp')], '@acme-corp is', ['acme-corp']],
    ['with a scope is found', [scoped], "import x from '@acme-corp/auth/sub'", ['@acme-corp/auth']],
    ['with a scope is not found behind letters', [scoped], 'joe@acme-corp/auth', []],
    ['with a scope is not found without it', [scoped], 'acme-corp/auth', []],
    ['with a scope is not found in a longer scope', [scoped], '@acme-corp-labs/auth @acme-corp/auth-x', []],
    ['with a scope is found as a folder of pnpm', [scoped], '.pnpm/@acme-corp+auth@1.0.0', ['@acme-corp/auth <- @acme-corp+auth']],
    ['of one word is found', [npm('acmeauth')], '"acmeauth"', ['acmeauth']],
    ['of short words is found', [npm('ui-kit'), npm('x.y')], 'ui-kit x.y', ['ui-kit', 'x.y']],
    ['of one short word is found', [npm('q')], 'a "q" b', ['q']],
  ])
})

describe('escapes', () => {
  const spellings = [
    '@acme-corp%2fauth', '@acme-corp%2Fauth', '%40acme-corp%2Fauth', '%2540acme-corp%252Fauth', '@acme-corp\\/auth', '@acme-corp\\\\\\/auth',
    '\\u0040acme-corp\\u002fauth', '\\u0040acme-corp\\u002Fauth', '\\x40acme-corp\\x2fauth', '&#64;acme-corp&#47;auth', '&#x40;acme-corp&#x2F;auth', '&commat;acme-corp&sol;auth',
  ]
  test.each(spellings)('a scoped name is found as %s', (text) => {
    expect(found(compile([scoped]), `"${text}"`)).toEqual([`@acme-corp/auth <- ${text}`])
  })

  test.each(['@acme-corp%2eauth', '@acme-corp%auth', '@acme-corp%2', '@acme-corp\\auth', '@acme-corp\\\\', '@acme-corp&#48;auth', '@acme-corp&sol auth', '&#64acme-corp/auth'])(
    'a scoped name is not found as %s',
    (text) => expect(found(compile([scoped]), text)).toEqual([]),
  )

  const behind = [
    '\\n', '\\a', '\\r', '\\t', '\\b', '\\f', '\\v', '\\0', '%20', '%22', '%3D', '%2522', '\\x22', '\\u0022', '\x1b[32m', '\x1b[1;31m', '[32m', '[1;32m', '\x1b[m', '\x1b[K', '\x1b[01;31m\x1b[K',
  ]
  test.each(behind)('names are found right behind %j', (escape) => {
    const terms = [auth, scoped, npm('ui-kit'), npm('acmelib'), codename('Hermes'), host('git.acme.io'), group('com.acme'), maven('io.acme:x'), pypi('a-b')]
    for (const { text } of terms) expect(found(compile(terms), `some text ${escape}${text} and more`)).toEqual([text])
  })

  test.each(['\\q', '%2', '%zz', '\\x2', '\\u00', '[m', '[K', '[3x', '1m'])('what only looks like an escape hides a name as any letters do: %j', (text) => {
    expect(found(compile([auth]), `${text}acme-corp-auth`)).toEqual([])
  })
})

describe('separators in other spellings', () => {
  test.each([
    'acme%2Dcorp%2dauth', 'acme%252dcorp-auth', 'acme\\u002dcorp\\u002Dauth', 'acme\\x2dcorp-auth', 'acme&#45;corp&#x2D;auth', 'acme-corp&#045;auth', 'acme\\-corp\\-auth',
  ])('a hyphen is found as in %j', (text) => {
    expect(found(compile([auth]), `"${text}"`)).toEqual([`acme-corp-auth <- ${text}`])
  })

  test.each(['artifactory%2Eacme-corp%2ecom', 'artifactory\\.acme-corp\\.com', 'artifactory\\\\.acme\\\\-corp\\\\.com', 'artifactory&#46;acme-corp&period;com', 'artifactory.acme%2Dcorp.com'])(
    'the dot of a host is found as in %j',
    (text) => expect(found(compile([host('artifactory.acme-corp.com')]), `^${text}/`)).toEqual([`artifactory.acme-corp.com <- ${text}`]),
  )

  check([
    ['an underscore of Markdown', [term('acme_auth', { ecosystem: 'rubygems' })], 'use acme\\_auth', ['acme_auth <- acme\\_auth']],
    ['PyPI takes one escape for any separator', [pypi('acme-corp')], 'acme%5Fcorp acme%2Ecorp acme\\_corp', ['acme-corp <- acme%5Fcorp', 'acme-corp <- acme%2Ecorp', 'acme-corp <- acme\\_corp']],
    ['PyPI takes no row of escapes', [pypi('acme-corp')], 'acme%2D%2Dcorp', []],
    ['a crate takes either', [term('acme-x', { ecosystem: 'crates' })], 'acme%5Fx', ['acme-x <- acme%5Fx']],
    ['a group as an escaped path', [group('com.acmecorp.auth')], 'com%2Facmecorp%2Fauth%2FClient', ['com.acmecorp.auth <- com%2Facmecorp%2Fauth']],
    ['a coordinate of a properties file', [maven('com.acmecorp:auth-x')], 'com.acmecorp\\:auth\\-x=1', ['com.acmecorp:auth-x <- com.acmecorp\\:auth\\-x']],
    ['an artifact does not end at an escaped hyphen', [maven('com.acmecorp:auth')], 'com.acmecorp:auth%2Dclient', []],
    ['a prefix is spelled out over escapes', [prefix('acme-corp-', { ecosystem: 'npm' })], '/acme%2Dcorp%2Dauth%2Dclient', ['acme-corp-auth-client <- acme%2Dcorp%2Dauth%2Dclient']],
    ['a name does not end at an escaped hyphen', [auth], 'acme-corp-auth%2Dclient acme-corp-auth\\_x', []],
    ['a name does not begin behind an escaped hyphen', [auth], 'my%2Dacme-corp-auth my&#45;acme-corp-auth', []],
    ['a version may follow an escaped hyphen', [auth], 'acme-corp-auth%2D1.2.0.tgz', ['acme-corp-auth']],
    ['a host does not end at an escaped dot and a label', [host('acme-corp.com')], 'acme-corp.com%2Eevil.net', []],
    ['a group does not begin behind a label and an escaped dot', [group('com.acmecorp')], 'org%2Ecom.acmecorp org\\.com.acmecorp', []],
    ['a letter as an escape is not found', [auth], 'acme-corp%2D%61uth', []],
  ])
})

describe('breaks that nobody sees', () => {
  const breaks = ['\u00ad', '&shy;', '&#173;', '&#xAD;', '<wbr>', '<WBR>', '<wbr/>', '<wbr />', '\u200b', '&#8203;', '&#x200B;', '&ZeroWidthSpace;']
  test.each(breaks)('%j may stand anywhere in a name', (one) => {
    const terms = [auth, scoped, host('git.acme.io'), group('com.acme'), maven('io.acme:x'), pypi('a-b'), codename('Hermes'), codename('Größe'), npm('q2')]
    for (const { text } of terms) {
      for (let cut = 1; cut < text.length; cut += 1) {
        const broken = text.slice(0, cut) + one + text.slice(cut)
        expect(found(compile(terms), `some text, ${broken}!`)).toEqual([`${text} <- ${broken}`])
      }
    }
  })

  check([
    ['several of them', [group('com.acmecorp.auth')], 'com.<wbr>acmecorp.<wbr>auth.Client', ['com.acmecorp.auth <- com.<wbr>acmecorp.<wbr>auth']],
    ['far from each other', [auth], `acme\u00ad-corp-auth${' x'.repeat(1_000)} acme-corp-\u00adauth`, ['acme-corp-auth <- acme\u00ad-corp-auth', 'acme-corp-auth <- acme-corp-\u00adauth']],
    ['a name that only seems to end at a soft hyphen', [auth], 'acme-corp-auth\u00ad-client acme-corp-auth<wbr>-client my-<wbr>acme-corp-auth', []],
    ['a name that ends at a soft hyphen', [auth], 'acme-corp-auth&shy; acme-corp-auth<wbr>.', ['acme-corp-auth', 'acme-corp-auth']],
    ['a zero-width space between words', [auth], 'see\u200bacme-corp-auth\u200bthere', ['acme-corp-auth']],
    ['a prefix is spelled out over a break', [prefix('acme-corp-', { ecosystem: 'npm' })], 'acme-corp-au<wbr>th', ['acme-corp-auth <- acme-corp-au<wbr>th']],
    ['what only looks like a break', [auth], 'acme-<wb>corp-auth acme-<br>corp-auth acme-&amp;corp-auth acme-“corp-auth acme-&#17;corp-auth', []],
  ])
})

describe('JVM descriptors', () => {
  const names = [group('com.acmecorp.auth'), group('io.acme'), group('de.x.y'), group('x.acme')]
  check([
    ['a class', names, 'new Lcom/acmecorp/auth/Client;', ['com.acmecorp.auth <- com/acmecorp/auth']],
    ['a method', names, '(ILcom/acmecorp/auth/Client;[BJLio/acme/X;)Lde/x/y/Z;', ['com.acmecorp.auth <- com/acmecorp/auth', 'io.acme <- io/acme', 'de.x.y <- de/x/y']],
    ['labels of one letter behind primitive types', names, '(IJZLx/acme/X;)V', ['x.acme <- x/acme']],
    ['an array of a class', names, '[Lcom.acmecorp.auth.Client;@1b6d3586', ['com.acmecorp.auth']],
    ['a generic signature', names, 'Lio/acme/Box<Lcom/acmecorp/auth/Client;>;', ['io.acme <- io/acme', 'com.acmecorp.auth <- com/acmecorp/auth']],
    ['an internal name', names, 'com/acmecorp/auth/Client', ['com.acmecorp.auth <- com/acmecorp/auth']],
    ['a coordinate whose path it is', [maven('com.acmecorp:auth')], 'Lcom/acmecorp/auth/Client;', ['com.acmecorp:auth <- com/acmecorp/auth']],
    ['a pattern', [prefix('com.acmecorp.', { kind: 'group', ecosystem: 'maven' })], 'Lcom/acmecorp/pay/Client;', ['com.acmecorp.pay <- com/acmecorp/pay']],
    ['is not a word that begins with L', names, 'Lcom/acmecorp/auth Lcom/acmecorp/auth/Client xLcom/acmecorp/auth/Client; Lcom.acmecorp.auth.Client;', []],
    ['is not a longer package', names, 'Lcom/acmecorp/authx/Client;', []],
  ])
})

describe('a PyPI package', () => {
  const name = pypi('acme-corp.Auth')
  check([
    ['is found with any separators', [name], 'acme_corp_auth acme.corp.auth ACME-CORP-AUTH', [
      'acme-corp.Auth <- acme_corp_auth', 'acme-corp.Auth <- acme.corp.auth', 'acme-corp.Auth <- ACME-CORP-AUTH',
    ]],
    ['is found with runs of separators', [name], 'acme--corp_-.auth', ['acme-corp.Auth <- acme--corp_-.auth']],
    ['is found as a module', [name], 'from acme_corp_auth.client import x', ['acme-corp.Auth <- acme_corp_auth']],
    ['is found with a requirement', [name], 'acme-corp-auth[extra]>=1.0', ['acme-corp.Auth <- acme-corp-auth']],
    ['is not found without separators', [name], 'acmecorpauth acme corp auth acme/corp/auth', []],
    ['is not found with something behind', [name], 'acme_corp_auth_client', []],
    ['of short words is found dotted', [pypi('a-b-c')], 'import a.b.c', ['a-b-c <- a.b.c']],
    ['the longer one at a place is found', [pypi('acme'), pypi('acme-corp')], 'acme.corp', ['acme-corp <- acme.corp']],
  ])
})

describe('packages of other ecosystems', () => {
  const gem = term('acme_corp-auth', { ecosystem: 'rubygems' })
  const crate = term('acme-corp-auth', { ecosystem: 'crates' })
  const nuget = term('Acme.Auth', { ecosystem: 'nuget' })
  const vendor = term('acme/auth', { ecosystem: 'packagist' })
  const image = term('registry.acme.io/base/auth', { ecosystem: 'docker' })
  const module = term('git.acme.io/platform/Auth', { ecosystem: 'go' })
  check([
    ['a gem keeps its separators', [gem], 'acme_corp-auth acme-corp-auth', ['acme_corp-auth']],
    ['a crate is found with either separator', [crate], 'use acme_corp_auth::Client;', ['acme-corp-auth <- acme_corp_auth']],
    ['a crate has no dots', [crate], 'acme.corp.auth acme--corp-auth', []],
    ['a NuGet package is found in a namespace', [nuget], 'using Acme.Auth.Tokens;', ['Acme.Auth']],
    ['a NuGet package is found whatever its case', [nuget], 'acme.auth.1.0.0.nupkg', ['Acme.Auth <- acme.auth']],
    ['a NuGet package is not the end of another', [nuget], 'Contoso.Acme.Auth Acme.Authentication', []],
    ['a Packagist package is found', [vendor], 'vendor/acme/auth/src', ['acme/auth']],
    ['a Packagist package is not an npm one', [vendor], '@acme/auth', []],
    ['a Packagist package is no path of a host', [vendor], 'www.acme/auth', []],
    ['an image is found before its tag', [image], 'FROM registry.acme.io/base/auth:1.2', ['registry.acme.io/base/auth']],
    ['an image is not found in another registry', [image], 'my.registry.acme.io/base/auth', []],
    ['a Go module is found before a package', [module], '"git.acme.io/platform/Auth/pkg"', ['git.acme.io/platform/Auth']],
    ['the host of a Go module has no case, its path has', [module], 'GIT.acme.io/platform/Auth git.acme.io/platform/auth', ['git.acme.io/platform/Auth <- GIT.acme.io/platform/Auth']],
  ])
})

describe('a Maven group', () => {
  const name = group('com.acmecorp.auth')
  check([
    ['is found before a colon', [name], 'com.acmecorp.auth:core', ['com.acmecorp.auth']],
    ['is found before a class', [name], 'at com.acmecorp.auth.Client.login(Client.java:1)', ['com.acmecorp.auth']],
    ['is found as a path', [name], 'src/main/java/com/acmecorp/auth/Client.java', ['com.acmecorp.auth <- com/acmecorp/auth']],
    ['with a hyphen is found as a path', [group('com.acme-corp.auth')], 'com/acme-corp/auth/x', ['com.acme-corp.auth <- com/acme-corp/auth']],
    ['with a hyphen before its first dot is found as a path', [group('acme-corp.auth')], 'src/acme-corp/auth/x', ['acme-corp.auth <- acme-corp/auth']],
    ['is not found half dotted and half a path', [name], 'com.acmecorp/auth com/acmecorp.auth', []],
    ['is not found in a longer label', [name], 'com.acmecorp.authentication', []],
    ['is not found behind a label', [name], 'org.com.acmecorp.auth', []],
    ['is not found with other case', [name], 'Com.AcmeCorp.Auth', []],
    ['yields to its own longer group', [name, group('com.acmecorp')], 'com.acmecorp.auth.X com.acmecorp.Y', ['com.acmecorp.auth', 'com.acmecorp']],
  ])
})

describe('a Maven coordinate', () => {
  const name = maven('com.acmecorp:auth')
  const forms = [
    'com.acmecorp:auth', 'com.acmecorp%3Aauth', 'com.acmecorp/auth', 'com.acmecorp%2Fauth', 'com/acmecorp/auth', '<groupId>com.acmecorp</groupId><artifactId>auth</artifactId>',
    '<groupId>\n com.acmecorp\n</groupId>\n\t<artifactId> auth </artifactId>', '<groupId>com.acmecorp</groupId> <version>1</version> <!-- x --> <artifactId>auth<',
    "group: 'com.acmecorp', name: 'auth'", 'group = "com.acmecorp", name = "auth"', '"groupId": "com.acmecorp",\n "artifactId": "auth"', '\\"groupId\\":\\"com.acmecorp\\",\\"artifactId\\":\\"auth\\"',
    '<dependency org="com.acmecorp" name="auth"', "@Grab(group='com.acmecorp', module='auth')", '"com.acmecorp" %% "auth" % "1.2"', "'com.acmecorp' % 'auth'", 'groupId: com.acmecorp\n  artifactId: auth\n',
  ]
  test.each(forms)('is found in %j', (text) => {
    const [match] = compile([name]).find(Buffer.from(text))
    expect(match?.name).toBe('com.acmecorp:auth')
    expect(text.slice(match?.start, match?.end)).toMatch(/^com[./]acmecorp[^]*auth$/)
  })

  test.each(['<artifactId>auth</artifactId>\n<groupId>com.acmecorp</groupId>', "name: 'auth', group: 'com.acmecorp'", '{"artifactId":"auth","groupId":"com.acmecorp"}'])(
    'is found with the artifact first: %j',
    (text) => {
      const [match] = compile([name]).find(Buffer.from(text))
      expect(match?.name).toBe('com.acmecorp:auth')
      expect(text.slice(match?.start, match?.end)).toMatch(/^auth[^]*com\.acmecorp$/)
    },
  )

  check([
    ['is not a longer artifact', [name], 'com.acmecorp:auth-client com.acmecorp:authx', []],
    ['is not a longer group', [name], 'com.acmecorp.x:auth xcom.acmecorp:auth org.com.acmecorp:auth', []],
    ['is not its group with a label', [name], 'com.acmecorp.auth', []],
    ['has case', [name], 'com.acmecorp:Auth com.AcmeCorp:auth', []],
    ['does not span two dependencies', [name], '<groupId>com.acmecorp</groupId></dependency><dependency><artifactId>auth</artifactId>', []],
    ['does not span a list', [name], '- groupId: com.acmecorp\n- artifactId: auth', []],
    ['does not join unrelated values', [name], "'com.acmecorp', 'auth' group: 'com.acmecorp', version: 'auth'", []],
    ['does not reach further than a few lines', [name], `<groupId>com.acmecorp</groupId>${' '.repeat(600)}<artifactId>auth</artifactId>`, []],
    ['takes the longer artifact', [name, maven('com.acmecorp:auth.client')], 'com.acmecorp:auth.client com.acmecorp:auth.jar', ['com.acmecorp:auth.client', 'com.acmecorp:auth']],
    ['is found in a repository path before its version', [name], '/com/acmecorp/auth/1.2/auth-1.2.jar', ['com.acmecorp:auth <- com/acmecorp/auth']],
    ['swallows its group', [name, group('com.acmecorp')], 'com.acmecorp:auth com.acmecorp:other', ['com.acmecorp:auth', 'com.acmecorp']],
    ['is told apart from others of its group', [name, maven('com.acmecorp:api')], 'com.acmecorp:api com.acmecorp:web', ['com.acmecorp:api']],
  ])
})

describe('a scope', () => {
  const name = scope('@acme-corp')
  check([
    ['is found in a registry line', [name], '@acme-corp:registry=https://r.io', ['@acme-corp']],
    ['is found before another package', [name], '@acme-corp/unknown', ['@acme-corp']],
    ['is found before an escape', [name], '@acme-corp%2funknown', ['@acme-corp']],
    ['is found at the end of a sentence', [name], 'ask @acme-corp.', ['@acme-corp']],
    ['is found whatever its case', [name], '@ACME-corp/x', ['@acme-corp <- @ACME-corp']],
    ['is not the domain of an address', [name], 'joe@acme-corp.com', []],
    ['is not a domain', [name], '@acme-corp.com', []],
    ['is not a longer scope', [name], '@acme-corp-labs/x', []],
    ['is not found without its sign', [name], 'acme-corp/x', []],
    ['is not reported inside its own package', [name, scoped], '@acme-corp/auth', ['@acme-corp/auth']],
    ['of one short word is found', [scope('@ac')], 'x @ac/y', ['@ac']],
  ])
})

describe('a host', () => {
  const name = host('artifactory.acme-corp.com')
  check([
    ['is found before a port', [name], 'https://artifactory.acme-corp.com:443/x', ['artifactory.acme-corp.com']],
    ['is found before a path', [name], 'artifactory.acme-corp.com/api', ['artifactory.acme-corp.com']],
    ['is found behind a user', [name], 'git@artifactory.acme-corp.com:x', ['artifactory.acme-corp.com']],
    ['is found at the end of a sentence', [name], 'on artifactory.acme-corp.com.', ['artifactory.acme-corp.com']],
    ['is found whatever its case', [name], 'Artifactory.ACME-Corp.com', ['artifactory.acme-corp.com <- Artifactory.ACME-Corp.com']],
    ['is found in a host below it', [name], 'docker.artifactory.acme-corp.com', ['artifactory.acme-corp.com']],
    ['is not another host', [name], 'xartifactory.acme-corp.com my-artifactory.acme-corp.com', []],
    ['is not part of a longer domain', [name], 'artifactory.acme-corp.com.evil.net artifactory.acme-corp.community', []],
    ['and the package in its path are two', [name, auth], 'https://artifactory.acme-corp.com/npm/acme-corp-auth', ['artifactory.acme-corp.com', 'acme-corp-auth']],
    ['inside a Go module is found too', [host('git.acme.io'), term('git.acme.io/x', { ecosystem: 'go' })], 'git.acme.io/x', ['git.acme.io/x', 'git.acme.io']],
    ['inside a longer host of ours is not', [name, host('acme-corp.com')], 'artifactory.acme-corp.com acme-corp.com', ['artifactory.acme-corp.com', 'acme-corp.com']],
  ])
})

describe('a codename', () => {
  const name = codename('HermesBuilder')
  check([
    ['is found in prose', [name], 'We built HermesBuilder.', ['HermesBuilder']],
    ['is found whatever its case', [name], 'HERMESBUILDER hermesbuilder', ['HermesBuilder <- HERMESBUILDER', 'HermesBuilder <- hermesbuilder']],
    ['is found in a compound', [name], 'HermesBuilder-based my_hermesbuilder_x', ['HermesBuilder', 'HermesBuilder <- hermesbuilder']],
    ['is found as markup', [name], '_HermesBuilder_ **HermesBuilder**', ['HermesBuilder', 'HermesBuilder']],
    ['is not found in a longer word', [name], 'HermesBuilders MyHermesBuilder HermesBuilder2', []],
    ['is not found in a longer word of another script', [codename('Herm')], 'Hermès Hermé éHerm Hermа', []],
    ['is found in a language without spaces', [name], '計画HermesBuilderは', ['HermesBuilder']],
    ['of two words is found across a line end', [codename('Project Zeus')], 'project\r\n  zeus Project\u00a0Zeus', ['Project Zeus <- project\r\n  zeus', 'Project Zeus <- Project\u00a0Zeus']],
    ['of two words is not found joined otherwise', [codename('Project Zeus')], 'project-zeus projectzeus project, zeus', []],
    ['of four letters is found', [codename('Zeus')], 'the Zeus team', ['Zeus']],
    ['of two letters is found', [codename('Xy')], 'the Xy team', ['Xy']],
    ['beyond ASCII is found whatever its case', [codename('Größenwahn')], 'GRÖẞENWAHN größenwahn', ['Größenwahn <- GRÖẞENWAHN', 'Größenwahn <- größenwahn']],
    ['beyond ASCII is found decomposed', [codename('Café')], 'CAFE\u0301 x', ['Café <- CAFE\u0301']],
    ['of Cyrillic letters is found', [codename('Гермес')], 'проект ГЕРМЕС.', ['Гермес <- ГЕРМЕС']],
    ['of Cyrillic letters is not found in a longer word', [codename('Гермес')], 'Гермесу', []],
    ['of Chinese characters is found among others', [codename('计划')], '新计划书', ['计划']],
    ['of no letters at all is found', [codename('***')], 'the *** team', ['***']],
  ])
})

describe('a name of kind other', () => {
  const name = term('ACME-ABC-1234', { kind: 'other' })
  check([
    ['is found as it is written', [name], 'see ACME-ABC-1234.', ['ACME-ABC-1234']],
    ['is not found with other case', [name], 'acme-abc-1234', []],
  ])
})

describe('a prefix', () => {
  const packages = prefix('acme-corp-', { ecosystem: 'npm' })
  const inScope = prefix('@acme-corp/', { ecosystem: 'npm' })
  const python = prefix('acme-corp-', { ecosystem: 'pypi' })
  const groups = prefix('com.acmecorp.', { kind: 'group', ecosystem: 'maven' })
  const dotted = prefix('Acme.', { ecosystem: 'nuget' })
  check([
    ['is spelled out to the end of the name', [packages], 'acme-corp-auth-client, x', ['acme-corp-auth-client']],
    ['is written as its registry writes it', [packages], 'ACME-corp-Auth', ['acme-corp-auth <- ACME-corp-Auth']],
    ['needs something behind it', [packages], 'acme-corp- acme-corp-. acme-corp', []],
    ['is not found behind letters', [packages], 'my-acme-corp-auth xacme-corp-auth', []],
    ['stops at a version', [packages], 'acme-corp-auth-1.2.0.tgz acme-corp-auth@1.0', ['acme-corp-auth', 'acme-corp-auth']],
    ['stops at a path', [packages], 'acme-corp-auth/lib/x.js', ['acme-corp-auth']],
    ['stops at the end of a sentence', [packages], 'acme-corp-auth. acme-corp-b-', ['acme-corp-auth', 'acme-corp-b']],
    ['keeps the dots of npm', [packages], 'acme-corp-chart.js acme-corp-x.git', ['acme-corp-chart.js', 'acme-corp-x']],
    ['is found as markup', [packages], '_acme-corp-auth_', ['acme-corp-auth']],
    ['that ends inside a word goes on', [prefix('acmeco', { ecosystem: 'npm' })], 'acmecorp acmeco- acmeco', ['acmecorp']],
    ['of two letters goes on', [prefix('ac', { ecosystem: 'npm' })], 'acmecorp xacme', ['acmecorp']],
    ['that ends inside a second word goes on', [prefix('acme-co', { ecosystem: 'npm' })], 'acme-corp-x acme-x', ['acme-corp-x']],
    ['of a scope is spelled out', [inScope], "'@acme-corp/chart.js/x' @acme-corp/", ['@acme-corp/chart.js']],
    ['of a scope is spelled out of escapes', [inScope], '%40acme-corp%2Fauth', ['@acme-corp/auth <- %40acme-corp%2Fauth']],
    ['of scopes is spelled out with the package', [prefix('@acme-', { ecosystem: 'npm' })], '@acme-labs/x/y', ['@acme-labs/x']],
    ['of scopes is found as a folder of pnpm', [prefix('@acme-', { ecosystem: 'npm' })], '@acme-labs+x@1.0.0', ['@acme-labs/x <- @acme-labs+x']],
    ['of scopes is not a scope alone', [prefix('@acme-', { ecosystem: 'npm' })], '@acme-labs:registry @acme-labs/', []],
    ['of PyPI matches all separators', [python], 'acme_corp_auth.client acme.corp.x', ['acme-corp-auth <- acme_corp_auth', 'acme-corp-x <- acme.corp.x']],
    ['of crates stops at a dot', [prefix('acme-', { ecosystem: 'crates' })], 'acme_core.rs', ['acme-core <- acme_core']],
    ['of groups stops before a class', [groups], 'com.acmecorp.auth.internal.Client.run', ['com.acmecorp.auth.internal']],
    ['of groups stops before the artifact', [groups], 'com.acmecorp.auth:core', ['com.acmecorp.auth']],
    ['of groups is found as a path', [groups], 'java/com/acmecorp/auth/web/Client.java', ['com.acmecorp.auth.web <- com/acmecorp/auth/web']],
    ['of groups knows a repository path', [groups], 'com/acmecorp/pay/core/1.2/core-1.2.jar', ['com.acmecorp.pay <- com/acmecorp/pay']],
    ['of groups leaves files out', [groups], 'com.acmecorp.auth.properties com/acmecorp/build.gradle', ['com.acmecorp.auth']],
    ['of groups needs a label', [groups], 'com.acmecorp.Client com/acmecorp/auth/1.2 com.acmecorp.', []],
    ['of NuGet is spelled out with its dots', [dotted], 'Acme.Auth.Client.1.2.3.nupkg Acme.Core.dll', ['Acme.Auth.Client', 'Acme.Core']],
    ['of NuGet is not found behind a label', [dotted], 'Contoso.Acme.Auth', []],
    ['of coordinates is spelled out', [prefix('com.acmecorp:auth-', { ecosystem: 'maven' })], 'com.acmecorp:auth-client:1 com.acmecorp:core', ['com.acmecorp:auth-client']],
    ['of a whole group of coordinates is spelled out', [prefix('com.acmecorp:', { ecosystem: 'maven' })], '<groupId>com.acmecorp</groupId><artifactId>web</artifactId>', ['com.acmecorp:web <- com.acmecorp</groupId><artifactId>web']],
    ['of images is spelled out with its path', [prefix('reg.acme.io/', { ecosystem: 'docker' })], 'reg.acme.io/base/auth:1.2', ['reg.acme.io/base/auth']],
    ['of hosts is spelled out with its labels', [prefix('git-', { kind: 'host' })], 'https://git-eu.acme.io/x', ['git-eu.acme.io']],
    ['of codenames is spelled out with its word', [prefix('Hermes', { kind: 'codename' })], 'HermesBuilder, Hermes', ['HermesBuilder']],
    ['beyond ASCII is spelled out too', [prefix('Größen', { kind: 'codename' })], 'Größenwahn', ['Größenwahn']],
    ['refuses what is too long for a name', [packages], `acme-corp-${'x'.repeat(400)}`, []],
    ['yields to a name at the same place', [packages, auth], 'acme-corp-auth', ['acme-corp-auth']],
    ['yields to a longer prefix at the same place', [packages, prefix('acme-corp-auth-', { ecosystem: 'npm' })], 'acme-corp-auth-x', ['acme-corp-auth-x']],
  ])

  test('gives way to the name itself, and says so by its term', () => {
    const [match, ...others] = compile([packages, auth]).find(Buffer.from('acme-corp-auth'))
    expect(match?.term).toBe(auth)
    expect(others).toEqual([])
  })
})

describe('an expression', () => {
  const ticket = regex('ACME-[A-Z]{3}-[0-9]{4}')
  check([
    ['is found with its text as its name', [ticket], 'see ACME-ABC-1234, ACME-1', ['ACME-ABC-1234']],
    ['keeps its case', [ticket], 'acme-abc-1234', []],
    ['may leave case out', [regex('(?i)acme[_-]?corp')], 'AcmeCorp ACME_CORP', ['AcmeCorp', 'ACME_CORP']],
    ['sees the ends of lines', [regex('^id [0-9]+$')], 'id 1\r\nid 2\rid 3\nid 4\nxid 5\nid 6x\nid 7', ['id 1', 'id 2', 'id 3', 'id 4', 'id 7']],
    ['does not cross the end of a line', [regex('a\\s+b'), regex('x[^y]*z')], 'a\nb x\nz a b', ['a b']],
    ['finds what a line holds even if it could go on', [regex('k[^;]+')], 'k1\nk2;k3', ['k1', 'k2', 'k3']],
    ['is never found empty', [regex('x*')], 'axxb', ['xx']],
    ['has offsets in bytes', [regex('b+'), regex('(?i)PROJ-é[0-9]')], '€éb proj-é1', ['b', 'proj-é1']],
    ['works beside invalid UTF-8', [ticket], '\ufffdACME-ABC-1234\ufffd', ['ACME-ABC-1234']],
    ['does not hide a name in it', [regex('use .*'), auth], 'use acme-corp-auth now', ['use acme-corp-auth now', 'acme-corp-auth']],
    ['yields to a name at the same place', [regex('acme-corp-[a-z]+'), auth], 'acme-corp-auth acme-corp-x', ['acme-corp-auth', 'acme-corp-x']],
  ])

  test('keeps the beginning of a match that is no name', () => {
    const [match] = compile([regex('a+')]).find(Buffer.from('a'.repeat(5_000)))
    expect(match?.name.length).toBe(512)
  })

  test('that does not compile is refused without being shown', () => {
    expect(() => compile([regex('secret(')])).toThrow(/inventory\.1: regex: expected a regular expression/)
    expect(() => compile([regex('secret(')])).not.toThrow(/secret/)
  })
})

describe('matches at one place', () => {
  test('names of two ecosystems are both reported', () => {
    expect(found(compile([auth, pypi('acme-corp-auth')]), 'acme-corp-auth')).toEqual(['acme-corp-auth', 'acme-corp-auth'])
  })

  test('one of two equal lines is reported', () => {
    const matches = compile([{ ...auth, id: '1' }, { ...auth, id: '2' }]).find(Buffer.from('acme-corp-auth'))
    expect(matches.map(({ term: { id } }) => id)).toEqual(['1'])
  })

  test('a pattern without ecosystem yields to the name', () => {
    expect(found(compile([prefix('acme-corp-'), auth]), 'acme-corp-auth')).toEqual(['acme-corp-auth'])
  })

  test('matches that overlap are both reported', () => {
    const matches = compile([regex('one two'), regex('two three')]).find(Buffer.from('one two three'))
    expect(matches.map(({ start, end }) => [start, end])).toEqual([[0, 7], [4, 13]])
  })

  test('matches come in order of their starts', () => {
    const matches = compile([regex('z+'), auth, codename('Größe'), host('a.io')]).find(Buffer.from('a.io größe zz acme-corp-auth Größe a.io'))
    expect(matches.map(({ start }) => start)).toEqual([0, 5, 13, 16, 31, 39])
  })
})

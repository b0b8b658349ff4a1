import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { declare } from '../../src/evidence/declare.ts'
import type { Declaration } from '../../src/evidence/declaration.ts'

const host = 'artifactory.acme-corp.com'
const base = `https://${host}/artifactory/api`

const read = (path: string, text: string) => declare({ path, text: Buffer.from(text) })
/** Name, and the host, scope or group that it comes from: what most samples are about. */
const origins = (declarations: readonly Declaration[]) =>
  declarations.map(({ name, from }) => [name, from.host ?? from.group ?? from.scope ?? 'unknown'].join(' < '))

interface Sample {
  readonly path: string
  readonly text: string
  readonly says: readonly string[]
}

const samples: Readonly<Record<string, Sample>> = {
  'package-lock.json, version 3: the resolved host; a link comes from nowhere': {
    path: 'package-lock.json',
    text: `{ "name": "shop", "lockfileVersion": 3, "packages": {
      "": { "name": "shop" },
      "node_modules/billing": { "version": "1.0.0", "resolved": "${base}/npm/npm-virtual/billing/-/billing-1.0.0.tgz" },
      "node_modules/@hermes/core": { "version": "1.0.0", "resolved": "https://user:secret@${host}:8443/npm/@hermes/core/-/core-1.0.0.tgz" },
      "node_modules/a/node_modules/nested": { "resolved": "git+ssh://git@git.acme-corp.com/team/nested.git#c0ffee" },
      "node_modules/alias": { "name": "real-name", "resolved": "https://registry.yarnpkg.com/real-name/-/real-name-1.0.0.tgz" },
      "node_modules/@hermes/here": { "resolved": "packages/here", "link": true } } }`,
    says: [`billing < ${host}`, `@hermes/core < ${host}`, 'nested < git.acme-corp.com', 'real-name < registry.yarnpkg.com', '@hermes/here < @hermes'],
  },
  'package-lock.json, version 1: nested entries, and no names of requires': {
    path: 'npm-shrinkwrap.json',
    text: `{ "lockfileVersion": 1, "dependencies": { "billing": { "version": "1.0.0", "resolved": "${base}/npm/billing.tgz", "requires": { "left-pad": "^1.0.0" },
      "dependencies": { "ledger": { "version": "npm:real-ledger@1.0.0", "resolved": "${base}/npm/real-ledger.tgz" } } }, "tool": { "version": "git+ssh://git@git.acme-corp.com/tool.git#1" } } }`,
    says: [`billing < ${host}`, `real-ledger < ${host}`, 'tool < git.acme-corp.com'],
  },
  'yarn.lock, version 1': {
    path: 'yarn.lock',
    text: `# yarn lockfile v1\n\n"@hermes/core@^1.0.0", "@hermes/core@^1.1.0":\n  version "1.1.0"\n  resolved "${base}/npm/@hermes/core/-/core-1.1.0.tgz#abc"\n  dependencies:\n    left-pad "^1.0.0"\n\nleft-pad@^1.0.0:\n  version "1.3.0"\n  resolved "https://registry.yarnpkg.com/left-pad/-/left-pad-1.3.0.tgz#def"\n\n"old@npm:billing@^1.0.0":\n  version "1.0.0"\n  resolved "${base}/npm/billing.tgz"\n`,
    says: [`@hermes/core < ${host}`, 'left-pad < registry.yarnpkg.com', `billing < ${host}`],
  },
  'yarn.lock of Berry: only the archive of another registry has an address': {
    path: 'yarn.lock',
    text: `__metadata:\n  version: 8\n\n"billing@npm:^1.0.0":\n  version: 1.0.0\n  resolution: "billing@npm:1.0.0::__archiveUrl=https%3A%2F%2F${host}%2Fnpm%2Fbilling%2F-%2Fbilling-1.0.0.tgz"\n  languageName: node\n\n"left-pad@npm:1.3.0":\n  version: 1.3.0\n  resolution: "left-pad@npm:1.3.0"\n\n"tool@git@git.acme-corp.com:team/tool.git":\n  version: 1.0.0\n  resolution: "tool@https://git.acme-corp.com/team/tool.git#commit=1"\n`,
    says: [`billing < ${host}`, 'left-pad < unknown', 'tool < git.acme-corp.com'],
  },
  'pnpm-lock.yaml, versions 9, 6 and 5': {
    path: 'pnpm-lock.yaml',
    text: `lockfileVersion: '9.0'\n\npackages:\n\n  '@hermes/core@1.0.0':\n    resolution: {integrity: sha512-a, tarball: ${base}/npm/@hermes/core/-/core-1.0.0.tgz}\n\n  /billing@1.0.0(react@18.0.0):\n    resolution: {integrity: sha512-b, tarball: ${base}/npm/billing.tgz}\n\n  ${host}/ledger/1.0.0:\n    resolution: {integrity: sha512-c}\n\n  lodash.debounce@4.0.8:\n    resolution: {integrity: sha512-d}\n\n  /is.odd/3.0.1:\n    resolution: {integrity: sha512-e}\n`,
    says: [`@hermes/core < ${host}`, `billing < ${host}`, `ledger < ${host}`, 'lodash.debounce < unknown', 'is.odd < unknown'],
  },
  'bun.lock': {
    path: 'bun.lock',
    text: `{ "lockfileVersion": 1, "packages": { "billing": ["billing@1.0.0", "${base}/npm/billing/-/billing-1.0.0.tgz", {}, "sha512-a"], "left-pad": ["left-pad@1.3.0", "", {}, "sha512-b"], }, }`,
    says: [`billing < ${host}`, 'left-pad < unknown'],
  },
  '.npmrc: the scopes, with the registries that they are bound to': {
    path: '.npmrc',
    text: `registry=https://registry.yarnpkg.com/\n@hermes:registry=${base}/npm/npm-internal/\n//${host}/:_authToken=secret\n`,
    says: [`@hermes < ${host}`],
  },
  '.yarnrc.yml': {
    path: '.yarnrc.yml',
    text: `npmScopes:\n  hermes:\n    npmRegistryServer: "${base}/npm/npm-internal"\n`,
    says: [`@hermes < ${host}`],
  },
  '.yarnrc': { path: '.yarnrc', text: `registry "https://registry.yarnpkg.com"\n"@hermes:registry" "${base}/npm/"\n`, says: [`@hermes < ${host}`] },
  'bunfig.toml': { path: 'bunfig.toml', text: `[install.scopes]\nhermes = "${base}/npm/"\n"@apollo" = { token = "x", url = "${base}/npm/" }\n`, says: [`@hermes < ${host}`, `@apollo < ${host}`] },
  'package.json: its own name, the scopes of its dependencies, the addresses of some': {
    path: 'package.json',
    text: `{ "name": "billing-app", "publishConfig": { "registry": "${base}/npm/", "@apollo:registry": "${base}/npm/" },
      "dependencies": { "@hermes/core": "^1.0.0", "left-pad": "^1.0.0", "tool": "git+ssh://git@git.acme-corp.com/team/tool.git", "old": "npm:@hermes/new@^2.0.0" } }`,
    says: [`billing-app < ${host}`, `@apollo < ${host}`, '@hermes/core < @hermes', 'left-pad < unknown', 'tool < git.acme-corp.com', '@hermes/new < @hermes'],
  },
  'poetry.lock': {
    path: 'poetry.lock',
    text: `[[package]]\nname = "requests"\nversion = "2.31.0"\n\n[[package]]\nname = "hermes-sdk"\nversion = "1.0.0"\n\n[package.source]\ntype = "legacy"\nurl = "${base}/pypi/pypi/simple"\nreference = "acme"\n\n[metadata]\nlock-version = "2.0"\n`,
    says: ['requests < unknown', `hermes-sdk < ${host}`],
  },
  'uv.lock: the source, and the files where it says nothing': {
    path: 'uv.lock',
    text: `version = 1\n\n[[package]]\nname = "hermes-sdk"\nversion = "1.0.0"\nsource = { registry = "${base}/pypi/pypi/simple" }\n\n[[package]]\nname = "app"\nsource = { editable = "." }\n`,
    says: [`hermes-sdk < ${host}`, 'app < unknown'],
  },
  'pdm.lock with static URLs': {
    path: 'pdm.lock',
    text: `[[package]]\nname = "hermes-sdk"\nversion = "1.0.0"\nfiles = [\n    {url = "${base}/pypi/hermes_sdk-1.0.0.whl", hash = "sha256:a"},\n]\n`,
    says: [`hermes-sdk < ${host}`],
  },
  'Pipfile.lock: the index by its name': {
    path: 'Pipfile.lock',
    text: `{ "_meta": { "sources": [ { "name": "pypi", "url": "https://pypi.org/simple" }, { "name": "acme", "url": "${base}/pypi/simple" } ] },
      "default": { "hermes-sdk": { "index": "acme", "version": "==1.0.0" }, "requests": { "index": "pypi" }, "six": {}, "tool": { "git": "https://git.acme-corp.com/team/tool.git" } }, "develop": {} }`,
    says: [`hermes-sdk < ${host}`, 'requests < pypi.org', 'six < unknown', 'tool < git.acme-corp.com'],
  },
  'requirements.txt: every name, when there is one index only': {
    path: 'requirements.txt',
    text: `--index-url ${base}/pypi/simple\n# a comment\nhermes-sdk==1.0.0 \\\n    --hash=sha256:a\nrequests[socks]>=2 ; python_version > "3"\n`,
    says: [`hermes-sdk < ${host}`, `requests < ${host}`],
  },
  'requirements.txt: an extra index says nothing about a name, its own URL does': {
    path: 'requirements.txt',
    text: `--index-url https://pypi.org/simple\n--extra-index-url ${base}/pypi/simple\nhermes-sdk==1.0.0\napollo @ ${base}/files/apollo-1.0.whl\n-e git+https://git.acme-corp.com/team/tool.git#egg=tool\n`,
    says: ['hermes-sdk < unknown', `apollo < ${host}`, 'tool < git.acme-corp.com'],
  },
  'Gemfile.lock: gems, not their dependencies; a section with two remotes says nothing': {
    path: 'Gemfile.lock',
    text: `GIT\n  remote: git@git.acme-corp.com:team/tool.git\n  revision: c0ffee\n  specs:\n    tool (1.0.0)\n\nGEM\n  remote: https://${host}/gems/\n  specs:\n    hermes (1.0.0)\n      rake (>= 10)\n\nGEM\n  remote: https://rubygems.org/\n  remote: https://${host}/gems/\n  specs:\n    rake (13.0.0)\n\nDEPENDENCIES\n  hermes!\n`,
    says: ['tool < git.acme-corp.com', `hermes < ${host}`, 'rake < unknown'],
  },
  'Cargo.lock': {
    path: 'Cargo.lock',
    text: `[[package]]\nname = "hermes"\nversion = "1.0.0"\nsource = "sparse+https://${host}/cargo/index/"\n\n[[package]]\nname = "serde"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n\n[[package]]\nname = "app"\nversion = "0.1.0"\n`,
    says: [`hermes < ${host}`, 'serde < github.com', 'app < unknown'],
  },
  'composer.lock: the source before the archive': {
    path: 'composer.lock',
    text: `{ "content-hash": "a", "packages": [ { "name": "hermes/core", "dist": { "url": "https://${host}/dist/core.zip" } },
      { "name": "monolog/monolog", "source": { "url": "https://github.com/Seldaek/monolog.git" }, "dist": { "url": "https://${host}/dist/monolog.zip" } } ], "packages-dev": [] }`,
    says: [`hermes/core < ${host}`, 'monolog/monolog < github.com'],
  },
  'go.mod: the host is the beginning of the path': {
    path: 'go.mod',
    text: 'module git.acme-corp.com/team/app\n\ngo 1.22\n\nrequire git.acme-corp.com/team/auth v1.2.0\n\nrequire (\n\tgithub.com/pkg/errors v0.9.1 // indirect\n)\n\nreplace example.com/old => Git.Acme-Corp.com/team/new v1.0.0\n',
    says: ['git.acme-corp.com/team/app < git.acme-corp.com', 'git.acme-corp.com/team/auth < git.acme-corp.com', 'github.com/pkg/errors < github.com', 'Git.Acme-Corp.com/team/new < git.acme-corp.com'],
  },
  'go.sum': {
    path: 'go.sum',
    text: 'git.acme-corp.com/team/auth v1.2.0 h1:aaaa=\ngit.acme-corp.com/team/auth v1.2.0/go.mod h1:bbbb=\n',
    says: ['git.acme-corp.com/team/auth < git.acme-corp.com', 'git.acme-corp.com/team/auth < git.acme-corp.com'],
  },
  'pom.xml: parent, own coordinates with the inherited group, dependencies, plugins; no exclusions, no variables': {
    path: 'pom.xml',
    text: `<project><modelVersion>4.0.0</modelVersion><parent><groupId>com.acmecorp.pay</groupId><artifactId>parent</artifactId><version>1</version></parent>
      <artifactId>pay-api</artifactId>
      <dependencies><dependency><groupId>\${project.groupId}</groupId><artifactId>pay-core</artifactId><exclusions><exclusion><groupId>com.acmecorp</groupId><artifactId>gone</artifactId></exclusion></exclusions></dependency>
      <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId></dependency><dependency><groupId>com.acmecorp</groupId><artifactId>\${some.name}</artifactId></dependency></dependencies>
      <build><plugins><plugin><groupId>com.acmecorp.build</groupId><artifactId>stamp-maven-plugin</artifactId></plugin></plugins></build></project>`,
    says: ['com.acmecorp.pay:pay-api < com.acmecorp.pay', 'com.acmecorp.pay:parent < com.acmecorp.pay', 'com.acmecorp.pay:pay-core < com.acmecorp.pay', 'org.slf4j:slf4j-api < org.slf4j', 'com.acmecorp.build:stamp-maven-plugin < com.acmecorp.build'],
  },
  'build.gradle: both notations': {
    path: 'build.gradle',
    text: "dependencies {\n  implementation 'com.acmecorp:auth:1.0'\n  testImplementation group: 'com.acmecorp.pay', name: 'pay-test', version: '1.0'\n  implementation project(':core')\n}\nrepositories { maven { url 'https://repo.example/maven' } }\n",
    says: ['com.acmecorp:auth < com.acmecorp', 'com.acmecorp.pay:pay-test < com.acmecorp.pay'],
  },
  'libs.versions.toml': {
    path: 'gradle/libs.versions.toml',
    text: '[versions]\nauth = "1.0"\n[libraries]\nauth = { module = "com.acmecorp:auth", version.ref = "auth" }\npay = { group = "com.acmecorp.pay", name = "pay-api", version = "1.0" }\nold = "com.acmecorp:old:1.0"\n',
    says: ['com.acmecorp:auth < com.acmecorp', 'com.acmecorp.pay:pay-api < com.acmecorp.pay', 'com.acmecorp:old < com.acmecorp'],
  },
  'build.sbt': { path: 'build.sbt', text: 'libraryDependencies += "com.acmecorp" %% "auth" % "1.0"\n', says: ['com.acmecorp:auth < com.acmecorp'] },
  'Dockerfile: images with a host, without tag and digest; stages and variables are none': {
    path: 'Dockerfile',
    text: `FROM --platform=linux/amd64 ${host}:5000/base/node:20-slim@sha256:abc AS build\nFROM node:20\nCOPY --from=build /a /b\nCOPY --chown=a --from=${host}/tools/cli:1 /c /d\nFROM \${REGISTRY}/base/java\n`,
    says: [`${host}:5000/base/node < ${host}`, `${host}/tools/cli < ${host}`],
  },
  'compose.yaml': { path: 'compose.yaml', text: `services:\n  web:\n    image: ${host}/team/web:1.0\n  db:\n    image: postgres:18\n`, says: [`${host}/team/web < ${host}`] },
}

describe('the names that a file declares, and where they come from', () => {
  test.each(Object.entries(samples))('%s', (_name, { path, text, says }) => {
    expect(origins(read(path, text)).sort()).toEqual([...says].sort())
  })

  /** An alias stands for another name: the place is that of its key. An entry without any text has none. */
  const elsewhere = new Set(['real-name', 'real-ledger', '@hermes/new', 'six'])
  test.each(Object.entries(samples))('stand where they are said to stand: %s', (_name, { path, text }) => {
    const bytes = Buffer.from(text)
    for (const { name, start, end } of read(path, text).filter((one) => !elsewhere.has(one.name))) {
      const written = bytes.subarray(start, end).toString()
      // Of coordinates the artifact, of a scope what stands behind the @.
      expect(written.length > 2 && name.endsWith(written), `${name} at ${written}`).toBe(true)
    }
  })

  test('a name at the key of an entry is found there, not in its value', () => {
    const text = `{ "lockfileVersion": 3, "packages": { "node_modules/billing": { "resolved": "${base}/billing/-/billing-1.tgz" } } }`
    expect(read('package-lock.json', text)).toMatchObject([{ start: text.indexOf('billing'), end: text.indexOf('billing') + 'billing'.length }])
  })

  test('offsets count bytes, also behind letters of several', () => {
    const text = 'FROM x\n# äöü ☃\nFROM git.acme-corp.com/ü-not/a\nFROM git.acme-corp.com/team/app\n'
    const [only, ...others] = read('Dockerfile', text)
    expect(others).toEqual([])
    expect(Buffer.from(text).subarray(only?.start, only?.end).toString()).toBe('git.acme-corp.com/team/app')
  })

  test('nothing of a secret in a URL is kept', () => {
    const said = JSON.stringify(read('package-lock.json', `{ "lockfileVersion": 3, "packages": { "node_modules/a": { "resolved": "https://user:hunter2@${host}/a.tgz?token=hunter2#hunter2" } } }`))
    expect(said).toContain(host)
    expect(said).not.toContain('hunter2')
  })
})

describe('what declares nothing', () => {
  test.each([
    ['documentation that quotes a file', 'README.md', `\`\`\`\n@hermes:registry=${base}/npm/\n\`\`\`\n`],
    ['a program', 'src/index.js', `import 'https://${host}/billing.js'\n`],
    ['an empty file', 'package-lock.json', ''],
    ['a file of another format under its name', 'package-lock.json', 'FROM scratch\n'],
    ['names that no name could be', 'Pipfile.lock', '{ "default": { "a b": {}, "": {}, "ü": {}, "$(x)": {} } }'],
  ])('%s', (_why, path, text) => {
    expect(read(path, text)).toEqual([])
  })
})

describe('hostile files', () => {
  const paths = [...new Set(Object.values(samples).map(({ path }) => path))]

  test('whatever the text is, it never throws, and places stand inside it', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', '"', "'", ':', ',', '\n', '  ', '@', '/', 'packages', 'node_modules/', 'resolved', 'https://', host, 'FROM ', '<dependency>', '<groupId>', '</', 'a.b', '[[package]]', 'name = ', 'remote: ', '\u0000', 'ü', '\\')
    fc.assert(fc.property(fc.constantFrom(...paths), fc.array(pieces, { maxLength: 200 }), (path, parts) => {
      const bytes = Buffer.from(parts.join(''))
      for (const { start, end } of declare({ path, text: bytes })) expect(start >= 0 && start <= end && end <= bytes.length).toBe(true)
    }), { numRuns: 1_000 })
  })

  test('of a million names the first 20,000 are kept, and depth costs no stack', () => {
    const entries = Array.from({ length: 60_000 }, (_, at) => `"node_modules/p${at}":{"resolved":"https://${host}/p"}`).join(',')
    expect(read('package-lock.json', `{"lockfileVersion":3,"packages":{${entries}}}`)).toHaveLength(20_000)
    const deep = `${'{"dependencies":{"a":'.repeat(100_000)}1`
    expect(() => read('package-lock.json', deep)).not.toThrow()
  })

  const linear: readonly (readonly [string, string, (size: number) => string])[] = [
    ['quotes', 'build.gradle', (size) => '"'.repeat(size)],
    ['an endless word', 'build.gradle', (size) => `'${'a'.repeat(size)}`],
    ['dots', 'go.mod', (size) => `require ${'a.'.repeat(size / 2)}`],
    ['blanks', 'Dockerfile', (size) => `FROM${' '.repeat(size)}`],
    ['lines without end', 'requirements.txt', (size) => 'a \\\n'.repeat(size / 4)],
    ['at signs', 'yarn.lock', (size) => `"${'@a/'.repeat(size / 3)}`],
    ['escaped keys', 'package-lock.json', (size) => `{"packages":{${'"node_modules/a\\/b":{"resolved":"https://h/x"},'.repeat(size / 48)}}}`],
    ['dashes', 'pnpm-lock.yaml', (size) => `packages:\n${`  ${'a.b-'.repeat(60)}:\n    x: 1\n`.repeat(size / 256)}`],
  ]
  test.each(linear)('a megabyte of %s is read in time', (_name, path, make) => {
    const began = performance.now()
    read(path, make(1_000_000))
    expect(performance.now() - began).toBeLessThan(3_000)
  })
})

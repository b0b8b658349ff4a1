import { describe, expect, test } from 'vitest'
import type { Mention } from '../../src/contracts/match.ts'
import { recognise } from '../../src/evidence/recognise.ts'
import { matchOf } from './labelled/sample.ts'

/** Recognises every place of the name in the text. */
function mentionsOf(name: string, text: string | Uint8Array, path: string | null = null): Mention[] {
  const bytes = Buffer.from(text)
  const matches = []
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) matches.push(matchOf(name, null, at))
  return recognise({ path, text: bytes }, matches)
}

describe('places', () => {
  test('lines and columns are 1-based; columns count bytes', () => {
    const [first, second] = mentionsOf('acme-corp-x', 'é acme-corp-x\nacme-corp-x')
    expect(first).toMatchObject({ line: 1, column: 4 })
    expect(second).toMatchObject({ line: 2, column: 1 })
  })

  test.each([['\n'], ['\r\n'], ['\r']])('%j ends a line', (end) => {
    expect(mentionsOf('acme-corp-x', `a${end}b${end}acme-corp-x${end}c`)).toMatchObject([{ line: 3, column: 1, snippet: 'acme-corp-x' }])
  })

  test('nothing matched: nothing is read', () => {
    expect(recognise({ path: 'package.json', text: Buffer.from('{') }, [])).toEqual([])
  })

  test('one mention per match, in the order of the matches, each with all of its match', () => {
    const text = Buffer.from('acme-corp-a acme-corp-b')
    const matches = [matchOf('acme-corp-b', 'npm', 12), matchOf('acme-corp-a', 'pypi', 0)]
    const mentions = recognise({ path: null, text }, matches)
    expect(mentions).toMatchObject(matches)
  })

  test('overlapping matches get an answer each', () => {
    const text = Buffer.from('{"dependencies":{"@acme-corp/auth":"1"}}')
    const mentions = recognise({ path: 'package.json', text }, [matchOf('@acme-corp/auth', 'npm', 18), matchOf('@acme-corp', 'npm', 18)])
    expect(mentions.map(({ role }) => role)).toEqual(['dependency', 'dependency'])
  })

  test.each([
    ['from the text of one element to that of another', 'com.acmecorp.auth</groupId><artifactId>auth'],
    ['tags included', '<groupId>com.acmecorp.auth</groupId><artifactId>auth</artifactId>'],
    ['the artifact alone', 'auth</artifactId>'],
  ])('a match of group and artifact in a pom may span elements: %s', (_, name) => {
    const text = '<project><modelVersion>4</modelVersion><dependencies><dependency><groupId>com.acmecorp.auth</groupId><artifactId>auth</artifactId></dependency></dependencies></project>'
    expect(mentionsOf(name, text, 'pom.xml')).toMatchObject([{ role: 'dependency' }])
  })

  test('a document may be a view into a larger buffer', () => {
    const whole = Buffer.from('xxxx{"dependencies":{"acme-corp-a":"1"}}yyyy')
    const text = new Uint8Array(whole.buffer, whole.byteOffset + 4, whole.length - 8)
    expect(recognise({ path: 'package.json', text }, [matchOf('acme-corp-a', 'npm', 18)])).toMatchObject([{ role: 'dependency', column: 19 }])
  })
})

describe('encodings', () => {
  test('a byte order mark of UTF-8 hides nothing', () => {
    expect(mentionsOf('acme-corp-a', '\uFEFF{"dependencies":{"acme-corp-a":"1"}}', 'package.json')).toMatchObject([{ role: 'dependency', column: 22 }])
    expect(mentionsOf('acme-corp-a', '\uFEFF{"dependencies":{"acme-corp-a":"1"}}')).toMatchObject([{ role: 'dependency' }])
  })

  test('UTF-16 is read through its readable bytes, to which the offsets refer', () => {
    const text = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('{"dependencies":{"acme-corp-a":"1"}}', 'utf16le')])
    expect(recognise({ path: 'package.json', text }, [matchOf('acme-corp-a', 'npm', 18)])).toMatchObject([{ role: 'dependency', snippet: '{"dependencies":{"acme-corp-a":"1"}}' }])
  })

  test('text that is not UTF-8 is read all the same', () => {
    const text = Buffer.concat([Buffer.from([0xc3, 0x28, 0x00, 0xff]), Buffer.from(' acme-corp-a')])
    expect(recognise({ path: 'x.txt', text }, [matchOf('acme-corp-a', null, 5)])).toMatchObject([{ role: 'prose', line: 1, column: 6 }])
  })

  test('details are decoded text', () => {
    expect(mentionsOf('acme-corp-a', '{"dependencies":{"acme-corp-a":"größe"}}', 'package.json')[0]?.details['version']).toBe('größe')
  })
})

describe('the snippet', () => {
  test('is the line, without control characters other than the tab', () => {
    expect(mentionsOf('acme-corp-a', 'x\n\t\u001B[31macme-corp-a\u0007\u0000 y\u0085z\n')[0]?.snippet).toBe('\t[31macme-corp-a yz')
  })

  test('has at most 300 characters of a longer line, the name among them', () => {
    const [mention] = mentionsOf('acme-corp-a', `${'é'.repeat(5_000)}acme-corp-a${'ü'.repeat(5_000)}`)
    expect(mention?.snippet.length).toBeLessThanOrEqual(300)
    expect(mention?.snippet).toMatch(/é{50}acme-corp-aü{50}/)
    expect(mention?.snippet).not.toContain('\uFFFD')
  })

  test('of a name that is longer itself is the beginning of the name', () => {
    const name = `acme-corp-${'a'.repeat(1_000)}`
    expect(mentionsOf(name, `x ${name} y`)[0]?.snippet.length).toBeLessThanOrEqual(300)
  })
})

describe('what cannot be read', () => {
  test.each([
    ['package.json', '{"dependencies": {"acme-corp-a'],
    ['package.json', '}}}]]] acme-corp-a'],
    ['pom.xml', '<project><dependencies><dependency><groupId>acme-corp-a'],
    ['pom.xml', '</project></a></b> acme-corp-a <'],
    ['pyproject.toml', '[project\nacme-corp-a = [[['],
    ['.gitlab-ci.yml', 'a: [b, {c: acme-corp-a'],
    ['a.py', '"""acme-corp-a'],
    ['README.md', '```\nacme-corp-a'],
    ['page.html', '<pre>acme-corp-a'],
  ])('a broken %s (%j) still gets an answer', (path, text) => {
    expect(mentionsOf('acme-corp-a', text, path)).toHaveLength(1)
  })

  test('a file cut off in the middle keeps the structure of its beginning', () => {
    expect(mentionsOf('acme-corp-a', '{"dependencies": {"acme-corp-a": "1", "x', 'package.json')).toMatchObject([{ role: 'dependency' }])
  })

  test('behind 8 MB there is no structure, and that is said', () => {
    const filler = `{"x":"${'a'.repeat(8 * 1024 * 1024)}","dependencies":{"acme-corp-a":"1"}}`
    const [mention] = mentionsOf('acme-corp-a', filler, 'package.json')
    expect(mention).toMatchObject({ role: 'code', line: 1 })
    expect(mention?.details['note']).toMatch(/8 MB/)
  })

  test('what a format leaves over is code, even where the file is called a text', () => {
    expect(mentionsOf('acme-corp-a', `${'x'.repeat(3_000)} acme-corp-a`, 'requirements.txt')).toMatchObject([{ role: 'code' }])
  })

  test.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])('the name %s is a key like every other', (name) => {
    for (const [path, text] of [
      ['package.json', `{"dependencies":{"${name}":"1.2.3"}}`],
      ['pnpm-lock.yaml', `lockfileVersion: 6\ndependencies:\n  ${name}: 1.2.3\n`],
      ['Cargo.toml', `[dependencies]\n${name} = "1.2.3"\n`],
      ['package-lock.json', `{"lockfileVersion":3,"packages":{"node_modules/${name}":{"version":"1.2.3"}}}`],
    ] as const) {
      expect(mentionsOf(name, text, path)).toMatchObject([{ role: 'dependency', details: { version: '1.2.3' } }])
    }
    expect(mentionsOf('acme-corp-a', `{"${name}":{"polluted":"yes"},"dependencies":{"acme-corp-a":"1"}}`, 'package.json')).toMatchObject([{ role: 'dependency' }])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('of several entries with one key the last counts, as parsers do it', () => {
    const text = '{"lockfileVersion":3,"packages":{"node_modules/acme-corp-a":{"version":"1","version":"2"}}}'
    expect(mentionsOf('acme-corp-a', text, 'package-lock.json')[0]?.details['version']).toBe('2')
  })
})

describe('secrets', () => {
  test.each([
    ['requirements.txt', '--index-url https://ci:hunter2@pypi.acme-corp.com/simple?token=hunter2#hunter2\n', 'pypi.acme-corp.com'],
    ['.npmrc', '//npm.acme-corp.com/:_authToken=hunter2\n', 'npm.acme-corp.com'],
    ['package.json', '{"dependencies":{"a":"git+https://hunter2@git.acme-corp.com/x.git"}}', 'git.acme-corp.com'],
    ['package.json', '{"dependencies":{"a":"https://u:hun%74er2@x:hunter2@git.acme-corp.com/x.git"}}', 'git.acme-corp.com'],
    ['pip.conf', '[global]\nindex-url = https://u:hunter2@pypi.acme-corp.com/simple\n', 'pypi.acme-corp.com'],
    ['nuget.config', '<configuration><packageSourceCredentials><nuget.acme-corp.com><add key="ClearTextPassword" value="hunter2" /></nuget.acme-corp.com></packageSourceCredentials></configuration>', 'nuget.acme-corp.com'],
    ['composer.json', '{"config":{"http-basic":{"packagist.acme-corp.com":{"password":"hunter2"}}}}', 'packagist.acme-corp.com'],
    ['.netrc', 'machine git.acme-corp.com login ci password hunter2\n', 'git.acme-corp.com'],
    ['run.sh', 'pip install -i https://u:hunter2@pypi.acme-corp.com/simple x\n', 'pypi.acme-corp.com'],
    ['run.sh', 'docker login -u ci -p hunter2 registry.acme-corp.com\n', 'registry.acme-corp.com'],
    ['run.sh', 'docker login -phunter2 registry.acme-corp.com\n', 'registry.acme-corp.com'],
    ['run.sh', 'npm config set //npm.acme-corp.com/:_authToken hunter2\n', 'npm.acme-corp.com'],
    ['run.sh', 'bundle config gems.acme-corp.com u:hunter2\n', 'gems.acme-corp.com'],
    ['run.sh', 'TOKEN=hunter2 pip install -i https://pypi.acme-corp.com/simple x\n', 'pypi.acme-corp.com'],
    ['.gitlab-ci.yml', 'variables:\n  PIP_INDEX_URL: https://u:hunter2@pypi.acme-corp.com/simple\n', 'pypi.acme-corp.com'],
    ['main.tf', 'module "x" {\n  source = "git::https://u:hunter2@git.acme-corp.com/x.git"\n}\n', 'git.acme-corp.com'],
  ])('%s: no detail holds one', (path, text, host) => {
    const mentions = mentionsOf(host, text, path)
    expect(mentions.length).toBeGreaterThan(0)
    expect(JSON.stringify(mentions.map(({ details }) => details))).not.toContain('hunter2')
  })
})

describe('a path and a content', () => {
  test.each([
    ['lib/data.ts', "const x = '{\"dependencies\":{\"acme-corp-a\":\"1\"}}'", 'code'],
    ['docs/x.md', 'registry=https://acme-corp-a.example\n', 'prose'],
    ['x.json.bak', '{"dependencies":{"acme-corp-a":"1"}}', 'dependency'],
    ['package.json.tmpl', '{"dependencies":{"acme-corp-a":"1"}}', 'dependency'],
    ['a/B/PACKAGE.JSON', '{"dependencies":{"acme-corp-a":"1"}}', 'dependency'],
    ['not-package.json', '{"acme-corp-a":"1"}', 'code'],
    ['windows\\package.json', '{"dependencies":{"acme-corp-a":"1"}}', 'dependency'],
  ])('%s with %j is read as %s', (path, text, role) => {
    expect(mentionsOf('acme-corp-a', text, path)).toMatchObject([{ role }])
  })
})

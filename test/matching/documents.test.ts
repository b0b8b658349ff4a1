import { describe, expect, test } from 'vitest'
import { compile } from '../../src/matching/compile.ts'
import { readable } from '../../src/matching/readable.ts'
import { seeded } from './random.ts'
import { codename, found, group, host, maven, npm, prefix, pypi, regex, scope, term } from './terms.ts'

const everyKind = [
  npm('acme-corp-auth'), npm('@acme-corp/ui'), npm('acmelib'), pypi('acme-corp'), term('acme_crate', { ecosystem: 'crates' }), term('Acme.Core', { ecosystem: 'nuget' }),
  maven('com.acmecorp:auth'), group('com.acmecorp'), scope('@acme-corp'), host('git.acme.io'), codename('Zeus'), codename('Гермес'), codename('Atlas', ['acme']),
  prefix('acme-x-', { ecosystem: 'npm' }), prefix('acmeco', { ecosystem: 'npm' }), prefix('com.acmecorp.', { kind: 'group', ecosystem: 'maven' }), regex('ACME-[0-9]+'), regex('x.*y$'),
]
const matcher = compile(everyKind)

/** One text for each term that is a name, in which it is found. */
const names = everyKind.filter(({ form, near }) => form === 'name' && near.length === 0)

describe('a name is found wherever it stands', () => {
  test.each(names.map((name) => [`${name.text} (${name.kind})`, name] as const))('%s at every offset and alignment, at both ends', (_text, name) => {
    const single = compile([name])
    const bytes = Buffer.from(name.text)
    for (let offset = 0; offset < 130; offset += 1) {
      for (const shift of [0, 1, 2, 3]) {
        const buffer = Buffer.alloc(shift + offset + bytes.length + 40, ' ')
        bytes.copy(buffer, shift + offset)
        for (const behind of [0, 1, 33]) {
          const view = new Uint8Array(buffer.buffer, buffer.byteOffset + shift, offset + bytes.length + behind)
          expect(single.find(view).map(({ start, end }) => [start, end])).toEqual([[offset, offset + bytes.length]])
        }
      }
    }
  })

  test('across the edges of blocks and chunks', () => {
    const chunk = 32 * 1024
    for (const name of names) {
      const bytes = Buffer.from(name.text)
      const single = compile([name])
      for (const edge of [32, 64, chunk, 2 * chunk]) {
        for (let before = 0; before <= bytes.length + 1; before += 1) {
          const buffer = Buffer.alloc(2 * chunk + 100, '. ')
          bytes.copy(buffer, edge - before < 0 ? 0 : edge - before)
          expect(single.find(buffer), `${name.text} ${edge} ${before}`).toHaveLength(1)
        }
      }
    }
  })

  test('when it is one word of any length', () => {
    for (const length of [1, 3, 4, 5, 15, 16, 17, 31, 56, 57, 58, 63, 64, 65, 130, 214]) {
      const name = npm('abcdefghijklm'.repeat(20).slice(0, length))
      const single = compile([name])
      for (let offset = 0; offset < 70; offset += 1) {
        const bytes = Buffer.from(`${' '.repeat(offset)}${name.text} x${name.text} ${name.text}x`)
        expect(single.find(bytes).map(({ start, end }) => [start, end]), `${length} ${offset}`).toEqual([[offset, offset + length]])
      }
    }
  })

  test('and control characters are not the digits that they resemble', () => {
    expect(found(compile([npm('acme1')]), 'acme\u0011 ACME1')).toEqual(['acme1 <- ACME1'])
  })

  test('bytes behind the end of the text are not looked at', () => {
    const buffer = Buffer.from('xacme-corp-auth-client')
    const view = new Uint8Array(buffer.buffer, buffer.byteOffset + 1, 'acme-corp-auth'.length)
    expect(found(matcher, view)).toEqual(['acme-corp-auth'])
  })
})

describe('encodings', () => {
  test('a mark of UTF-8 does not hide the first name', () => {
    const [match] = matcher.find(Buffer.from('\ufeffacme-corp-auth'))
    expect(match?.start).toBe(3)
  })

  test('UTF-16 is found once it is readable, with offsets of what is readable', () => {
    const bytes = readable(Buffer.from('\ufeffé acme-corp-auth', 'utf16le'))
    expect(found(matcher, bytes)).toEqual(['acme-corp-auth'])
    expect(matcher.find(bytes)[0]?.start).toBe(3)
  })

  test('NUL bytes and invalid UTF-8 on both sides do not hide a name', () => {
    for (const byte of [0x00, 0x80, 0xbf, 0xc3, 0xe2, 0xf0, 0xff]) {
      for (const name of names) {
        const bytes = Buffer.concat([Buffer.from([byte]), Buffer.from(name.text), Buffer.from([byte])])
        expect(compile([name]).find(bytes), `${name.text} ${byte}`).toHaveLength(1)
      }
    }
  })
})

describe('find', () => {
  test('answers nothing on an empty text, and for an empty inventory', () => {
    expect(matcher.find(new Uint8Array())).toEqual([])
    expect(compile([]).find(Buffer.from('acme-corp-auth'))).toEqual([])
    expect(compile([npm('')]).find(Buffer.from('acme-corp-auth'))).toEqual([])
  })

  test('never throws, and answers places that exist, in order, on any bytes', () => {
    const random = seeded(99)
    const pieces = ['acme', 'corp', 'auth', '-', '_', '.', '/', '@', ':', '%2f', '\\u002f', '\\n', '&#64;', '[1m', '<groupId>', '</groupId>', '<artifactId>', 'com', 'ACME-1', 'x', 'y', '\n', '\r', ' ', 'Гер', 'мес', 'é']
    for (let index = 0; index < 3_000; index += 1) {
      const parts: Buffer[] = []
      while (!random.chance(0.03)) parts.push(random.chance(0.3) ? Buffer.from([random.below(256)]) : Buffer.from(random.pick(pieces)))
      const bytes = Buffer.concat(parts)
      let last = 0
      for (const { start, end } of matcher.find(bytes)) {
        expect(start).toBeGreaterThanOrEqual(last)
        expect(end).toBeGreaterThan(start)
        expect(end).toBeLessThanOrEqual(bytes.length)
        last = start
      }
    }
  })

  test('gives the same answer each time, whatever it read before', () => {
    const text = Buffer.from('acme-corp-auth @acme-corp/ui Zeus ACME-1')
    const first = matcher.find(text)
    matcher.find(Buffer.from('acme-corp-'))
    expect(matcher.find(text)).toEqual(first)
    expect(first).toHaveLength(4)
  })

  test('does not change the bytes', () => {
    const bytes = Buffer.from('ACME-corp-auth ГЕРМЕС')
    const copy = Buffer.from(bytes)
    matcher.find(bytes)
    expect(bytes.equals(copy)).toBe(true)
  })
})

describe('the digest', () => {
  const lines = [npm('acme-auth'), codename('Atlas', ['acme', 'umbrella'])]
  const digest = compile(lines).digest

  test('stays when nothing changes that matching looks at', () => {
    expect(compile([...lines].reverse()).digest).toBe(digest)
    expect(compile(lines.map((line) => ({ ...line, id: 'x', team: 'y', where: 'z', publicOnPurpose: true, disclose: 'never' as const }))).digest).toBe(digest)
    expect(compile([npm('Acme-Auth'), codename('ATLAS', ['umbrella', 'acme'])], { nearWindow: null, anchors: [] }).digest).toBe(digest)
  })

  test.each([
    ['a line is added', [...lines, npm('x')], {}],
    ['a line is gone', lines.slice(1), {}],
    ['an ecosystem changes', [pypi('acme-auth'), ...lines.slice(1)], {}],
    ['a name becomes a prefix', [prefix('acme-auth', { ecosystem: 'npm' }), ...lines.slice(1)], {}],
    ['a near word changes', [lines[0]!, codename('Atlas', ['acme'])], {}],
    ['an anchor is added', lines, { anchors: ['Acme'] }],
    ['the window changes', lines, { nearWindow: 100 }],
  ])('changes when %s', (_sentence, changed, options) => {
    expect(compile(changed, options).digest).not.toBe(digest)
  })

  test('size counts the lines', () => {
    expect(compile(lines).size).toBe(2)
  })
})

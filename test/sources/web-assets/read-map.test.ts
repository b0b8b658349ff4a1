import { describe, expect, test } from 'vitest'
import { createMapReader, isThirdParty, pathOf, type SourceMap } from '../../../src/sources/web-assets/read-map.ts'

/** Read in pieces of so many bytes, or whole. */
function read(text: string | Uint8Array, size = Infinity): SourceMap | null {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const reader = createMapReader()
  for (let at = 0; at < bytes.byteLength; at += Math.min(size, bytes.byteLength)) reader.write(bytes.subarray(at, at + Math.min(size, bytes.byteLength)))
  return reader.end()
}
const texts = (map: SourceMap | null) => map?.sources.map(({ name, text }) => [name, Buffer.from(text).toString()])
const map = { version: 3, file: 'a.js', sourceRoot: '/home/ci/hermes', sources: ['a.ts', 'b.ts', null], sourcesContent: ['ünï "quoted" \\n\n', null, 'c'], names: ['HermesClient'], mappings: 'AAAA' }

describe('a source map', () => {
  test('gives every text under its name, whatever pieces it comes in', () => {
    for (const size of [1, 2, 3, 7, 64, Infinity]) {
      expect(texts(read(JSON.stringify(map), size))).toEqual([['a.ts', 'ünï "quoted" \\n\n'], ['source 2', 'c']])
    }
  })

  test('gives every name, also of files without text: root, files, identifiers', () => {
    expect(read(JSON.stringify(map))?.names.split('\n').toSorted()).toEqual(['/home/ci/hermes', 'HermesClient', 'a.js', 'a.ts', 'b.ts'])
  })

  test('may have its texts before its files', () => {
    expect(texts(read('{"sourcesContent":["x"],"sources":["late.ts"],"version":3}'))).toEqual([['late.ts', 'x']])
  })

  test('may have sections, each with files of its own', () => {
    const sections = [{ offset: {}, map: { sources: ['a'], sourcesContent: ['1'] } }, { offset: {}, map: { sources: ['b'], sourcesContent: ['2'] } }]
    expect(texts(read(JSON.stringify({ version: 3, sections })))).toEqual([['a', '1'], ['b', '2']])
  })

  test('may be guarded against being loaded as a script', () => {
    expect(texts(read(`)]}'\n${JSON.stringify(map)}`))).toHaveLength(2)
  })

  test.each(['', '{', '[]', 'null', '"x"', '<html>', '{"version":3}', `${JSON.stringify(map).slice(0, -5)}`, '{"sources":["a"],"sourcesContent":["x"]', '{"sources":[1,{"a":2}],"sourcesContent":{"0":[]}}}'])(
    'that is broken is none, never half of one: %j',
    (text) => {
      expect(read(text)).toBeNull()
    },
  )

  test('of twenty megabytes takes a moment', () => {
    const big = JSON.stringify({ version: 3, sources: ['a'], sourcesContent: ['x\n'.repeat(10_000_000)], mappings: '' })
    const began = performance.now()
    expect(read(big, 65_536)?.sources[0]?.text.byteLength).toBe(20_000_000)
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})

test.each([
  ['webpack://shop/./src/a.js', 'src/a.js', false],
  ['webpack:///./node_modules/@acme-corp/x/index.js?1a2b', 'node_modules/@acme-corp/x/index.js', true],
  ['webpack-internal:///./src/a.js', 'src/a.js', false],
  ['../../packages/ui/index.tsx', 'packages/ui/index.tsx', false],
  ['./~/left-pad/index.js', 'left-pad/index.js', false],
  ['file:///home/ci/app/package.json', 'ci/app/package.json', false],
  ['', 'source', false],
  ['webpack://shop/', 'source', false],
])('%s is the file %s', (name, path, thirdParty) => {
  expect([pathOf(name), isThirdParty(path)]).toEqual([path, thirdParty])
})

import { describe, expect, test } from 'vitest'
import { createGatherer } from '../../../src/sources/web-assets/gather.ts'
import { readFileReferences, readManifest } from '../../../src/sources/web-assets/read-file.ts'

const url = 'https://acme-corp.com/assets/js/main.ab12.js'
const read = (text: string, at = url) => readFileReferences(Buffer.from(text), at)
const map = { version: 3, sources: ['a.ts'], sourcesContent: ['x'], mappings: '' }
const base64 = Buffer.from(JSON.stringify(map)).toString('base64')

describe('the source map of a script', () => {
  test.each([
    ['at its end', 'x\n//# sourceMappingURL=main.js.map\n', 'main.js.map'],
    ['in the older form', 'x\n//@ sourceMappingURL=/maps/main.js.map', '/maps/main.js.map'],
    ['in a style sheet', 'a{}/*# sourceMappingURL=site.css.map */', 'site.css.map'],
    ['the last one counts', '//# sourceMappingURL=module.js.map\n;x\n//# sourceMappingURL=bundle.js.map', 'bundle.js.map'],
    ['a program that writes such a mark has none', 'return "//# sourceMappingURL="+e', null],
    ['nor has one that looks for it', 'x.match(/sourceMappingURL=(.*)/)', null],
    ['none', 'x', null],
  ])('%s', (_, text, expected) => {
    expect(read(text).map).toBe(expected)
  })

  test.each([
    ['base64', `//# sourceMappingURL=data:application/json;charset=utf-8;base64,${base64}`],
    ['inside of an eval', `eval("1//# sourceMappingURL=data:application/json;base64,${base64}\\n//# sourceURL=x")`],
    ['percent-encoded', `//# sourceMappingURL=data:application/json,${encodeURIComponent(JSON.stringify(map))}`],
  ])('inside of it: %s', (_, text) => {
    expect(read(text).inlineMaps.map(({ sources }) => sources.map(({ name }) => name))).toEqual([['a.ts']])
  })

  test.each(['data:', 'data:,', 'data:application/json;base64,', 'data:application/json;base64,%%%', 'data:application/json,%', 'data:application/json;base64,eyJ4'])('that is broken is none: %s', (address) => {
    expect(read(`//# sourceMappingURL=${address}`)).toMatchObject({ map: null, inlineMaps: [] })
  })
})

describe('the files that a script leads to', () => {
  test.each([
    ['import()', 'import("./lazy.js")', 'https://acme-corp.com/assets/js/lazy.js'],
    ['from the root', 'x("/other/a.mjs?v=1")', 'https://acme-corp.com/other/a.mjs'],
    ['relative to a folder that is in its own address', 'import("assets/vite-1a.js")', 'https://acme-corp.com/assets/vite-1a.js'],
    ['relative to what webpack says', 'r.p="https://static.acme-corp.com/x/";import("part.js")', 'https://static.acme-corp.com/x/part.js'],
    ['beside it', 'importScripts("worker.js")', 'https://acme-corp.com/assets/js/worker.js'],
    ['a licence', '/*! For license information please see main.ab12.js.LICENSE.txt */', 'https://acme-corp.com/assets/js/main.ab12.js.LICENSE.txt'],
  ])('%s', (_, text, expected) => {
    expect(read(text).files).toEqual([expected])
  })

  test.each(['({"./src/a.js":(e,t,n)=>{n("./src/b.js");r("./c.css")}})', '__webpack_require__("./src/a.js")', 'require("./d.js")', 'e+".chunk.js"', '"/.js"', '"name.js.txt"'])(
    'are not the modules inside of it: %s',
    (text) => {
      expect(read(text).files).toEqual([])
    },
  )

  test('Next lists its pages relative to its own folder', () => {
    const manifest = 'self.__BUILD_MANIFEST={"/":["static/chunks/pages/index-1a2b.js"]}'
    expect(read(manifest, 'https://acme-corp.com/_next/static/BUILD/_buildManifest.js').files).toEqual(['https://acme-corp.com/_next/static/chunks/pages/index-1a2b.js'])
  })

  test('webpack puts names together from ids', () => {
    const runtime = 'r.p="/";r.u=e=>"js/"+({7:"cart","a-b":"list"}[e]||e)+"."+{7:"ab","a-b":"cd",9:"ef"}[e]+".chunk.js"'
    expect(read(runtime).files.toSorted()).toEqual(['cart.ab', '9.ef', 'list.cd'].map((name) => `https://acme-corp.com/assets/js/${name}.chunk.js`).toSorted())
  })

  test('are found wherever in a large bundle they stand', () => {
    for (const at of [0, 1_000_000, 1_048_570, 3_000_000]) {
      const text = `${' '.repeat(at)}import("./x-${at}.js")${' '.repeat(3_200_000 - at)}`
      expect(read(text).files).toEqual([`https://acme-corp.com/assets/js/x-${at}.js`])
    }
  })

  test.each(['"'.repeat(1_000_000), '"a"+{'.repeat(300_000), '"/a'.repeat(300_000), `{${'1:"a",'.repeat(200_000)}`, 'sourceMappingURL='.repeat(100_000), '"a"+e+"."+{'.repeat(100_000)])(
    'hostile texts cost no more than time to read them (%#)',
    (text) => {
      const began = performance.now()
      read(text)
      expect(performance.now() - began).toBeLessThan(15_000)
    },
  )
})

describe('a manifest', () => {
  test.each([
    ['vite', { 'index.html': { file: 'assets/a.js', css: ['assets/a.css'], imports: ['_b.js'] } }, 'https://acme-corp.com/.vite/manifest.json', ['assets/a.js', 'assets/a.css', '_b.js']],
    ['Create React App', { files: { 'main.js': '/static/main.js', 'main.js.map': '/static/main.js.map', 'index.html': '/index.html' }, entrypoints: [] }, 'https://acme-corp.com/asset-manifest.json', ['static/main.js', 'static/main.js.map']],
  ])('of %s lists files', (_, data, at, expected) => {
    expect(readManifest(JSON.stringify(data), at)?.toSorted()).toEqual(expected.map((path) => `https://acme-corp.com/${path}`).toSorted())
  })

  test('that is no JSON is none', () => {
    expect(readManifest('<html>', url)).toBeUndefined()
  })
})

test('what is gathered piece by piece comes out whole, and the next file begins empty', () => {
  const gatherer = createGatherer(1_000_000)
  for (const piece of ['a', '', 'bc', 'd'.repeat(500_000)]) gatherer.write(Buffer.from(piece))
  expect(Buffer.from(gatherer.take()).toString()).toBe(`abc${'d'.repeat(500_000)}`)
  expect(gatherer.take().byteLength).toBe(0)
})

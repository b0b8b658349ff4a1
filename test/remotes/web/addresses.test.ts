import { describe, expect, test } from 'vitest'
import type { Hit } from '../../../src/contracts/source.ts'
import { canonical, isBelow, isInside, isMedia } from '../../../src/remotes/web/addresses.ts'
import { createFrontier } from '../../../src/remotes/web/frontier.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'

test.each([
  ['https://a.com/x#y', 'https://a.com/x'],
  ['https://a.com/x?utm_source=b&id=1&gh_src=2#z', 'https://a.com/x?id=1'],
  ['HTTPS://A.com:443/%7Ex?b=%20', 'https://a.com/%7Ex?b=%20'],
  ['/y', 'https://base.com/y'],
  ['mailto:a@b.c', null], ['javascript:void 0', null], ['http://[x', null], [`/${'x'.repeat(3_000)}`, null],
])('%s is known as %s', (address, expected) => {
  expect(canonical(address, 'https://base.com/z')).toBe(expected)
})

describe('the extent of a crawl', () => {
  const start = 'https://acme-corp.com/careers/'
  test.each([
    ['https://acme-corp.com/careers/1', ['path', 'host', 'site']],
    ['http://acme-corp.com/careers', ['path', 'host', 'site']],
    ['https://acme-corp.com/careersabc', ['host', 'site']],
    ['https://www.acme-corp.com/careers/1', ['site']],
    ['https://acme-corp.com:8443/careers/1', ['site']],
    ['https://acme-corp.com.evil.net/careers/', []],
  ])('%s is inside of %s', (address, extents) => {
    expect((['path', 'host', 'site'] as const).filter((extent) => isInside(address, start, extent))).toEqual(extents)
  })

  test('a page with an ending is the start of what lies beside it', () => {
    expect([isBelow('/careers/1', '/careers.html'), isBelow('/careers.html', '/careers'), isBelow('/', '/'), isBelow('/x', '/')]).toEqual([true, true, true, true])
  })

  test('pictures and archives are not visited', () => {
    expect(['https://a.com/x.PNG', 'https://a.com/x.pdf?y', 'https://a.com/x.html', 'https://a.com/png'].map(isMedia)).toEqual([true, true, false, false])
  })
})

describe('the cap of a crawl', () => {
  const hits = (...refs: string[]): Hit[] => refs.map((ref) => ({ ref, contentHash: null, locator: null, container: '', path: null }))
  const refs = ({ hits: taken, cut }: { hits: readonly Hit[]; cut: boolean }) => [taken.map(({ ref }) => ref).join(''), cut]

  test('takes so many places, always the same ones, and tells when it left some out', async () => {
    const frontier = createFrontier(createForgetfulMemory(), () => new Date(1))
    const token = await frontier.begin('k')
    const admit = async (...names: string[]) => refs(await frontier.admit({ key: 'k', token, cap: 3 }, hits(...names)))
    expect(await admit('a', 'b')).toEqual(['ab', false])
    expect(await admit('b', 'a', 'a')).toEqual(['baa', false])
    expect(await admit('c', 'd', 'a')).toEqual(['ca', true])
    expect(await admit('a', 'b', 'c')).toEqual(['abc', false])
  })

  test('begins anew with each crawl', async () => {
    let time = 1
    const frontier = createFrontier(createForgetfulMemory(), () => new Date(time))
    const first = await frontier.begin('k')
    await frontier.admit({ key: 'k', token: first, cap: 1 }, hits('a'))
    time = 2
    const second = await frontier.begin('k')
    expect(refs(await frontier.admit({ key: 'k', token: second, cap: 1 }, hits('b')))).toEqual(['b', false])
  })
})

import { describe, expect, test } from 'vitest'
import { compileIgnore, globFault, repositoryGlobFault } from '../../src/inventory/ignore.ts'

const nothing = { repositories: [], paths: [] }

describe('places that are no leak', () => {
  test('our own repositories, whatever the case', () => {
    const ignored = compileIgnore(nothing, ['Acme-Corp'])
    expect(ignored('acme-corp/website', 'package.json')).toBe(true)
    expect(ignored('ACME-CORP/website', null)).toBe(true)
    expect(ignored('acme-corp-fan/website', 'package.json')).toBe(false)
    expect(ignored('somebody/acme-corp', 'package.json')).toBe(false)
  })

  test('a site or board with the name of our account is not ours', () => {
    expect(compileIgnore(nothing, ['acme'])('acme', null)).toBe(false)
  })

  test.each([
    ['acme-corp/*', 'acme-corp/website', true],
    ['acme-corp/*', 'Acme-Corp/Website', true],
    ['acme-corp/*', 'acme-corp-evil/website', false],
    ['acme-corp/*', 'somebody/acme-corp', false],
    ['*/acme-docs', 'somebody/acme-docs', true],
    ['*/acme-docs', 'somebody/acme-docs-2', false],
    ['somebody/acme-?', 'somebody/acme-1', true],
    ['somebody/acme-?', 'somebody/acme-12', false],
    ['somebody/acme-?', 'somebody/acme-', false],
    ['a*b*c/x', 'axbxbxc/x', true],
    ['a*b*c/x', 'axbxbx/x', false],
    ['some.body/x', 'someXbody/x', false],
  ])('the repository glob %s and %s: %s', (glob, repository, expected) => {
    expect(compileIgnore({ repositories: [glob], paths: [] }, [])(repository, 'README.md')).toBe(expected)
  })

  test.each([
    ['*.lock', 'a/b/yarn.lock', true],
    ['*.lock', 'yarn.lock.txt', false],
    ['yarn.lock', 'a/yarn.lock', true],
    ['vendor/**', 'vendor/a/b.js', true],
    ['vendor/**', 'src/vendor/a.js', false],
    ['**/vendor/**', 'src/vendor/a.js', true],
    ['**/vendor/**', 'vendor/a.js', true],
    ['vendor/*', 'vendor/a.js', true],
    ['vendor/*', 'vendor/a/b.js', false],
    ['docs/**/img/*.svg', 'docs/img/a.svg', true],
    ['docs/**/img/*.svg', 'docs/x/img/y/img/a.svg', true],
    ['docs/**/img/*.svg', 'docs/x/img/y/a.svg', false],
    ['Docs/*', 'docs/a', false],
    ['a.b/c', 'aXb/c', false],
  ])('the path glob %s and %s: %s', (glob, path, expected) => {
    expect(compileIgnore({ repositories: [], paths: [glob] }, [])('somebody/x', path)).toBe(expected)
  })

  test('without rules nothing is ignored, and a place without a path is judged by its container alone', () => {
    expect(compileIgnore(nothing, [])('somebody/x', 'a')).toBe(false)
    expect(compileIgnore({ repositories: [], paths: ['acme/**'] }, [])('somebody/x', null)).toBe(false)
  })

  test('many stars on a long hostile name need no time', () => {
    const glob = `${'a*'.repeat(200)}b`
    const started = performance.now()
    expect(compileIgnore({ repositories: [`x/${glob}`], paths: [`${'**/'.repeat(100)}b`] }, [])(`x/${'a'.repeat(5_000)}`, 'a/'.repeat(5_000))).toBe(false)
    // A backtracking matcher would not come back at all; this bound is no measurement.
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('globs that are refused', () => {
  test.each(['*', '**', '*/*', '**/*', '?', '*.*', ''])('%j would ignore everything', (glob) => {
    expect(globFault(glob)).toContain('ignore everything')
  })

  test.each(['/vendor', 'vendor/', '[ab]/c', '{a,b}', '!a', 'a\\b', 'a'.repeat(501)])('%j is not understood', (glob) => {
    expect(globFault(glob)).not.toBeNull()
  })

  test.each(['acme', 'acme/x/y', 'https://github.com/acme/x', 'acme/'])('%j is no repository', (glob) => {
    expect(repositoryGlobFault(glob)).not.toBeNull()
  })

  test.each(['acme-corp/*', '*/acme-docs', 'a/b'])('%j is one', (glob) => {
    expect(repositoryGlobFault(glob)).toBeNull()
  })
})

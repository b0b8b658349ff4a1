import { describe, expect, test } from 'vitest'
import { recognise } from '../../src/evidence/recognise.ts'
import { matchOf } from './labelled/sample.ts'

const name = 'acme-corp-auth'

function contextOf(path: string | null, text: string): string | undefined {
  const [mention] = recognise({ path, text: Buffer.from(text) }, [matchOf(name, 'npm', Buffer.from(text).indexOf(name))])
  return mention?.details['context']
}

describe('the context', () => {
  test.each([
    ['src/__fixtures__/package.json', /test fixture: the path has the folder __fixtures__/],
    ['pkg/testdata/x/go.sum', /test fixture: the path has the folder testdata/],
    ['node_modules/x/package.json', /somebody else's code: the path has the folder node_modules/],
    ['vendor/acme/a.go', /somebody else's code/],
    ['examples/basic/package.json', /example or a tutorial/],
    ['test/a.js', /among tests/],
    ['dist/main.js', /generated file/],
    ['README.md', /documentation: the file is a README/],
    ['src/client.test.ts', /test or a template/],
    ['config/.npmrc.example', /test or a template/],
  ])('%s is explained by its path', (path, words) => {
    expect(contextOf(path, `x ${name} y`)).toMatch(words)
  })

  test.each([
    ['src/package.json'],
    ['latest/package.json'],
    ['contest/a.js'],
    ['src/fixtures.js'],
    [null],
  ])('%s says nothing', (path) => {
    expect(contextOf(path, `x ${name} y`)).toBeUndefined()
  })

  test.each([
    [`${name} at https://registry.example.com/`, /placeholder: the line has a name reserved for examples/],
    [`${name} of your-company`, /placeholder: the line has a word to be replaced/],
    [`${name} <your token>`, /placeholder/],
    [`${name} http://localhost:3000`, /local setup/],
    [`${name} http://192.168.1.20/`, /local setup/],
    [`${name} 10.0.0.7`, /local setup/],
    [`${name} 172.20.0.1`, /local setup/],
  ])('%j is explained by its line', (text, words) => {
    expect(contextOf('notes.txt', text)).toMatch(words)
  })

  test.each([
    [`${name} 172.40.0.1`],
    [`${name} 8.8.8.8`],
    [`${name} 110.0.0.75`],
    [`${name} notlocalhost.org`],
    [`${name} counterexample.company`],
    [`line with example.com\n${name}`],
  ])('%j is not', (text) => {
    expect(contextOf('notes.txt', text)).toBeUndefined()
  })

  test('a registry of the same machine explains the dependencies of a file', () => {
    expect(contextOf('.gitlab-ci.yml', `variables:\n  NPM_CONFIG_REGISTRY: http://localhost:4873/\nx:\n  script: npm i ${name}\n`)).toMatch(/local demo/)
    expect(contextOf('.gitlab-ci.yml', `variables:\n  NPM_CONFIG_REGISTRY: http://npm.acme-corp.com/\nx:\n  script: npm i ${name}\n`)).toBeUndefined()
  })

  test('several signs are all told', () => {
    expect(contextOf('examples/x.txt', `${name} http://localhost your-company`)?.split('; ')).toHaveLength(3)
  })

  test('explains and drops nothing: role and place stay', () => {
    const text = Buffer.from(`{"dependencies":{"${name}":"1"}}`)
    const at = text.indexOf(name)
    const [plain] = recognise({ path: 'package.json', text }, [matchOf(name, 'npm', at)])
    const [fixture] = recognise({ path: '__fixtures__/package.json', text }, [matchOf(name, 'npm', at)])
    expect(fixture).toEqual({ ...plain, details: { ...plain?.details, context: fixture?.details['context'] } })
  })
})

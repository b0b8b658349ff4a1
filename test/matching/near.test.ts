import { describe, expect, test } from 'vitest'
import { compile } from '../../src/matching/compile.ts'
import { codename, found, npm, prefix, regex } from './terms.ts'

const hermes = codename('HermesBuilder', ['acme'])
const atlas = codename('AtlasQueue', ['acme'])
const gap = (length: number): string => ' '.repeat(length)

describe('a codename with near words counts only near one of them', () => {
  test.each([
    ['a near word anywhere in the document', `HermesBuilder${gap(9_000)}acme`],
    ['a near word in front', 'ACME: HermesBuilder'],
    ['the beginning of a longer word', 'AcmeCorp runs HermesBuilder'],
    ['a domain', 'HermesBuilder, mail to ops@acme-corp.com'],
  ])('found: %s', (_sentence, text) => {
    expect(found(compile([hermes]), text)).toEqual(['HermesBuilder'])
  })

  test.each([
    ['nothing else', 'HermesBuilder'],
    ['the end of another word', 'HermesBuilder macme pacmeman'],
    ['itself, however often', 'HermesBuilder HermesBuilder'],
    ['another name that needs support', 'HermesBuilder AtlasQueue'],
  ])('not found: %s', (_sentence, text) => {
    expect(found(compile([hermes, atlas]), text)).toEqual([])
  })

  test('a near word inside the codename itself does not count', () => {
    const matcher = compile([codename('HermesBuilder', ['hermes'])])
    expect(found(matcher, 'HermesBuilder and HermesBuilder')).toEqual([])
    expect(found(matcher, 'HermesBuilder of Hermes')).toEqual(['HermesBuilder'])
  })

  test('a near word beyond ASCII counts whatever its case', () => {
    const matcher = compile([codename('Atlas', ['Größe'])])
    for (const text of ['größe', 'Größe', 'GRÖSSE']) expect(found(matcher, `Atlas: ${text}`)).toEqual(['Atlas'])
    expect(found(matcher, 'Atlas: Grösse')).toEqual([])
  })

  test('a codename without near words needs none', () => {
    expect(found(compile([codename('HermesBuilder')]), 'HermesBuilder')).toEqual(['HermesBuilder'])
  })
})

describe('what else counts as near', () => {
  test.each(['Acme Corp', 'acme-corp', 'ACME_CORP', 'acmecorp.com'])('the name of the organisation, written %s', (text) => {
    expect(found(compile([codename('Atlas', ['nothing'])], { anchors: ['Acme Corp'] }), `Atlas ${text}`)).toEqual(['Atlas'])
  })

  test('a domain of the organisation', () => {
    const options = { anchors: ['acme-corp.com'] }
    expect(found(compile([codename('Atlas', ['nothing'])], options), 'Atlas git.acme-corp.com')).toEqual(['Atlas'])
    expect(found(compile([codename('Atlas', ['nothing'])], options), 'Atlas acme-corp.net')).toEqual([])
  })

  test.each([
    ['a package', npm('zeta-auth'), 'Atlas zeta-auth'],
    ['a name that a pattern covers', prefix('zeta-', { ecosystem: 'npm' }), 'zeta-x Atlas'],
    ['what an expression matches', regex('Z-[0-9]+'), 'Atlas Z-1'],
    ['a codename that needs no support', codename('Zeta'), 'Atlas Zeta'],
  ])('%s', (_sentence, other, text) => {
    expect(found(compile([codename('Atlas', ['nothing']), other]), text)).toHaveLength(2)
  })

  test('a codename that is supported supports the next one', () => {
    expect(found(compile([hermes, codename('AtlasQueue', ['nothing'])]), 'AtlasQueue HermesBuilder acme')).toEqual(['AtlasQueue', 'HermesBuilder'])
  })

  test('not what an expression matches around the codename itself', () => {
    expect(found(compile([codename('Atlas', ['nothing']), regex('the [A-Z][a-z]+')]), 'the Atlas')).toEqual(['the Atlas'])
  })

  test('an anchor does not make other names conditional', () => {
    expect(found(compile([npm('zeta-auth')], { anchors: ['Acme'] }), 'zeta-auth')).toEqual(['zeta-auth'])
  })
})

describe('what speaks for a codename is told', () => {
  const support = (text: string, options = {}): (string | undefined)[] =>
    compile([hermes, npm('zeta-auth')], options).find(new TextEncoder().encode(text)).filter(({ name }) => name === 'HermesBuilder').map((match) => match.support)

  test.each([
    ['its near word', 'ACME: HermesBuilder', {}, 'acme'],
    ['the company', 'Umbrella and HermesBuilder', { anchors: ['umbrella'] }, 'umbrella'],
    ['another name of ours', 'zeta-auth, HermesBuilder', {}, 'zeta-auth'],
  ])('%s', (_sentence, text, options, word) => {
    expect(support(text, options)).toEqual([word])
  })

  test('nothing, where the name needs nothing', () => {
    expect(compile([npm('zeta-auth')]).find(new TextEncoder().encode('acme zeta-auth'))[0]).not.toHaveProperty('support')
  })
})

test('what the company published itself needs no anchor', () => {
  const matcher = compile([hermes])
  const bytes = new TextEncoder().encode('we look for an engineer for HermesBuilder')
  expect(matcher.find(bytes)).toEqual([])
  expect(matcher.find(bytes, { own: true }).map(({ name }) => name)).toEqual(['HermesBuilder'])
})

describe('with a window of bytes', () => {
  const inWindow = (text: string): string[] => found(compile([hermes, atlas], { nearWindow: 10 }), text)

  test.each([
    ['just in reach behind', `HermesBuilder${gap(10)}acme`, 1],
    ['just out of reach behind', `HermesBuilder${gap(11)}acme`, 0],
    ['just in reach in front', `acme${gap(10)}HermesBuilder`, 1],
    ['just out of reach in front', `acme${gap(11)}HermesBuilder`, 0],
    ['each mention by itself', `acme HermesBuilder${gap(50)}HermesBuilder`, 1],
    ['support that is handed on forwards', `acme HermesBuilder${gap(9)}AtlasQueue${gap(9)}HermesBuilder`, 3],
    ['support that is handed on backwards', `HermesBuilder${gap(9)}AtlasQueue${gap(9)}HermesBuilder acme`, 3],
    ['support that stops at a gap', `acme HermesBuilder${gap(9)}AtlasQueue${gap(11)}HermesBuilder`, 2],
    ['no support from the same name', `acme HermesBuilder${gap(5)}HermesBuilder`, 1],
  ])('%s', (_sentence, text, count) => {
    expect(inWindow(text)).toHaveLength(count)
  })

  test('a window of nothing wants the word to touch', () => {
    const matcher = compile([codename('Atlas', ['('])], { nearWindow: 0 })
    expect(found(matcher, 'Atlas(')).toEqual(['Atlas'])
    expect(found(matcher, 'Atlas (')).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import { formatCard, formatPlainCard, markdown, type Element, type TeamsMessage } from '../../../src/notifiers/teams/card.ts'
import { finding, hostileFinding, place, samples } from '../samples.ts'

const bodyOf = (message: TeamsMessage): readonly Element[] => message.attachments[0].content.body
const texts = (message: TeamsMessage) => bodyOf(message).flatMap((element) => (element.type === 'TextBlock' ? [element.text] : element.facts.flatMap(({ title, value }) => [title, value])))

describe('a card', () => {
  test('has the form that a workflow posts', () => {
    const message = formatCard({ kind: 'leaked', id: '34', organization: 'Acme Corp', finding })
    expect(message).toMatchObject({ type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: { type: 'AdaptiveCard', version: '1.4' } }] })
    expect(message.attachments).toHaveLength(1)
    expect(bodyOf(message)[0]).toMatchObject({ type: 'TextBlock', size: 'Large', color: 'Attention' })
  })

  test('of every kind of notice has text in every block, and wraps it', () => {
    for (const notice of samples()) {
      const blocks = [...bodyOf(formatCard(notice)), ...bodyOf(formatPlainCard(notice))].filter(({ type }) => type === 'TextBlock')
      for (const block of blocks) expect(block).toMatchObject({ text: expect.stringMatching(/\S/), wrap: true })
    }
  })

  test('links to the place', () => {
    expect(texts(formatCard({ kind: 'leaked', id: '34', organization: 'Acme Corp', finding })).join('\n')).toContain('[open](https://github.com/someone/shop/blob/4f2a/package.json#L12)')
  })

  test('links nowhere else than to web addresses of places', () => {
    const odd = { ...finding, places: ['javascript:alert(1)', 'https://x.example/a)[b](https://evil.example', 'data:text/html,x', 'not an address'].map((url) => ({ ...place, url })), placeCount: 4 }
    const found = texts(formatCard({ kind: 'leaked', id: '34', organization: 'Acme Corp', finding: odd })).join('\n')
    expect([...found.matchAll(/(?<!\\)\]\(([^)]*)\)/g)].map((match) => match[1])).toEqual(['https://x.example/a%29%5Bb%5D%28https://evil.example'])
  })

  test('of hostile text has no link, picture, format or tag of theirs', () => {
    for (const notice of samples(hostileFinding(50))) {
      for (const text of texts(formatCard(notice))) {
        const rest = text.replaceAll(/\\[^A-Za-z0-9\s]/g, '').replaceAll(/ · \[open\]\(https:\/\/github\.com\/[^)]*\)/g, '')
        expect(/[<>&`*_[\]()]|:\/\//.test(rest)).toBe(false)
      }
    }
  })
})

describe('markdown', () => {
  test.each([
    ['*bold* _it_ `c` ~s~', String.raw`\*bold\* \_it\_ \`c\` \~s\~`],
    ['[a](b) ![c](d)', String.raw`\[a\]\(b\) \!\[c\]\(d\)`],
    ['<b>&amp;', '\u2039b\u203a\uff06amp;'],
    ['1. item', String.raw`1\. item`],
    ['- item', String.raw`\- item`],
    [String.raw`a\b`, String.raw`a\\b`],
    ['https://evil.example', 'https:\u200b//evil.example'],
  ])('%j is left as text', (words, expected) => {
    expect(markdown(words)).toBe(expected)
  })
})

import { describe, expect, test } from 'vitest'
import { readHtml, unescapeHtml } from '../../../src/remotes/html/read-html.ts'
import { readJsonLd } from '../../../src/remotes/html/read-json-ld.ts'

describe('the text of HTML', () => {
  test.each([
    ['entities are decoded once', '<p>AT&amp;T &amp;lt; &#x2F; &quot;</p>', 'AT&T &lt; / "'],
    ['blocks are lines', '<ul><li>one</li><li>two</li></ul>three<br>four', 'one\ntwo\nthree\nfour'],
    ['inline elements break no word', '@acme-corp/<b>auth</b>-client', '@acme-corp/auth-client'],
    ['the address of a link stands behind it', '<a href="https://git.acme-corp.com/x">our code</a>.', 'our code <https://git.acme-corp.com/x> .'],
    ['a picture says what it shows', '<img alt="HermesBuilder">', '<HermesBuilder>'],
    ['scripts and styles are no text', '<script>acme</script><style>acme</style>x', 'x'],
    ['tags that are never closed', '<p>a<p>b<b>c', 'a\nbc'],
    ['nothing', '', ''],
    ['plain text', 'a  b\nc', 'a b c'],
  ])('%s', (_sentence, html, text) => {
    expect(readHtml(html)).toBe(text)
  })

  test('100,000 elements inside of each other neither throw nor hang', () => {
    const began = performance.now()
    expect(readHtml(`${'<div>'.repeat(100_000)}acme`)).toContain('acme')
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})

describe('HTML that came escaped', () => {
  test('is decoded once', () => {
    expect(readHtml(unescapeHtml('&lt;p&gt;Work on our &amp;quot;Orion&amp;quot; service&lt;/p&gt;'))).toBe('Work on our "Orion" service')
  })
  test('is left alone where it was not', () => {
    expect(readHtml(unescapeHtml('<p>a &amp;lt; b</p>'))).toBe('a &lt; b')
  })
})

describe('JSON-LD', () => {
  const page = (...blocks: string[]): string => `<html><body>${blocks.map((block) => `<script type="application/ld+json">${block}</script>`).join('')}</body></html>`
  const titles = (html: string) => readJsonLd(html, 'JobPosting').items.map(({ title }) => title)

  test.each([
    ['an object', '{"@type":"JobPosting","title":"a"}', ['a']],
    ['a list', '[{"@type":"JobPosting","title":"a"},{"@type":"Person","title":"x"},{"@type":"JobPosting","title":"b"}]', ['a', 'b']],
    ['a graph', '{"@graph":[{"@type":["Thing","JobPosting"],"title":"a"}]}', ['a']],
    ['inside of another object', '{"@type":"WebPage","mainEntity":{"@type":"JobPosting","title":"a"}}', ['a']],
    ['a trailing comma', '{"@type":"JobPosting","title":"a",}', ['a']],
    ['comments around', '<!-- {"@type":"JobPosting","title":"a"} -->', ['a']],
    ['CDATA around', '//<![CDATA[\n{"@type":"JobPosting","title":"a"}\n//]]>', ['a']],
    ['raw line ends in a text', '{"@type":"JobPosting","title":"a\nb"}', ['a\nb']],
  ])('%s', (_sentence, block, expected) => {
    expect(titles(page(block))).toEqual(expected)
  })

  test('what cannot be read is counted, and the other blocks are read', () => {
    expect(readJsonLd(page('{"@type":', '{"@type":"JobPosting","title":"a"}'), 'JobPosting')).toMatchObject({ broken: 1, items: [{ title: 'a' }] })
  })

  test('a page without any is empty and not broken', () => {
    expect(readJsonLd('<p>hello', 'JobPosting')).toEqual({ items: [], broken: 0 })
  })
})

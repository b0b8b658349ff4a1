import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clean, code, codeBlock, link, mrkdwn, plain, webAddress } from '../../../src/notifiers/slack/escape.ts'

/** Text as the public writes it at its worst. */
const hostile = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('<!channel>', '<@U1>', '<https://evil.example|ok>', '&amp;', '&', '```', '`', '\u202e', '\u200b', '\u{e0041}', '\ud800', '👩‍💻', 'שלום', '\n', '\0'),
  ),
  { maxLength: 30 },
).map((parts) => parts.join(''))

describe('text of the public in mrkdwn', () => {
  test('a mention of the whole channel becomes harmless text', () => {
    expect(mrkdwn('<!channel> <@U123> <#C1>', 100)).toBe('&lt;!channel&gt; &lt;@U123&gt; &lt;#C1&gt;')
  })

  test('a fake link becomes harmless text', () => {
    expect(mrkdwn('<https://evil.example|Acme login>', 100)).toBe('&lt;https://evil.example|Acme login&gt;')
  })

  test('an ampersand is escaped first and once', () => {
    expect(mrkdwn('&lt; a && b', 100)).toBe('&amp;lt; a &amp;&amp; b')
  })

  test('backticks cannot end the code they stand in', () => {
    expect(code('a`b', 100)).toBe('`aˋb`')
    expect(codeBlock(['```\n<!here>'], 100)).toBe('```ˋˋˋ &lt;!here&gt;```')
  })

  test('a character that turns the writing direction is shown, not obeyed', () => {
    expect(clean('acme\u202egpj.exe')).toBe('acme[U+202E]gpj.exe')
  })

  test.each([['zero-width space', '\u200b', '[U+200B]'], ['soft hyphen', '\u00ad', '[U+00AD]'], ['byte order mark', '\ufeff', '[U+FEFF]'], ['tag letter', '\u{e0041}', '[U+E0041]'], ['isolate', '\u2066', '[U+2066]']])(
    'an invisible character (%s) is shown',
    (_, character, shown) => {
      expect(plain(`a${character}b`, 100)).toBe(`a${shown}b`)
    },
  )

  test('line ends and control characters become one space', () => {
    expect(clean('a\r\n\u0000\u2028b\tc\u001b[31m')).toBe('a b c [31m')
  })

  test('half a surrogate pair becomes a replacement character', () => {
    expect(clean('a\ud800b')).toBe('a\ufffdb')
  })

  test('an emoji stays as it is', () => {
    expect(clean('❤️ 🎉')).toBe('❤️ 🎉')
  })

  test('text that fits is not cut', () => {
    expect(plain('12345', 5)).toBe('12345')
  })

  test('text that does not fit is cut with a sign', () => {
    expect(plain('123456', 5)).toBe('1234…')
  })

  test('an entity is kept whole or left out', () => {
    expect(mrkdwn('ab<<', 7)).toBe('ab&lt;…')
    expect(mrkdwn('ab<<', 6)).toBe('ab…')
    expect(mrkdwn('ab<<', 10)).toBe('ab&lt;&lt;')
  })

  test('a pair of surrogates is kept whole or left out', () => {
    expect(plain('ab🎉cd', 4)).toBe('ab…')
    expect(plain('ab🎉cd', 5)).toBe('ab🎉…')
  })

  test('nothing is never an empty text, which Slack refuses', () => {
    expect([plain('', 10), mrkdwn('\u0000', 10), code(' ', 10)]).toEqual(['-', '-', '`-`'])
  })

  test('whatever the text, no control sequence is left, nothing invisible, and the limit holds', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 2, max: 300 }), (text, max) => {
        const escaped = mrkdwn(text, max)
        expect(escaped.length).toBeLessThanOrEqual(max)
        expect(escaped.length).toBeGreaterThan(0)
        expect(escaped).not.toMatch(/[<>`]|&(?!amp;|lt;|gt;)/)
        expect(escaped).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u200b-\u200f\u2060-\u2064\u00ad\ufeff\u{e0000}-\u{e007f}]/u)
        expect(escaped.isWellFormed()).toBe(true)
        expect(code(text, max + 2)).toMatch(/^`[^`]+`$/)
      }),
      { seed: 20261123, numRuns: 2_000 },
    )
  })

  test('a text of a hundred million characters is cut before it is looked at', () => {
    expect(mrkdwn('<'.repeat(100_000_000), 100).length).toBeLessThanOrEqual(100)
  })
})

describe('links', () => {
  test('an address becomes a link with a label of ours', () => {
    expect(link('https://github.com/a/b?x=1&y=2#L3', 'open', 200)).toBe('<https://github.com/a/b?x=1&amp;y=2#L3|open>')
  })

  test('what would end the link early is percent-encoded', () => {
    expect(link('https://x.example/a|b>c<d`e', 'open', 200)).toBe('<https://x.example/a%7Cb%3Ec%3Cd%60e|open>')
    expect(webAddress('https://x.example/#a|<!channel>')).toBe('https://x.example/#a%7C%3C!channel%3E')
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'slack://channel?id=1', 'file:///etc/passwd', 'not a url', '', '//x.example/a'])('%j is no link', (url) => {
    expect(link(url, 'open', 200)).toBeNull()
  })

  test('credentials in the address are dropped', () => {
    expect(webAddress('https://bob:hunter2@x.example/a')).toBe('https://x.example/a')
  })

  test('a host in look-alike letters is shown by its real name', () => {
    expect(webAddress('https://аcme.example/')).toBe('https://xn--cme-5cd.example/')
  })

  test('a link that is longer than allowed is left out, not cut', () => {
    expect(link(`https://x.example/${'a'.repeat(300)}`, 'open', 200)).toBeNull()
  })
})

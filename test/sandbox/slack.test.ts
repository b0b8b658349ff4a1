import { describe, expect, test } from 'vitest'
import type { FaultName } from '../../src/sandbox/faults.ts'
import { findUnescaped, readPieces } from '../../src/sandbox/slack/read-mrkdwn.ts'
import { renderMrkdwn } from '../../src/sandbox/slack/render-page.ts'
import { slackWords } from '../../src/sandbox/slack/words.ts'
import { fixedClock } from '../support/clock.ts'
import { commit, openSandbox, useSandbox, useShelf } from './open-sandbox.ts'
import type { Sandbox } from '../../src/sandbox/start.ts'

const shelf = useShelf({ 'ann/app': [commit({ 'a.txt': 'a\n' })] })
const world = useSandbox(shelf, () => ({ slack: { burst: 1_000 } }))

function post(sandbox: Sandbox, body: unknown, options: { url?: string; signal?: AbortSignal } = {}): Promise<Response> {
  return fetch(options.url ?? sandbox.slack.webhookUrl, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body), redirect: 'manual',
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
}
const answer = async (body: unknown) => {
  const response = await post(world.sandbox, body)
  return `${response.status} ${await response.text()}`
}
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } })
const count = <Item>(length: number, item: (n: number) => Item) => Array.from({ length }, (_, n) => item(n))

describe('an incoming webhook', () => {
  test('answers ok as text and keeps the message', async () => {
    const clock = fixedClock('2026-03-01T09:00:00Z')
    await using sandbox = await openSandbox(shelf, { now: clock.now, slack: { channel: 'leaks' } })
    const response = await post(sandbox, { text: 'leak', blocks: [section('*name* in <https://example.org/a?b=1&amp;c=2|the file>')], unfurl_links: false })
    expect([response.status, await response.text()]).toEqual([200, 'ok'])
    expect(sandbox.slack.messages()).toEqual([{
      at: clock.now(), ts: '1772355600.000001', channel: 'leaks', text: 'leak', blocks: [section('*name* in <https://example.org/a?b=1&amp;c=2|the file>')],
      pings: [], links: ['https://example.org/a?b=1&c=2'], warnings: [], settings: { unfurl_links: false },
    }])
  })

  test('takes the payload of a form as well', async () => {
    await using sandbox = await openSandbox(shelf)
    const response = await fetch(sandbox.slack.webhookUrl, { method: 'POST', body: new URLSearchParams({ payload: '{"text":"form"}' }) })
    expect([await response.text(), sandbox.slack.messages().map(({ text }) => text)]).toEqual(['ok', ['form']])
  })

  test('notes whom a message pings and what is not escaped', async () => {
    await using sandbox = await openSandbox(shelf)
    await post(sandbox, { text: 'see <!channel> & <@U012>', blocks: [section('a < b'), { type: 'section', text: { type: 'plain_text', text: '<!here> & so on' } }] })
    expect(sandbox.slack.messages()).toMatchObject([{ pings: ['!channel', '@U012'], warnings: ['an & that is not escaped', 'a < or > that is not escaped'] }])
  })

  test('another address is no service', async () => {
    const response = await post(world.sandbox, { text: 'x' }, { url: `${world.sandbox.url}/services/T1/B1/wrong` })
    expect([response.status, await response.text()]).toEqual([404, 'no_service'])
  })
})

describe('what Slack refuses', () => {
  test.each([
    ['no JSON', '{', '400 invalid_payload'],
    ['no object', '[]', '400 invalid_payload'],
    ['a text that is none', { text: 5 }, '400 invalid_payload'],
    ['nothing to say', {}, '400 no_text'],
    ['an empty text', { text: '' }, '400 no_text'],
    ['more than 100 attachments', { text: 'x', attachments: count(101, () => ({})) }, '400 too_many_attachments'],
    ['blocks that are no list', { blocks: 'x' }, '400 invalid_blocks_format'],
    ['no block in the list', { blocks: [] }, '400 invalid_blocks'],
    ['51 blocks', { blocks: count(51, () => ({ type: 'divider' })) }, '400 invalid_blocks'],
    ['an unknown block', { blocks: [{ type: 'poem' }] }, '400 invalid_blocks'],
    ['an unknown field', { blocks: [{ type: 'divider', colour: 'red' }] }, '400 invalid_blocks'],
    ['a section of 3,001 characters', { blocks: [section('x'.repeat(3_001))] }, '400 invalid_blocks'],
    ['a section without characters', { blocks: [section('')] }, '400 invalid_blocks'],
    ['a section without anything', { blocks: [{ type: 'section' }] }, '400 invalid_blocks'],
    ['11 fields', { blocks: [{ type: 'section', fields: count(11, () => ({ type: 'mrkdwn', text: 'x' })) }] }, '400 invalid_blocks'],
    ['a field of 2,001 characters', { blocks: [{ type: 'section', fields: [{ type: 'mrkdwn', text: 'x'.repeat(2_001) }] }] }, '400 invalid_blocks'],
    ['a header of 151 characters', { blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] }, '400 invalid_blocks'],
    ['a header in mrkdwn', { blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] }, '400 invalid_blocks'],
    ['11 context elements', { blocks: [{ type: 'context', elements: count(11, () => ({ type: 'mrkdwn', text: 'x' })) }] }, '400 invalid_blocks'],
    ['26 buttons', { blocks: [{ type: 'actions', elements: count(26, () => ({ type: 'button', text: { type: 'plain_text', text: 'x' } })) }] }, '400 invalid_blocks'],
    ['a button of 76 characters', { blocks: [{ type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'x'.repeat(76) } }] }] }, '400 invalid_blocks'],
    ['a button to somewhere odd', { blocks: [{ type: 'actions', elements: [{ type: 'button', url: 'javascript:1', text: { type: 'plain_text', text: 'x' } }] }] }, '400 invalid_blocks'],
    ['two blocks of one name', { blocks: [{ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'a' }] }, '400 invalid_blocks'],
    ['more than 13,200 characters in legal blocks', { blocks: count(5, () => section('x'.repeat(2_900))) }, '400 msg_blocks_too_long'],
  ])('%s', async (_what, body, expected) => {
    const before = world.sandbox.slack.messages().length
    expect(await answer(body)).toBe(expected)
    expect(world.sandbox.slack.messages()).toHaveLength(before)
    expect(world.sandbox.slack.refusals().at(-1)).toMatchObject({ word: expected.slice(4), why: [expect.any(String)] })
  })

  test.each([
    ['50 blocks', { blocks: count(50, () => ({ type: 'divider' })) }],
    ['a section of 3,000 characters, four bytes each', { blocks: [section('😀'.repeat(3_000))] }],
    ['a text that is too long, which is cut', { text: 'x'.repeat(50_000) }],
    ['everything a message may have', { text: 't', blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'h', emoji: false } }, { type: 'section', text: { type: 'mrkdwn', text: 's', verbatim: true }, fields: [{ type: 'plain_text', text: 'f' }], accessory: { type: 'button', text: { type: 'plain_text', text: 'b' }, action_id: 'a', value: 'v' } },
      { type: 'context', elements: [{ type: 'image', image_url: 'https://example.org/i.png', alt_text: 'i' }] }, { type: 'actions', elements: [{ type: 'button', style: 'danger', url: 'https://example.org', text: { type: 'plain_text', text: 'b' } }] },
    ] }],
  ])('but not %s', async (_what, body) => {
    expect(await answer(body)).toBe('200 ok')
  })

  test.each(Object.entries(slackWords))('the word %s comes with %i when it is switched on', async (word, status) => {
    // The keys of the table are its words.
    world.sandbox.setFaults({ [`slack:${word}` as FaultName]: true })
    expect(await answer({ text: 'x' })).toBe(`${status} ${word}`)
  })
})

describe('the pace of a channel', () => {
  test('is one message a second after a small burst; who does not wait is noted', async () => {
    const clock = fixedClock('2026-03-01T09:00:00Z')
    await using sandbox = await openSandbox(shelf, { now: clock.now, slack: { burst: 2 } })
    const statuses: number[] = []
    for (let n = 0; n < 2; n += 1) statuses.push((await post(sandbox, { text: `${n}` })).status)
    const refused = await post(sandbox, { text: 'third' })
    expect([...statuses, refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([200, 200, 429, '1', 'rate_limited'])
    await post(sandbox, { text: 'third' })
    clock.advance(1_000)
    expect((await post(sandbox, { text: 'third' })).status).toBe(200)
    expect(sandbox.requests().map(({ sentWhileExhausted }) => sentWhileExhausted)).toEqual([false, false, false, true, false])
    expect(sandbox.slack.messages().map(({ text }) => text)).toEqual(['0', '1', 'third'])
  })

  test('can be slower for a while', async () => {
    world.sandbox.setFaults({ slackRateLimit: { calls: [1], amount: 30 } })
    expect((await post(world.sandbox, { text: 'x' })).headers.get('retry-after')).toBe('30')
  })
})

describe('when the answer is lost', () => {
  const kept = () => world.sandbox.slack.messages().filter(({ text }) => text === 'lost').length

  test.each([
    ['slackHang', 0, 'timeout'], ['slackAcceptsThenHangs', 1, 'timeout'], ['slackAcceptsThenCloses', 1, 'fetch failed'], ['connectionDropped', 0, 'fetch failed'],
  ] as const)('%s: the message was taken %i times', async (fault, times, error) => {
    const before = kept()
    world.sandbox.setFaults({ [fault]: true })
    await expect(post(world.sandbox, { text: 'lost' }, { signal: AbortSignal.timeout(100) })).rejects.toThrow(error)
    expect(kept() - before).toBe(times)
  })

  test.each([['serverError', 500], ['badGatewayHtml', 502], ['slackRedirects', 302]] as const)('%s: nothing was taken', async (fault, status) => {
    const before = kept()
    world.sandbox.setFaults({ [fault]: true })
    expect((await post(world.sandbox, { text: 'lost' })).status).toBe(status)
    expect(kept()).toBe(before)
  })
})

describe('the channel as a page', () => {
  test('shows what arrived, newest first, and loads nothing', async () => {
    await using sandbox = await openSandbox(shelf)
    expect(await (await fetch(sandbox.slack.pageUrl)).text()).toContain('Nothing has arrived yet.')
    await post(sandbox, { text: 'first message' })
    await post(sandbox, { text: 'fallback', blocks: [section('second <https://example.org|link>'), { type: 'actions', elements: [{ type: 'button', url: 'https://example.org/"x', text: { type: 'plain_text', text: 'Open <it>' } }] }] })
    const response = await fetch(sandbox.slack.pageUrl)
    const html = await response.text()
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(html.indexOf('second')).toBeLessThan(html.indexOf('first message'))
    expect(html).toContain('<a class="button" href="https://example.org/&quot;x" rel="noreferrer noopener" target="_blank">Open &lt;it&gt;</a>')
    const json: unknown = await (await fetch(`${sandbox.url}/slack/messages.json`)).json()
    expect(json).toMatchObject([{ text: 'first message' }, { text: 'fallback' }])
  })

  test.each([
    ['*bold* _it_ ~no~', '<strong>bold</strong> <em>it</em> <del>no</del>'],
    ['a `<b>` &amp; `c', 'a <code>&lt;b&gt;</code> &amp; `c'],
    ['```\nx < y\n```', '<pre>x &lt; y\n</pre>'],
    ['&gt; quoted', '<blockquote>quoted</blockquote>'],
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['<javascript:alert(1)|x>', '&lt;javascript:alert(1)|x&gt;'],
    ['<https://a.b/"onmouseover="x|l>', '<a href="https://a.b/&quot;onmouseover=&quot;x" rel="noreferrer noopener" target="_blank">l</a>'],
    ['<!channel>', '<span class="ping">!channel</span>'],
    ['&amp;lt;b&amp;gt;', '&amp;lt;b&amp;gt;'],
  ])('%s', (mrkdwn, html) => {
    expect(renderMrkdwn(mrkdwn)).toBe(html)
  })

  test('reads hostile text in linear time', () => {
    const started = performance.now()
    for (const unit of ['<', '*', '`', '<https://', '&', '_a', '> ']) {
      const text = unit.repeat(100_000)
      expect([readPieces(text).length > 0, renderMrkdwn(text).length > 0, findUnescaped(text).length >= 0]).toEqual([true, true, true])
    }
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

import { readFile } from 'node:fs/promises'
import { eq } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { identifiers, suppressions } from '../../src/db/schema/index.ts'
import { acknowledge } from '../../src/findings/acknowledge.ts'
import { resolve } from '../../src/findings/resolve.ts'
import { axePath, chromiumPath } from '../support/browser.ts'
import { startIdentityProvider, type IdentityProvider } from '../support/identity-provider.ts'
import { leak } from '../support/leaks.ts'
import { openTestPage, password, personName, type TestPage, type Window } from '../support/page.ts'

// Each is a walk of many steps; beside a busy neighbour they take their time.
vi.setConfig({ testTimeout: 60_000 })

let here: TestPage
let provider: IdentityProvider
beforeAll(async () => {
  if (chromiumPath === null) return
  provider = await startIdentityProvider(() => new Date())
  here = await openTestPage({ web: `oidc: { issuer: "${provider.issuer}", clientId: ${provider.client.id}, clientSecret: ${provider.client.secret}, allow: [acme-corp.com] }` })
}, 120_000)
afterAll(async () => {
  await here?.[Symbol.asyncDispose]()
  await provider?.[Symbol.asyncDispose]()
})

afterEach(async () => {
  await here?.closeWindows()
})

/** Nothing went wrong that nobody asked for. */
function expectGood({ outside, errors, dialogs }: Window): void {
  expect({ outside, errors, dialogs }).toEqual({ outside: [], errors: [], dialogs: [] })
}
/** A machine under load takes its time. */
// oxlint-disable-next-line vitest/require-awaited-expect-poll -- whoever calls it awaits
const eventually = <T>(ask: () => T | Promise<T>) => expect.poll(ask, { timeout: 8_000, interval: 60 })
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 1 })
const row = (page: Page, name: string) => page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) })
const told = (page: Page, text: string | RegExp) => page.locator('.toast').filter({ hasText: text })
const stateOf = async (id: string) => {
  const [found] = await here.app.database.sql<{ state: string; dismissed_reason: string | null; assignee: bigint | null }[]>`select state, dismissed_reason, assignee from findings where id = ${id}`
  return found
}
const verbsOf = async (id: string) => (await here.app.database.sql<{ verb: string }[]>`select verb from events where finding_id = ${id} order by id`).map(({ verb }) => verb)
/** Pressed one after the other, as a person does. */
async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

describe.skipIf(chromiumPath === null)('the page in a browser', () => {
  describe('at the door', () => {
    test('whoever comes without a session signs in and is where they wanted to be', async () => {
      const window = await here.open('/findings?state=all&q=ledger', { as: null, expected: /401/ })
      const { page } = window
      await page.getByLabel('E-mail').fill('analyst@acme-corp.com')
      await page.getByLabel('Password').fill('not the one')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
      expect(await page.getByLabel('Password').inputValue()).toBe('')
      await page.getByLabel('Password').fill(password)
      await page.keyboard.press('Enter')
      await heading(page, 'Inbox').waitFor()
      expect(new URL(page.url()).search).toBe('?state=all&q=ledger')
      expectGood(window)
    })

    test('the login leads to no other site', async () => {
      const window = await here.open('/login?to=//evil.example/x', { as: null })
      await window.page.getByLabel('E-mail').fill('analyst@acme-corp.com')
      await window.page.getByLabel('Password').fill(password)
      await window.page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await heading(window.page, 'Inbox').waitFor()
      expect(new URL(window.page.url()).pathname).toBe('/findings')
      expectGood(window)
    })

    test('a session that ends on the way leads to the login and back', async () => {
      const id = await leak(here.app, { name: 'acme-ended' })
      const window = await here.open(`/findings/${id}`, { as: 'administrator', expected: /401/ })
      const { page } = window
      await heading(page, 'acme-ended').waitFor()
      await here.endSessions('administrator')
      await press(page, 'a')
      await page.getByText('Your session has ended').waitFor()
      expect(await page.getByText('acme-ended').count()).toBe(0)
      await page.getByLabel('E-mail').fill('administrator@acme-corp.com')
      await page.getByLabel('Password').fill(password)
      await page.keyboard.press('Enter')
      await heading(page, 'acme-ended').waitFor()
      expect((await stateOf(id))?.state).toBe('open')
      expectGood(window)
    })

    test('the identity provider lets in whom we know, to where they wanted to be, and tells the others why not', async () => {
      const window = await here.open('/findings?state=all&q=ledger', { as: null, expected: /401/ })
      const { page } = window
      const signIn = page.getByRole('link', { name: 'Sign in with your company account' })
      provider.person = { sub: 'stranger', email: 'mallory@elsewhere.example', email_verified: true }
      await signIn.click()
      await page.getByRole('alert').getByText('namesake does not').waitFor()
      provider.trick = 'refuse'
      await signIn.click()
      await page.getByRole('alert').getByText('did not let you in').waitFor()
      provider.trick = 'none'
      await page.goto(`${here.url}/findings?state=all&q=ledger`)
      provider.person = { sub: 'viewer-1', email: 'viewer@acme-corp.com', email_verified: true }
      await signIn.click()
      await heading(page, 'Inbox').waitFor()
      expect(new URL(page.url()).search).toBe('?state=all&q=ledger')
      await page.getByRole('button', { name: `Signed in as ${personName.viewer}` }).waitFor()
      expect([...new Set(window.outside.map((address) => new URL(address).origin))]).toEqual([provider.issuer])
      expectGood({ ...window, outside: [] })
    })

    test('signing out ends the session and forgets what was shown', async () => {
      const window = await here.open('/findings', { as: 'viewer', expected: /401/ })
      const { page } = window
      await page.getByRole('button', { name: /Signed in as/ }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await heading(page, 'Sign in').waitFor()
      await page.goto(`${here.url}/findings`)
      await heading(page, 'Sign in').waitFor()
      expect(await page.getByText('Inbox').count()).toBe(0)
      expectGood(window)
    })
  })

  describe('the triage of a finding', () => {
    test('by mouse: from the inbox through every part of it to dismissed, taken back, resolved', async () => {
      const id = await leak(here.app, {
        name: 'acme-by-mouse', claim: { registry: 'npm', state: 'unclaimed', claimable: 'yes' },
        places: [{ content: 'mouse' }, { content: 'mouse', repository: 'someone/fork' }, { content: 'mouse', repository: 'other/fork' }, { path: 'docs/README.md', role: 'prose', snippet: 'ask for acme-by-mouse' }],
      })
      const window = await here.open('/findings?q=acme-by-mouse')
      const { page } = window
      await row(page, 'acme-by-mouse').getByRole('button', { name: /^Critical/ }).hover()
      await page.locator('.tip').getByText('declared as a dependency').waitFor()
      await row(page, 'acme-by-mouse').getByRole('link').click()
      await heading(page, 'acme-by-mouse').waitFor()
      // Where: copies are folded, and come when asked for.
      await page.getByRole('button', { name: /2 copies/ }).click()
      await page.locator('.copies').getByText('someone/fork').first().waitFor()
      expect(await page.locator('mark').first().textContent()).toBe('acme-by-mouse')
      expect(await page.locator('.place a').first().getAttribute('rel')).toBe('noreferrer noopener')
      await page.getByText('anybody can take it').waitFor()
      // What to paste is what is copied.
      await page.getByRole('button', { name: 'Copy', exact: true }).click()
      await page.getByText('Copied').waitFor()
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await page.locator('pre.fix').innerText())
      await page.getByRole('button', { name: 'Acknowledge' }).click()
      await told(page, 'Acknowledged').waitFor()
      await page.getByPlaceholder('Write a comment').fill('asked the owner')
      await page.getByRole('button', { name: 'Comment', exact: true }).click()
      await page.locator('.timeline').getByText('asked the owner').waitFor()
      await page.getByRole('button', { name: 'Assign…' }).click()
      await page.getByLabel('Who looks after it').selectOption({ label: personName.administrator })
      await page.getByRole('button', { name: 'Assign', exact: true }).click()
      await page.getByLabel('About this finding').getByText(personName.administrator).waitFor()
      await page.getByRole('button', { name: 'Dismiss…' }).click()
      await page.getByRole('button', { name: 'Dismiss', exact: true }).click()
      await page.getByRole('alert').getByText('Choose a reason').waitFor()
      await page.getByLabel('Test data').check()
      await page.getByRole('button', { name: '90 days' }).click()
      await page.getByRole('button', { name: 'Dismiss', exact: true }).click()
      await page.locator('.dialog').waitFor({ state: 'detached' })
      await told(page, 'Dismissed').getByRole('button', { name: 'Undo' }).click()
      await eventually(async () => (await stateOf(id))?.state).toBe('acknowledged')
      await page.getByRole('button', { name: 'Resolve…' }).click()
      await page.getByRole('textbox', { name: 'Comment' }).last().fill('taken down')
      await page.getByRole('button', { name: 'Resolve', exact: true }).click()
      await page.locator('.timeline').getByText('taken down').waitFor()
      expect(await stateOf(id)).toMatchObject({ state: 'resolved', assignee: here.ids.administrator })
      expect(await verbsOf(id)).toEqual(expect.arrayContaining(['found', 'acknowledged', 'commented', 'assigned', 'dismissed', 'reopened', 'resolved']))
      await page.getByRole('link', { name: 'Inbox', exact: true }).first().click()
      await heading(page, 'Inbox').waitFor()
      expectGood(window)
    })

    test('by keyboard alone: search, go, select a range, do, take back, open, next, comment, dismiss', async () => {
      const ids: string[] = []
      for (const end of ['a', 'b', 'c', 'd']) ids.push(await leak(here.app, { name: `acme-key-${end}`, now: new Date(Date.UTC(2026, 9, 20 - ids.length)) }))
      const window = await here.open('/findings')
      const { page } = window
      await heading(page, 'Inbox').waitFor()
      await press(page, '/')
      await page.keyboard.type('acme-key')
      await page.waitForURL(/q=acme-key/)
      await eventually(() => page.locator('.finding-row').count()).toBe(4)
      // Keys rest while somebody types: nothing was acknowledged by the "a" of the search.
      expect(await Promise.all(ids.map(async (id) => (await stateOf(id))?.state))).toEqual(['open', 'open', 'open', 'open'])
      await press(page, 'Escape', 'j', 'x', 'j', 'j', 'X')
      await page.getByText('3 selected').waitFor()
      await press(page, 'a')
      await told(page, 'Acknowledged: 3 findings').waitFor()
      await eventually(async () => Promise.all(ids.map(async (id) => (await stateOf(id))?.state))).toEqual(['acknowledged', 'acknowledged', 'acknowledged', 'open'])
      await press(page, 'u')
      await eventually(async () => Promise.all(ids.map(async (id) => (await stateOf(id))?.state))).toEqual(['open', 'open', 'open', 'open'])
      await press(page, 'k', 'Enter')
      await heading(page, 'acme-key-b').waitFor()
      await press(page, 'j')
      await heading(page, 'acme-key-c').waitFor()
      await press(page, 'c')
      await page.locator('.dialog').waitFor()
      await eventually(() => page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA')
      await page.keyboard.type('a word on it')
      await press(page, 'Control+Enter')
      await page.locator('.timeline').getByText('a word on it').waitFor()
      await press(page, 'd')
      await page.locator('.dialog').waitFor()
      await eventually(() => page.evaluate('document.activeElement.type')).toBe('radio')
      await press(page, 'Space', 'Enter')
      await told(page, 'Dismissed').waitFor()
      await eventually(async () => stateOf(ids[2] ?? '')).toMatchObject({ state: 'dismissed', dismissed_reason: 'not-ours' })
      await press(page, 'Escape')
      await heading(page, 'Inbox').waitFor()
      expect(new URL(page.url()).search).toBe('?q=acme-key')
      await eventually(() => page.evaluate('document.activeElement.id')).toBe(`finding-${ids[2]}`)
      await press(page, '?')
      await page.getByRole('dialog', { name: 'Keys' }).waitFor()
      await press(page, 'Escape')
      await page.locator('.dialog').waitFor({ state: 'detached' })
      await press(page, 'g', 's')
      await heading(page, 'Sources').waitFor()
      expectGood(window)
    })

    test('copies of a place are kept quiet for a while, with a reason, and the rest of the finding is not', async () => {
      const id = await leak(here.app, { name: 'acme-copied', places: [{ content: 'same' }, { content: 'same', repository: 'someone/fork' }, { path: 'docs/guide.md', role: 'prose', snippet: 'ask for acme-copied' }] })
      const window = await here.open(`/findings/${id}`)
      const { page } = window
      await heading(page, 'acme-copied').waitFor()
      const place = page.locator('.places > .place').first()
      await place.getByRole('button', { name: 'Suppress copies…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Suppress copies' })
      await dialog.getByRole('radio', { name: /The same file/ }).waitFor()
      await dialog.getByRole('button', { name: 'Suppress', exact: true }).click()
      // Without a reason nothing is sent, and the field says so.
      expect(await page.evaluate(`document.querySelector('.dialog textarea').matches(':invalid')`)).toBe(true)
      await dialog.getByLabel('Reason').fill('mirrors of one tutorial')
      // Nor one without an end in sight: whoever sees nothing must be asked again some day.
      await dialog.getByLabel('Until').fill('2099-01-31')
      await dialog.getByRole('button', { name: 'Suppress', exact: true }).click()
      expect(await page.evaluate(`document.querySelector('.dialog input[type=date]').validity.rangeOverflow`)).toBe(true)
      const until = new Date(here.app.now().getTime() + 30 * 86_400_000).toISOString().slice(0, 10)
      await dialog.getByLabel('Until').fill(until)
      await dialog.getByRole('button', { name: 'Suppress', exact: true }).click()
      await told(page, `Quiet until ${until}: 2 places`).waitFor()
      await place.getByText('mirrors of one tutorial').waitFor()
      expect(await place.getByRole('button', { name: 'Suppress copies…' }).count()).toBe(0)
      expect(await page.locator('.places > .place').nth(1).getByRole('button', { name: 'Suppress copies…' }).count()).toBe(1)
      await page.locator('.timeline').getByText('mirrors of one tutorial').waitFor()
      expect([(await stateOf(id))?.state, (await here.db.select().from(suppressions)).map(({ scope, reason }) => [scope, reason])]).toEqual(['open', [['content', 'mirrors of one tutorial']]])
      expectGood(window)
    })

    test('a name is marked public on purpose by keyboard, which the inventory shows, and reopening takes it back', async () => {
      const id = await leak(here.app, { name: 'acme-open-source' })
      const window = await here.open(`/findings/${id}`)
      const { page } = window
      await heading(page, 'acme-open-source').waitFor()
      await press(page, 'p')
      await page.getByRole('dialog', { name: 'Mark public on purpose' }).waitFor()
      await eventually(() => page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA')
      await page.keyboard.type('published in May')
      await press(page, 'Control+Enter')
      await told(page, /public/i).first().waitFor()
      await eventually(async () => stateOf(id)).toMatchObject({ state: 'dismissed', dismissed_reason: 'public-on-purpose' })
      const isPublic = async () => (await here.db.select().from(identifiers).where(eq(identifiers.name, 'acme-open-source')))[0]?.publicOnPurpose
      expect(await isPublic()).toBe(true)
      await page.getByRole('button', { name: 'Reopen' }).click()
      await eventually(async () => (await stateOf(id))?.state).toBe('open')
      expect(await isPublic()).toBe(false)
      expectGood(window)
    })

    test('of two persons who do different things to one finding the second is told what the first did', async () => {
      const id = await leak(here.app, { name: 'acme-race' })
      const window = await here.open('/findings?q=acme-race')
      const { page } = window
      await row(page, 'acme-race').waitFor()
      // The stream is cut, so that the page does not learn of it beforehand.
      await page.context().setOffline(true)
      await resolve(here.db, { findingId: BigInt(id), actor: { kind: 'user', name: personName.administrator }, comment: 'taken down', now: here.app.now() })
      await page.context().setOffline(false)
      await page.getByLabel('Select acme-race').check()
      await page.getByRole('button', { name: 'Dismiss…' }).click()
      await page.getByLabel('Not ours').check()
      await page.getByRole('button', { name: 'Dismiss', exact: true }).click()
      await told(page, 'Somebody was faster').getByText(personName.administrator).waitFor()
      await row(page, 'acme-race').getByText('Resolved').waitFor()
      expect(await stateOf(id)).toMatchObject({ state: 'resolved' })
      expect(window.dialogs).toEqual([])
    })

    test('a viewer sees everything and is offered nothing that would be refused', async () => {
      const id = await leak(here.app, { name: 'acme-viewed' })
      const window = await here.open(`/findings/${id}`, { as: 'viewer' })
      await heading(window.page, 'acme-viewed').waitFor()
      expect(await window.page.getByRole('button', { name: /Acknowledge|Dismiss|Resolve|Assign|Suppress/ }).count()).toBe(0)
      await press(window.page, 'a', 'd', 'r')
      expect(await window.page.locator('.dialog').count()).toBe(0)
      expectGood(window)
    })
  })

  describe('the list', () => {
    test('says what is new and waits to be asked; nothing moves under the hand', async () => {
      for (const end of ['1', '2']) await leak(here.app, { name: `acme-live-${end}` })
      const window = await here.open('/findings?q=acme-live')
      const { page } = window
      await eventually(() => page.locator('.finding-row').count()).toBe(2)
      await row(page, 'acme-live-1').getByRole('link').focus()
      const fresh = await leak(here.app, { name: 'acme-live-3', claim: { registry: 'npm', state: 'unclaimed', claimable: 'yes' } })
      await acknowledge(here.db, { findingId: BigInt(fresh) - 1n, actor: { kind: 'user', name: personName.administrator }, now: here.app.now() })
      await page.getByRole('button', { name: '1 new finding, show' }).waitFor()
      await row(page, 'acme-live-2').getByText('Acknowledged').waitFor()
      expect(await page.locator('.finding-row').count()).toBe(2)
      expect(await page.evaluate('document.activeElement.textContent')).toBe('acme-live-1')
      await page.getByRole('button', { name: '1 new finding, show' }).click()
      await row(page, 'acme-live-3').waitFor()
      expect(await row(page, 'acme-live-2').count()).toBe(0)
      expectGood(window)
    })

    test('has its filters in the address, with counts, and can be saved as a view', async () => {
      await leak(here.app, { name: 'acme-saved-x', team: 'payments' })
      await leak(here.app, { name: 'acme-saved-y', team: 'platform', ecosystem: 'pypi' })
      const window = await here.open('/findings?q=acme-saved')
      const { page } = window
      await eventually(() => page.locator('.finding-row').count()).toBe(2)
      await page.getByRole('button', { name: 'Team', exact: true }).click()
      await page.getByRole('menuitemcheckbox', { name: /payments\s*1/ }).click()
      await press(page, 'Escape')
      await eventually(() => page.locator('.finding-row').count()).toBe(1)
      expect(new URL(page.url()).searchParams.get('team')).toBe('payments')
      await page.getByRole('button', { name: 'Views' }).click()
      await page.getByRole('menuitem', { name: 'Save this view…' }).click()
      await page.getByLabel('Name', { exact: true }).fill('Payments only')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.locator('.dialog').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Clear filters' }).click()
      await page.getByRole('button', { name: 'Views' }).click()
      await page.getByRole('menuitem', { name: 'Payments only' }).click()
      await eventually(() => page.locator('.finding-row').count()).toBe(1)
      expect(new URL(page.url()).searchParams.get('q')).toBe('acme-saved')
      await page.goBack()
      await eventually(() => page.locator('.finding-row').count()).toBeGreaterThan(1)
      expectGood(window)
    })

    test('an empty list says why it is empty', async () => {
      const window = await here.open('/findings?q=there-is-no-such-name', { expected: /404/ })
      await window.page.getByRole('heading', { name: 'No finding matches these filters' }).waitFor()
      await window.page.getByRole('button', { name: 'Clear filters' }).last().click()
      await window.page.locator('.finding-row').first().waitFor()
      expect(new URL(window.page.url()).search).toBe('')
      expectGood(window)
    })

    test.each([
      ['there are no names to look for', { proven: 0, partly: 0, never: 0 }, 'There are no names to look for yet', 'Nothing was searched'],
      ['no sweep came to an end', { proven: 0, partly: 0, never: 12 }, 'Nothing has been looked at yet', 'means nothing until then'],
      ['a part was not looked at', { proven: 9, partly: 1, never: 2 }, 'No name of yours is known to be public', '2 were not looked at'],
      ['all of it is proven', { proven: 12, partly: 0, never: 0 }, 'No name of yours is known to be public', '12 of 12'],
    ])('an empty inbox is told apart: %s', async (_, coverage, title, text) => {
      const window = await here.open('/login', { as: 'analyst' })
      const { page } = window
      await page.route(/\/api\/findings\?/, (route) => route.fulfill({ json: { items: [], next: null } }))
      await page.route(/\/api\/findings\/counts/, (route) => route.fulfill({ json: { total: 0, by: {} } }))
      await page.route(/\/api\/inventory\/summary/, (route) => route.fulfill({ json: { lines: 12, patterns: 0, coverage, teams: [], inferred: 0, unplanned: [] } }))
      await page.goto(`${here.url}/findings`)
      await page.getByRole('heading', { name: title }).waitFor()
      await eventually(() => page.locator('.empty').innerText()).toContain(text)
      expect(await page.getByText(/No results/i).count()).toBe(0)
      expectGood(window)
    })

    test('when the server is away what is known stays, said to be old', async () => {
      await leak(here.app, { name: 'acme-away' })
      const window = await here.open('/findings?q=acme-away', { expected: /ERR_|Failed to load/ })
      const { page } = window
      await row(page, 'acme-away').waitFor()
      await page.route(/\/api\/findings\/triage/, (route) => route.abort())
      await page.getByLabel('Select acme-away').check()
      await page.getByRole('button', { name: 'Acknowledge', exact: true }).click()
      await told(page, 'Not done: The server did not answer').waitFor()
      // Shown at once, taken back when it did not happen.
      await eventually(() => row(page, 'acme-away').getByText('Acknowledged').count()).toBe(0)
      expect(await page.locator('.finding-row').count()).toBe(1)
      expectGood(window)
    })

    test('what the server refuses is a failure with a way out, never an empty list', async () => {
      const window = await here.open('/findings?severity=nonsense', { expected: /400|422/ })
      await window.page.getByText('The findings could not be loaded').waitFor()
      await window.page.getByText('This says nothing about whether there is anything to see.').waitFor()
      expect(await window.page.getByText(/No finding|Nothing open/).count()).toBe(0)
      expectGood(window)
    })
  })

  describe('hostile text', () => {
    const script = '<img src=x onerror=alert(1)><script>alert(2)</script>'
    const bidi = 'abc\u202Egnp.exe\u202C'
    test('is text in every field: nothing runs, nothing is asked for, what is hidden is shown', async () => {
      const id = await leak(here.app, {
        name: 'acme-hostile', team: `${script}${bidi}`,
        places: [
          { repository: `${script}/${bidi}`, path: `src/\u200B${script}`, author: `${bidi}${script}`, url: 'javascript:alert(3)', snippet: `${script} acme-hostile \u2066\u202E evil \u0000\u001B[31m`, details: { [`${bidi}`]: script } },
          { repository: 'شركة/مشروع', path: 'קובץ.json', url: 'https://user:secret@evil.example/', snippet: 'شركة acme-hostile مشروع' },
          { repository: 'long/line', snippet: `acme-hostile ${'A'.repeat(2_000_000)}`, url: 'data:text/html,<script>alert(4)</script>' },
          { repository: 'x/'.padEnd(3_000, 'y'), path: 'z'.repeat(3_000), url: 'https://evil.example/"onmouseover="alert(5)', licence: script },
        ],
        claim: { registry: 'npm', state: 'stranger', claimable: 'no', why: `taken by ${bidi}`, facts: { version: `9.9.9${script}`, publishers: [`${bidi}`, script], installTimeCode: `curl evil ${script}`, description: script } },
      })
      const window = await here.open('/findings?q=acme-hostile')
      const { page } = window
      await row(page, 'acme-hostile').waitFor()
      expect(await page.locator('.finding-row').innerHTML()).not.toMatch(/<img|<script/)
      await page.getByRole('link', { name: 'acme-hostile', exact: true }).click()
      await heading(page, 'acme-hostile').waitFor()
      await page.locator('.place').nth(3).waitFor()
      for (const summary of await page.locator('summary').all()) await summary.click()
      // The element in the snippet is text, and what nobody would see is a box with a name.
      expect(await page.locator('.place').first().innerText()).toContain('<script>alert(2)</script>')
      expect(await page.locator('main img, main script, main iframe, main object, main style').count()).toBe(0)
      expect(await page.locator('.unseen-character').allTextContents()).toEqual(expect.arrayContaining(['U+202E', 'U+202C', 'U+200B', 'U+2066', 'U+001B']))
      expect(await page.getByRole('img', { name: 'right-to-left override, U+202E' }).count()).toBeGreaterThan(0)
      const raw = await page.evaluate('document.body.innerText')
      expect(raw).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B\u0000\u001B]/)
      // Links lead to the web or are none.
      const links = await page.locator('main a').evaluateAll((nodes) => nodes.map((node) => [node.getAttribute('href'), node.getAttribute('rel'), node.getAttribute('target')]))
      expect(links.filter(([address]) => !/^(\/|https?:\/\/)/.test(address ?? '')).map(([address]) => address)).toEqual([])
      expect(links.filter(([address, rel]) => /^https?:/.test(address ?? '') && rel !== 'noreferrer noopener')).toEqual([])
      expect(links.filter(([address]) => (address ?? '').includes('secret')).length).toBe(0)
      // Nothing makes the page wider than the window, and a long line is cut.
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
      expect((await page.locator('main').innerText()).length).toBeLessThan(60_000)
      await page.getByPlaceholder('Write a comment').fill(`${script} ${bidi}`)
      await page.getByRole('button', { name: 'Comment', exact: true }).click()
      await page.locator('.timeline .comment').getByText('<script>').waitFor()
      expect(window.dialogs).toEqual([])
      expectGood(window)
      expect((await verbsOf(id)).at(-1)).toBe('commented')
    })
  })

  describe('for everybody', () => {
    let id: string
    beforeAll(async () => {
      if (chromiumPath === null) return
      id = await leak(here.app, { name: '@acme-corp/accessible', claim: { registry: 'npm', state: 'stranger', claimable: 'no', facts: { version: '99.9.9', publishers: ['x0rz'] } }, places: [{ content: 'axe' }, { content: 'axe', repository: 'a/b' }, { role: 'prose' }] })
      await acknowledge(here.db, { findingId: BigInt(await leak(here.app, { name: 'acme-axe-acknowledged', ecosystem: 'maven' })), actor: { kind: 'cli', name: 'ops' }, now: here.app.now() })
    })
    const screens: readonly (readonly [string, (id: string) => string, (page: Page) => Promise<void>])[] = [
      ['the login', () => '/login', (page) => heading(page, 'Sign in').waitFor()],
      ['the inbox', () => '/findings?state=all', (page) => page.locator('.finding-row').first().waitFor()],
      ['the inbox with many selected', () => '/findings?state=all', async (page) => {
        await page.getByLabel('Select all that are loaded').check()
        await page.getByText(/\d+ selected/).waitFor()
      }],
      ['a finding', (id) => `/findings/${id}`, (page) => page.locator('.timeline .event').first().waitFor()],
      ['a dialog', (id) => `/findings/${id}`, async (page) => {
        await page.getByRole('button', { name: 'Dismiss…' }).click()
        await page.locator('.dialog').waitFor()
      }],
    ]
    test.each(screens)('axe finds nothing serious: %s, light and dark', async (_, address, ready) => {
      const axe = await readFile(axePath, 'utf8')
      const { page } = await here.open(address(id), { as: address(id) === '/login' ? null : 'analyst' })
      await ready(page)
      // Through the debugger, as the policy of the page lets nothing in.
      await page.evaluate(axe)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const violations = await page.evaluate<{ id: string; impact: string; nodes: string[] }[]>(
          `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 200) + ' ' + node.failureSummary) })))`)
        expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical'), colorScheme).toEqual([])
      }
    })

    test.each([['/findings?state=all', '.finding-row'], ['finding', '.timeline .event'], ['/login', 'form']])('fits a phone: %s', async (address, ready) => {
      const window = await here.open(address === 'finding' ? `/findings/${id}` : address, { as: address === '/login' ? null : 'analyst', width: 375, height: 780 })
      await window.page.locator(ready).first().waitFor()
      expect(await window.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
      // https://www.w3.org/TR/WCAG22/#target-size-minimum; what stands in a sentence is exempt.
      const small = await window.page.locator('button:visible:not(.more-text, .why), a.screen-link:visible, a.button:visible').evaluateAll((nodes) => nodes.flatMap((node) => {
        const { width, height } = node.getBoundingClientRect()
        return width >= 24 && height >= 24 ? [] : [`${node.outerHTML.slice(0, 120)} ${width}x${height}`]
      }))
      expect(small).toEqual([])
      expectGood(window)
    })

    test('the first Tab skips the navigation; colours can be chosen and stay', async () => {
      const window = await here.open('/findings?state=all')
      const { page } = window
      await page.locator('.finding-row').first().waitFor()
      await press(page, 'Tab')
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
      await press(page, 'Enter')
      expect(await page.evaluate('document.activeElement.id')).toBe('main')
      await page.getByRole('button', { name: /^Colours/ }).click()
      await page.getByRole('menuitem', { name: 'Dark' }).click()
      const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
      await expect.poll(background).toBe('rgb(13, 16, 21)')
      await page.reload()
      await page.locator('.finding-row').first().waitFor()
      await expect.poll(background).toBe('rgb(13, 16, 21)')
      expectGood(window)
    })
  })
})

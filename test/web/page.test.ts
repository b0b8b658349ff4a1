import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath } from '../support/browser.ts'
import { openTestPage, password, type TestPage, type Window } from '../support/page.ts'

let here: TestPage
beforeAll(async () => {
  if (chromiumPath !== null) here = await openTestPage()
}, 60_000)
afterAll(async () => {
  await here?.[Symbol.asyncDispose]()
})

/** Nothing went wrong that nobody asked for. */
function expectGood({ outside, errors, dialogs }: Window): void {
  expect({ outside, errors, dialogs }).toEqual({ outside: [], errors: [], dialogs: [] })
}

describe.skipIf(chromiumPath === null)('the page in a browser', () => {
  describe('at the door', () => {
    test('whoever comes without a session signs in and is where they wanted to be', async () => {
      const window = await here.open('/findings?state=all&q=ledger', { as: null, expected: /401|501/ })
      const { page } = window
      await page.getByLabel('E-mail').fill('analyst@acme-corp.com')
      await page.getByLabel('Password').fill('not the one')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
      expect(await page.getByLabel('Password').inputValue()).toBe('')
      await page.getByLabel('Password').fill(password)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Inbox' }).waitFor()
      expect(new URL(page.url()).search).toBe('?state=all&q=ledger')
      expectGood(window)
    })

    test('the login leads to no other site', async () => {
      const window = await here.open('/login?to=//evil.example/x', { as: null, expected: /501/ })
      await window.page.getByLabel('E-mail').fill('analyst@acme-corp.com')
      await window.page.getByLabel('Password').fill(password)
      await window.page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await window.page.getByRole('heading', { name: 'Inbox' }).waitFor()
      expect(new URL(window.page.url()).pathname).toBe('/findings')
      expectGood(window)
    })

    test('signing out ends the session and forgets what was shown', async () => {
      const window = await here.open('/findings', { as: 'viewer', expected: /401|501/ })
      const { page } = window
      await page.getByRole('button', { name: /Signed in as/ }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      await page.goto(`${here.url}/findings`)
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      expect(await page.getByText('Inbox').count()).toBe(0)
      expectGood(window)
    })
  })
})

import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { eq } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { accounts, apiTokens, auditTrail, identifiers, runs } from '../../src/db/schema/index.ts'
import { axePath, chromiumPath } from '../support/browser.ts'
import { openTestPage, personName, type TestPage, type Window } from '../support/page.ts'
import { hostile, seedQuarter } from '../support/quarter.ts'

let here: TestPage
let axe: string
beforeAll(async () => {
  if (chromiumPath === null) return
  here = await openTestPage({ config: 'sources: { hackerNews: { schedule: "0 * * * *", apiUrl: "http://127.0.0.1:1/search" } }\nnotify: { slack: { webhookUrl: "http://127.0.0.1:1/hook" } }' })
  axe = await readFile(axePath, 'utf8')
  await seedQuarter(here.db, here.app.now())
}, 90_000)
afterAll(async () => {
  await here?.[Symbol.asyncDispose]()
})

function expectGood({ outside, errors, dialogs }: Window): void {
  expect({ outside, errors, dialogs }).toEqual({ outside: [], errors: [], dialogs: [] })
}
const named = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const said = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor()
/** Nothing is being loaded any more. */
const settled = async (page: Page): Promise<void> => {
  await page.getByRole('heading', { level: 1 }).waitFor()
  while ((await page.locator('.loading').count()) > 0) await page.locator('.loading').first().waitFor({ state: 'detached' })
}
const rowOf = async (name: string) => (await here.db.select().from(identifiers).where(eq(identifiers.name, name)))[0]
const verbs = async () => (await here.db.select().from(auditTrail)).map(({ verb }) => verb)

describe.skipIf(chromiumPath === null)('inventory', () => {
  test('a name is added, edited by its owner, found by its words, and retired', async () => {
    const window = await here.open('/inventory', { expected: /422/ })
    const { page } = window
    await named(page, 'Add a name').click()
    await page.getByLabel('Name', { exact: true }).fill('acme-*')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'a name has no star' }).waitFor()
    await page.getByLabel('Name', { exact: true }).fill('acme-gateway')
    await page.getByRole('dialog').getByLabel('Team').fill('edge')
    await page.getByRole('radio', { name: /Never/ }).check()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'acme-gateway' }).waitFor()
    expect(await rowOf('acme-gateway')).toMatchObject({ origin: 'page', team: 'edge', disclose: 'never' })

    await named(page, 'Edit').click()
    await page.getByRole('radio', { name: /Ask for the name/ }).check()
    await said(page, 'More will learn this name.')
    await named(page, 'Save').click()
    await page.getByRole('alert').filter({ hasText: 'confirm that more may learn' }).waitFor()
    await page.getByLabel('Yes, they may learn it').check()
    await named(page, 'Save').click()
    await said(page, 'The line was changed')
    expect(await rowOf('acme-gateway')).toMatchObject({ disclose: 'name' })

    await page.getByRole('link', { name: 'All lines' }).click()
    await page.getByLabel('Search names').fill('GATE')
    await page.waitForURL(/q=GATE/)
    await page.getByRole('link', { name: 'acme-gateway' }).click()
    await named(page, 'Retire').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Retire' }).click()
    await said(page, 'acme-gateway was retired')
    expect((await rowOf('acme-gateway'))?.retiredAt).not.toBeNull()
    expectGood(window)
  })

  test('a line of a file says where it is edited', async () => {
    const window = await here.open('/inventory?q=acme-ledger')
    await window.page.getByRole('link', { name: 'acme-ledger' }).click()
    await said(window.page, /Not edited here: it stands in inventory.csv:2/)
    expect(await named(window.page, 'Edit').count()).toBe(0)
    expectGood(window)
  })

  test('a list is compared, looked at, and imported as it was looked at', async () => {
    const window = await here.open('/inventory/import', { expected: /409|422/ })
    const { page } = window
    await page.getByRole('textbox', { name: 'Names' }).fill('name,ecosystem\nnot a name,npm\n')
    await named(page, 'Compare with the inventory').click()
    await said(page, '1 fault: nothing can be imported yet')
    await page.getByLabel('File with names').setInputFiles({ name: 'ours.csv', mimeType: 'text/csv', buffer: Buffer.from('name,ecosystem,team\nacme-edge,npm,edge\nacme-ledger,npm,other\n') })
    await named(page, 'Compare with the inventory').click()
    await said(page, '1 name added')
    await said(page, /Left as they are \(1\)/)
    // Somebody is faster.
    await here.db.insert(identifiers).values({ form: 'name', kind: 'package', ecosystem: 'npm', name: 'acme-edge', key: 'acme-edge', disclose: 'name', publicOnPurpose: false, near: [], origin: 'page', createdAt: here.app.now() })
    await named(page, 'Import as shown').click()
    await page.getByRole('alert').filter({ hasText: 'the inventory changed since this was shown' }).waitFor()
    await named(page, 'Compare again').click()
    await said(page, '1 changed')
    await named(page, 'Import as shown').click()
    await said(page, 'The list was imported')
    expect(await rowOf('acme-edge')).toMatchObject({ team: 'edge', origin: 'page' })
    expect(await verbs()).toContain('inventory-imported')
    expectGood(window)
  })

  test('an inferred name is accepted, another rejected with a reason; hostile ones stay text', async () => {
    const window = await here.open('/inventory/inferred')
    const { page } = window
    await named(page, 'Accept billing-core').click()
    await said(page, 'billing-core is in the inventory')
    await named(page, 'Reject… quota-service').click()
    await page.getByLabel('Why it is not ours').fill('a public name')
    await page.keyboard.press('Enter')
    await said(page, 'quota-service was rejected')
    expect(await rowOf('billing-core')).toMatchObject({ origin: 'accepted' })
    expect(await page.getByRole('img', { name: /U\+202E|override/i }).count()).toBeGreaterThan(0)
    expect(await page.locator('main img').count()).toBe(0)
    expectGood(window)
  })
})

describe.skipIf(chromiumPath === null)('sources', () => {
  test('a query is run now, and not a second time while it goes on', async () => {
    const window = await here.open('/sources', { expected: /409/ })
    const { page } = window
    await page.getByRole('link', { name: 'Hacker News' }).click()
    await named(page, /^Run now ?: "acme-0"/).click()
    await said(page, 'The query was started')
    await page.getByRole('row', { name: /acme-0"/ }).getByText('going on').waitFor()
    expect((await here.db.select().from(runs).where(eq(runs.trigger, 'person'))).map(({ outcome }) => outcome)).toEqual([null])
    await named(page, 'Run now').first().click()
    await said(page, 'a sweep of this source goes on: wait for its end')
    await page.getByLabel('Last outcome').selectOption('failed')
    await page.waitForURL(/state=failed/)
    await page.getByRole('button', { name: '"acme-5"', exact: true }).click()
    await page.getByRole('dialog').getByText('the other side refused us').waitFor()
    expectGood(window)
  })
})

describe.skipIf(chromiumPath === null)('exposure', () => {
  const rows = z.array(z.record(z.string(), z.string()))

  test('the file that is downloaded has the names and numbers of the screen', async () => {
    const window = await here.open('/exposure', { as: 'viewer' })
    const { page } = window
    await page.getByRole('heading', { name: /Names of the quarter/ }).waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()])
    expect(download.suggestedFilename()).toMatch(/^namesake-exposure-\d{4}-Q[1-4]\.csv$/)
    const file = rows.parse(parse(await readFile(await download.path(), 'utf8'), { columns: true }))
    const figure = Number(await page.locator('.figure strong').innerText())
    expect(file.filter((row) => row['exposedAtEnd'] === 'true')).toHaveLength(figure)
    expect(await page.getByRole('table', { name: /exposed or found/ }).getByRole('rowheader').count()).toBe(file.length)
    const plain = (await page.getByRole('table', { name: /exposed or found/ }).getByRole('rowheader').getByRole('link').allInnerTexts()).filter((name) => !name.includes('U+'))
    expect(plain.toSorted()).toEqual(file.map((row) => row['identifier'] ?? '').filter((name) => !name.includes(hostile)).toSorted())
    expectGood(window)
  })

  test('prints on paper of its own, with the table beside the chart', async () => {
    const window = await here.open('/exposure', { as: 'viewer' })
    await window.page.getByRole('heading', { name: /Names of the quarter/ }).waitFor()
    await window.page.emulateMedia({ media: 'print' })
    expect(await window.page.locator('.trend-table table').isVisible()).toBe(true)
    expect(await window.page.getByRole('navigation', { name: 'Screens' }).isVisible()).toBe(false)
    expect((await window.page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000)
    expectGood(window)
  })
})

describe.skipIf(chromiumPath === null)('settings', () => {
  test('a token is made, shown once, and revoked', async () => {
    const window = await here.open('/settings/tokens')
    const { page } = window
    await named(page, 'Make a token').click()
    await page.getByRole('textbox', { name: 'Name' }).fill('reports')
    await page.keyboard.press('Enter')
    const token = await page.locator('[data-secret]').innerText()
    expect(token).toMatch(/^nsk_/)
    const list = () => fetch(`${here.url}/api/inventory/summary`, { headers: { authorization: `Bearer ${token}` } })
    expect((await list()).status).toBe(200)
    await named(page, 'I have it').click()
    expect(await page.content()).not.toContain(token)
    await named(page, 'Revoke reports').click()
    await said(page, 'The token was revoked')
    expect((await list()).status).toBe(401)
    expect((await here.db.select().from(apiTokens))[0]?.revokedAt).not.toBeNull()
    expectGood(window)
  })

  test('a destination is muted with a reason, shown so, and heard again', async () => {
    const window = await here.open('/settings/destinations', { as: 'administrator' })
    const { page } = window
    await named(page, 'Mute…').click()
    await page.getByLabel('Why').fill('the pager is moved')
    await page.keyboard.press('Enter')
    await said(page, /Every destination is told nothing until/)
    expect(await verbs()).toContain('destination-muted')
    await named(page, 'End every mute').click()
    await said(page, 'The mute has ended')
    await named(page, /Send a test/).click()
    await said(page, /It was refused|Nobody can tell/)
    expectGood(window)
  })

  test('an administrator changes a role and invites somebody; the link is shown once', async () => {
    const window = await here.open('/settings/people', { as: 'administrator' })
    const { page } = window
    await page.getByLabel(`Role of ${personName.viewer}`).selectOption('analyst')
    await said(page, 'The role is analyst now')
    expect((await here.db.select().from(accounts).where(eq(accounts.id, here.ids.viewer)))[0]).toMatchObject({ role: 'analyst' })
    await page.getByLabel(`Role of ${personName.viewer}`).selectOption('viewer')
    await said(page, 'The role is viewer now')
    await named(page, 'Invite').click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Noor')
    await page.getByLabel('E-mail').fill('noor@acme-corp.com')
    await page.keyboard.press('Enter')
    expect(await page.locator('[data-secret]').innerText()).toContain(`${here.url}/welcome#`)
    await named(page, 'I have it').click()
    await page.getByRole('row', { name: /noor@acme-corp.com/ }).getByText('invited').waitFor()
    expectGood(window)
  })
})

const screens = ['/exposure', '/inventory', '/inventory/4', '/inventory/inferred', '/inventory/import', '/sources', '/sources/hacker-news', '/sources/queues', '/settings', '/settings/tokens', '/settings/people', '/settings/destinations', '/settings/audit']

describe.skipIf(chromiumPath === null)('every screen', () => {
  test('has no serious fault of accessibility, light and dark, and fits a phone', async () => {
    const results = z.object({ violations: z.array(z.object({ id: z.string(), impact: z.string().nullable(), nodes: z.array(z.object({ html: z.string() })) })) })
    const faults: string[] = []
    const window = await here.open('/exposure', { as: 'administrator', colours: 'dark', width: 375 })
    const { page } = window
    const look = async (address: string, options: string): Promise<void> => {
      const { violations } = results.parse(await page.evaluate(`axe.run(document, ${options})`))
      faults.push(...violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${address}: ${id} ${nodes[0]?.html ?? ''}`))
    }
    for (const address of screens) {
      await page.setViewportSize({ width: 375, height: 812 })
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.goto(`${here.url}${address}`)
      await settled(page)
      await page.evaluate(`(() => { ${axe} })()`)
      await look(address, '{ resultTypes: ["violations"] }')
      const over = z.number().parse(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'))
      if (over > 0) faults.push(`${address}: ${over} px too wide for a phone`)
      // The same elements: only colours and places are others.
      await page.setViewportSize({ width: 1280, height: 860 })
      await page.emulateMedia({ colorScheme: 'light' })
      await look(`${address} in light`, '{ resultTypes: ["violations"], runOnly: ["color-contrast", "target-size"] }')
    }
    expectGood(window)
    expect(faults).toEqual([])
  }, 60_000)

  test('is reached by Tab alone, all of it, and shows where one is', async () => {
    const window = await here.open('/exposure', { as: 'administrator' })
    const { page } = window
    const faults: string[] = []
    for (const address of screens) {
      await page.goto(`${here.url}${address}`)
      await settled(page)
      // What a mouse can press. Of a group that arrows walk through, one is a stop of the Tab key.
      const stops = z.number().parse(await page.evaluate(`(() => {
        const walk = window.walk = { wanted: new Set(), unseen: [] }
        for (const one of document.querySelectorAll(':is(a[href], button, input, select, textarea, summary):not(.unseen)')) {
          if (!one.disabled && one.checkVisibility({ visibilityProperty: true }) && one.closest('[role=radiogroup], [role=tablist], [role=toolbar]') === null && one.type !== 'radio') walk.wanted.add(one)
        }
        document.addEventListener('focusin', ({ target }) => {
          walk.wanted.delete(target)
          const { outlineStyle, boxShadow } = getComputedStyle(target)
          if (outlineStyle === 'none' && boxShadow === 'none') walk.unseen.push(target.outerHTML.slice(0, 120))
        })
        return walk.wanted.size
      })()`))
      expect(stops, address).toBeGreaterThan(5)
      for (let pressed = 0; pressed < stops + 40; pressed += 1) await page.keyboard.press('Tab')
      faults.push(...z.array(z.string()).parse(await page.evaluate(`[...[...walk.wanted].map((one) => 'not reached: ' + one.outerHTML.slice(0, 120)), ...walk.unseen.map((one) => 'not seen: ' + one)]`)).map((fault) => `${address} ${fault}`))
    }
    expect(faults).toEqual([])
    expectGood(window)
  }, 60_000)

  test('offers a viewer nothing that would be refused', async () => {
    const window = await here.open('/inventory', { as: 'viewer' })
    const { page } = window
    for (const address of ['/inventory', '/inventory/inferred', '/sources', '/sources/hacker-news']) {
      await page.goto(`${here.url}${address}`)
      await settled(page)
      expect(await page.getByRole('button', { name: /^(?:Add a name|Accept|Reject|Run now)/ }).count()).toBe(0)
    }
    await page.goto(`${here.url}/settings/people`)
    await said(page, 'It takes an administrator')
    await page.goto(`${here.url}/inventory/import`)
    await said(page, 'It takes an analyst')
    expectGood(window)
  })

  test('says when the server fails, and what that does not mean', async () => {
    const window = await here.open('/settings', { expected: /500|Failed to load/ })
    const { page } = window
    await page.route(/\/api\/inventory(?:\?|$)/, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', code: 'failed', title: 'It failed', status: 500 }) }))
    await page.getByRole('link', { name: 'Inventory' }).click()
    await page.getByRole('heading', { name: 'The inventory could not be loaded' }).waitFor({ timeout: 15_000 })
    expect(await page.getByText('This says nothing about whether there is anything to see.').count()).toBe(1)
    expectGood(window)
  })
})

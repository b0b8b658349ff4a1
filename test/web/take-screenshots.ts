import { spawn } from 'node:child_process'
import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openBrowser } from '../support/browser.ts'

/**
 * `npm run screenshots`: starts the demo as anybody would, goes in by the link of its first administrator, and pictures
 * the inbox and a finding for the README. `--all FOLDER`: every screen, wide and narrow, light and dark, to be looked at.
 */
const { values: { all } } = parseArgs({ options: { all: { type: 'string' } } })
const root = path.join(import.meta.dirname, '../..')
const mostBytes = 150_000

const demo = spawn(process.execPath, ['src/cli/namesake.ts', 'demo'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
try {
  const link = await readLink()
  const browser = await openBrowser()
  try {
    const wide = { viewport: { width: 1200, height: 750 }, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC' } as const
    const first = await browser.newContext(wide)
    const page = await first.newPage()
    await page.goto(link)
    await page.getByLabel('E-mail').fill('jonas@acme-corp.com')
    await page.getByLabel('Your name').fill('Jonas Weber')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
    await page.getByRole('button', { name: 'Set the password and sign in' }).click()
    await page.locator('.finding-row').first().waitFor()
    await mkdir(path.join(root, 'docs'), { recursive: true })
    await picture('docs/inbox.png', (file) => page.screenshot({ path: file }))
    // The one that shows most: a stranger has the name, and it is in several places.
    await page.getByRole('link', { name: 'acmecorp-ledger', exact: true }).click()
    await page.locator('.timeline .event').first().waitFor()
    const finding = new URL(page.url()).pathname
    // Above the line of the inventory, whose place is a temporary folder of this machine.
    await picture('docs/finding.png', (file) => page.screenshot({ path: file, clip: { x: 0, y: 0, width: 1200, height: 700 } }))
    if (all !== undefined) {
      await mkdir(all, { recursive: true })
      const state = await first.storageState()
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of [1280, 375]) {
          const context = await browser.newContext({ ...wide, storageState: state, colorScheme, viewport: { width, height: width === 375 ? 780 : 860 } })
          const window = await context.newPage()
          for (const address of ['/findings', finding, '/exposure', '/inventory', '/sources', '/settings', '/login']) {
            await window.goto(new URL(address, link).href)
            await window.waitForLoadState('load')
            await window.locator('h1').first().waitFor()
            await window.locator('.loading').first().waitFor({ state: 'detached' })
            await window.screenshot({ path: path.join(all, `${address.split('/').slice(1).join('-')}-${width}-${colorScheme}.png`), fullPage: address === finding })
          }
          await context.close()
        }
      }
    }
  } finally {
    await browser.close()
  }
} finally {
  demo.kill('SIGINT')
}

/** What the demo says last: where to go, and the link that opens the door once. */
async function readLink(): Promise<string> {
  let text = ''
  for await (const piece of demo.stdout) {
    text += String(piece)
    const found = /https?:\/\/\S+\/welcome#\S+/.exec(text)
    if (found !== null) {
      demo.stdout.resume()
      return found[0]
    }
  }
  throw new Error(`the demo ended without a link:\n${text}`)
}

async function picture(name: string, take: (file: string) => Promise<unknown>): Promise<void> {
  const file = path.join(root, name)
  await take(file)
  const { size } = await stat(file)
  console.log(`${name}: ${size} bytes`)
  if (size > mostBytes) throw new Error(`${name} is larger than ${mostBytes} bytes: everybody who clones it pays for that`)
}

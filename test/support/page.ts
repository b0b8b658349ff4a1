import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { hashPassword } from '../../src/accounts/password.ts'
import { openSession } from '../../src/accounts/open-session.ts'
import { accountRoles, type AccountRole } from '../../src/api/contract/route.ts'
import { openPages } from '../../src/api/pages.ts'
import { createServer, openService } from '../../src/api/serve.ts'
import { openApp, type App } from '../../src/app/open.ts'
import { loadConfig } from '../../src/config.ts'
import { accounts } from '../../src/db/schema/index.ts'
import { createLog } from '../../src/log.ts'
import { openBrowser } from './browser.ts'
import { buildPage } from './build-page.ts'
import { createDatabase } from './database.ts'
import { freePort } from './free-port.ts'

export const password = 'correct horse battery staple'
export const personName: Readonly<Record<AccountRole, string>> = { viewer: 'Vera Viewer', analyst: 'Ana Lima', administrator: 'Jonas Weber' }

/** What a window must never do; all of them together are empty at the end of a good test. */
export interface Offences {
  /** Requests to anybody but the server. */
  readonly outside: string[]
  /** Errors in the console, uncaught errors, violations of the policy. */
  readonly errors: string[]
  /** alert, confirm, prompt, and questions before leaving. */
  readonly dialogs: string[]
}

export interface Window extends Offences {
  readonly page: Page
  readonly context: BrowserContext
}

export interface WindowOptions {
  /** Null: nobody is signed in. */
  readonly as?: AccountRole | null
  readonly width?: number
  readonly height?: number
  readonly colours?: 'light' | 'dark'
  /** What the test provokes on purpose: lines of the console that are no offence. */
  readonly expected?: RegExp
}

export interface TestPage extends AsyncDisposable {
  readonly app: App
  readonly db: App['database']['db']
  readonly url: string
  readonly browser: Browser
  readonly ids: Readonly<Record<AccountRole, bigint>>
  open(address: string, options?: WindowOptions): Promise<Window>
  /** Of a test that is over: each holds a stream, and a person may have ten. */
  closeWindows(): Promise<void>
  /** Ends every session of that person, as an administrator would. */
  endSessions(as: AccountRole): Promise<void>
}

/** The page of this moment, the real server, a database and a browser: one of each for a test file. `config`: lines of namesake.yaml; `web`: more of its `web`. */
export async function openTestPage({ config: lines = '', web = '' }: { readonly config?: string; readonly web?: string } = {}): Promise<TestPage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'namesake-page-'))
  const [browser, database, port] = await Promise.all([openBrowser(), createDatabase(), freePort(), buildPage(path.join(folder, 'web'))])
  const file = path.join(folder, 'namesake.yaml')
  await writeFile(file, `organization: { name: Acme Corp, domains: [acme-corp.com], github: [acme-corp] }\nweb: { host: 127.0.0.1, port: ${port}${web === '' ? '' : `, url: "http://127.0.0.1:${port}", ${web}`} }\n${lines}\n`)
  const app = await openApp(await loadConfig({ path: file, env: { DATABASE_URL: database.url } }), { log: createLog({ level: 'silent' }) })
  const { db } = app.database
  const hash = await hashPassword(password)
  const rows = await db.insert(accounts).values(accountRoles.map((role) => ({ email: `${role}@acme-corp.com`, name: personName[role], role, password: hash, createdAt: app.now() }))).returning()
  const idOf = (role: AccountRole): bigint => rows.find((row) => row.role === role)?.id ?? 0n
  const service = openService(app)
  const { fetch } = createServer(service, { pages: await openPages(path.join(folder, 'web')), checkAnswers: true })
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: false })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${port}`
  const contexts: BrowserContext[] = []

  return {
    app, db, url, browser,
    ids: { viewer: idOf('viewer'), analyst: idOf('analyst'), administrator: idOf('administrator') },
    async open(address, { as = 'analyst', width = 1280, height = 860, colours = 'light', expected } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: colours, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC', permissions: ['clipboard-read', 'clipboard-write'] })
      contexts.push(context)
      context.setDefaultTimeout(8_000)
      if (as !== null) {
        const { token } = await openSession(db, { accountId: idOf(as), visitor: { agent: 'Test', address: '127.0.0.1' }, now: app.now() })
        await context.addCookies([{ name: 'namesake', value: token, url, httpOnly: true, sameSite: 'Lax' }])
      }
      const page = await context.newPage()
      const offences: Offences = { outside: [], errors: [], dialogs: [] }
      page.on('request', (request) => {
        if (!request.url().startsWith(`${url}/`)) offences.outside.push(request.url())
      })
      page.on('console', (message) => {
        if (message.type() === 'error' && expected?.test(message.text()) !== true) offences.errors.push(message.text())
      })
      page.on('pageerror', (error) => offences.errors.push(error.message))
      page.on('dialog', (dialog) => {
        offences.dialogs.push(dialog.message())
        void dialog.dismiss()
      })
      await page.exposeFunction('__violated', (what: string) => offences.errors.push(what))
      // Text, for the types of a window are none of a server's.
      await page.addInitScript({ content: `document.addEventListener('securitypolicyviolation', (event) => __violated('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile))` })
      await page.goto(`${url}${address}`)
      return { page, context, ...offences }
    },
    async closeWindows() {
      await Promise.all(contexts.splice(0).map((context) => context.close()))
    },
    async endSessions(as) {
      await app.database.sql`delete from sessions where account_id = ${String(idOf(as))}`
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      service.live.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
      await app.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

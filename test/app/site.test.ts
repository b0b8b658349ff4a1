import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openApp, type App } from '../../src/app/open.ts'
import { loadConfig } from '../../src/config.ts'
import { listFindings } from '../../src/findings/list-findings.ts'
import type { SweepReport } from '../../src/app/sweep.ts'
import { createLog } from '../../src/log.ts'
import type { Faults } from '../../src/sandbox/faults.ts'
import { siteExpectations } from '../../src/sandbox/site/content.ts'
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts'
import { demoInventory } from '../../src/sandbox/world.ts'
import { createDatabase } from '../support/database.ts'
import { sweepOnce } from '../support/world.ts'

interface OpenSite {
  readonly app: App
  readonly sandbox: Sandbox
  /** Another process, with another inventory. */
  reopen(inventory: string): Promise<App>
  close(): Promise<void>
}

/** The company's site behind a sandbox, and an app that is configured to read it. */
async function openSite(faults: Partial<Faults> = {}, inventory = demoInventory): Promise<OpenSite> {
  const database = await createDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'namesake-site-'))
  const sandbox = await startSandbox({ repositories: [], faults })
  const open = async (lines: string): Promise<App> => {
    const file = path.join(folder, 'namesake.yaml')
    await writeFile(file, `${lines}
sources:
  jobs: { boards: [ { type: page, url: "${sandbox.site.url}/careers" } ] }
  pages: { requestsPerMinute: 6000 }
  webAssets: { sites: [ "${sandbox.site.url}/" ], requestsPerMinute: 6000 }
dataDir: data
`)
    return openApp(await loadConfig({ path: file, env: { DATABASE_URL: database.url } }), { log: createLog({ level: 'silent' }), retry: { firstDelayMs: 20, maxDelayMs: 100 } })
  }
  const app = await open(inventory)
  const close = async (): Promise<void> => {
    await app.close()
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
    await database[Symbol.asyncDispose]()
  }
  return { app, sandbox, reopen: open, close }
}

/** `source identifier address-without-origin` of every live place. */
async function placesOf({ app, sandbox }: OpenSite): Promise<string[]> {
  const findings = await listFindings(app.database.db)
  return findings.flatMap(({ identifier, occurrences }) =>
    occurrences.filter(({ status }) => status === 'live').map(({ source, url }) => `${source} ${identifier} ${url.replace(sandbox.site.url, '')}`)).sort()
}

const expectation = (found: boolean) => siteExpectations.filter((one) => one.found === found).map(({ source, identifier, at }) => `${source} ${identifier} ${at}`)

describe('sweeps of the company\'s own web site, one after the other', () => {
  let site: Awaited<ReturnType<typeof openSite>>
  let report: SweepReport
  beforeAll(async () => {
    // At first the inventory lacks one name.
    site = await openSite({}, demoInventory.replace(/^.*HermesBuilder.*\n/m, ''))
    report = await sweepOnce(site.app)
  }, 60_000)
  afterAll(() => site.close())

  test('the first finds every planted leak of the inventory and none of the decoys', async () => {
    const places = await placesOf(site)
    expect(places).toEqual(expect.arrayContaining(expectation(true).filter((place) => !place.includes('HermesBuilder'))))
    expect(places.filter((place) => expectation(false).includes(place) || place.includes('HermesBuilder'))).toEqual([])
    expect(report.incomplete.map(({ source, reason }) => [source, reason])).toEqual([
      ['page', 'structured data of a page is broken and was not read; the text of the page was'],
    ])
  })

  test('it tells the site no name, obeys robots.txt, says who asks, and asks for no address twice', () => {
    const requests = site.sandbox.requests()
    expect(requests.filter(({ path: asked }) => asked.startsWith('/internal'))).toEqual([])
    expect(requests.filter((request) => /hermes/i.test(JSON.stringify([request.path, request.query, request.headers])))).toEqual([])
    expect(requests.filter(({ headers }) => !/^namesake\/\S+ \(\+https:\/\/acme-corp\.com; /.test(headers['user-agent'] ?? ''))).toEqual([])
    // Twice at most: each of the two sources asks for itself.
    expect([...Map.groupBy(requests, (request) => request.path)].filter(([, times]) => times.length > 2).map(([address]) => address)).toEqual([])
  })

  test('the dates of postings begin the exposure; where nobody tells one, it is a lower bound', async () => {
    const findings = await listFindings(site.app.database.db)
    const since = (name: string) => findings.filter(({ identifier }) => identifier === name).map((one) => [one.publicSince, one.publicSinceIsLowerBound])
    expect(since('acmecorp-features')).toEqual([['2026-08-15T07:00:00.000Z', false]])
    expect(since('@acme-corp/secret-flags')).toEqual([[expect.any(String), true]])
  })

  test('the second fetches nothing in full that did not change, and sees everything again', async () => {
    const before = await placesOf(site)
    site.sandbox.clearRequests()
    const second = await sweepOnce(site.app)
    const inFull = site.sandbox.requests().filter(({ status }) => status === 200).map((request) => request.path)
    // The starts are always read, since the crawl begins there.
    expect(new Set(inFull)).toEqual(new Set(['/careers', '/']))
    expect(await placesOf(site)).toEqual(before)
    expect(second.newFindings).toEqual([])
    expect(second.documents).toBeGreaterThan(20)
  }, 60_000)

  test('a name that joins the inventory is found in what did not change since, and a posting that is edited loses its live place', async () => {
    const later = await site.reopen(demoInventory)
    await sweepOnce(later)
    const places = async () => (await listFindings(later.database.db)).filter(({ identifier }) => identifier === 'HermesBuilder')
      .flatMap(({ occurrences }) => occurrences.map(({ source, status }) => [source, status]))
    expect(await places()).toEqual([['page', 'live']])
    site.sandbox.setFaults({ siteEdited: true })
    await sweepOnce(later)
    expect(await places()).toEqual([['page', 'gone-from-head']])
    await later.close()
  }, 60_000)
})

async function openFor(faults: Partial<Faults>): Promise<OpenSite> {
  const site = await openSite(faults)
  onTestFinished(() => site.close())
  return site
}

describe('a site that does not answer is never "nothing found"', () => {
  const everything: readonly [string, Partial<Faults>, RegExp][] = [
    ['robots.txt forbids everything', { robotsForbidsAll: true }, /robots\.txt forbids/],
    ['robots.txt cannot be read', { robotsUnavailable: true }, /server error \(502\)/],
    ['a bot protection stands before it', { siteBlocks: true }, /refused \(403\)/],
  ]
  test.each(everything)('%s: both runs have failed, with the reason', async (_, faults, reason) => {
    const { app } = await openFor(faults)
    const report = await sweepOnce(app)
    expect(report.incomplete.map(({ source, outcome }) => [source, outcome])).toEqual([['page', 'failed'], ['web-assets', 'failed']])
    for (const one of report.incomplete) expect(one.reason).toMatch(reason)
    expect(await listFindings(app.database.db)).toEqual([])
  }, 60_000)

  test('connections cut, pages of gateways and half bodies cost time and no leak', async () => {
    const site = await openFor({ connectionReset: { calls: [2, 9, 20] }, badGatewayHtml: { calls: [5, 15] }, serverError: { calls: [7, 30] }, connectionDropped: { calls: [12] } })
    await sweepOnce(site.app)
    expect(await placesOf(site)).toEqual(expect.arrayContaining(expectation(true)))
  }, 60_000)

  test('no robots.txt allows everything; a server that answers everything with its front page adds nothing', async () => {
    const site = await openFor({ robotsMissing: true, siteAnswersAll: true })
    await sweepOnce(site.app)
    const places = await placesOf(site)
    expect(places).toContain('page @acme-corp/forbidden-kit /internal/wiki')
    // Without robots.txt nobody told where the sitemap is: it is asked for at its usual place.
    expect(places).toContain('page @acme-corp/unlisted-kit /careers/jobs/unlisted')
  }, 60_000)
})

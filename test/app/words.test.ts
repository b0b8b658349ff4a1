import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openApp } from '../../src/app/open.ts'
import { loadConfig } from '../../src/config.ts'
import { listFindings } from '../../src/findings/list-findings.ts'
import { createLog } from '../../src/log.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { demoInventory } from '../../src/sandbox/world.ts'
import { createDatabase } from '../support/database.ts'
import { sweepOnce } from '../support/world.ts'

/** Sweeps Stack Exchange, Hacker News and a job board through queues and database, `sweeps` times. */
async function sweepWords(sweeps = 1) {
  await using database = await createDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'namesake-words-'))
  await using sandbox = await startSandbox({ repositories: [], stackExchange: { key: 'se-key' } })
  const file = path.join(folder, 'namesake.yaml')
  await writeFile(file, `${demoInventory}
sources:
  stackexchange: { key: se-key, apiUrl: "${sandbox.url}/stack-exchange/2.3", sites: [stackoverflow, devops], requestsPerMinute: 6000 }
  hackerNews: { apiUrl: "${sandbox.url}/hacker-news/api/v1", requestsPerMinute: 6000 }
  jobs: { boards: [ { type: lever, site: acme, apiUrl: "${sandbox.url}/boards/lever" } ] }
dataDir: data
`)
  const app = await openApp(await loadConfig({ path: file, env: { DATABASE_URL: database.url } }), { log: createLog({ level: 'silent' }), retry: { firstDelayMs: 20, maxDelayMs: 100 } })
  try {
    const reports = []
    const requests = []
    for (let sweep = 0; sweep < sweeps; sweep += 1) {
      sandbox.clearRequests()
      reports.push(await sweepOnce(app))
      requests.push(sandbox.requests())
    }
    const findings = await listFindings(database.database.db)
    return { reports, requests, findings, places: findings.flatMap(({ identifier, occurrences }) => occurrences.map(({ source, url }) => `${source} ${identifier} ${url.replace(sandbox.url, '')}`)).toSorted() }
  } finally {
    await app.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const planted = [
  'hacker-news @acme-corp/auth-client https://news.ycombinator.com/item?id=42000011',
  'hacker-news HermesBuilder https://news.ycombinator.com/item?id=42000002',
  'hacker-news acmecorp-ledger https://news.ycombinator.com/item?id=42000004',
  'hacker-news artifactory.acme-corp.com https://news.ycombinator.com/item?id=42000004',
  'lever @acme-corp/auth-client /boards/lever/jobs/127817',
  'lever HermesBuilder /boards/lever/jobs/127817',
  'lever HermesBuilder /boards/lever/jobs/127819',
  'lever acmecorp-ledger /boards/lever/jobs/127818',
  'stack-exchange @acme-corp/auth-client https://stackoverflow.com/q/79012345',
  'stack-exchange ACME-LDG-2041 https://stackoverflow.com/posts/79020000/revisions',
  'stack-exchange acmecorp-ledger https://stackoverflow.com/posts/comments/501',
  'stack-exchange artifactory.acme-corp.com https://stackoverflow.com/a/79012399',
  'stack-exchange artifactory.acme-corp.com https://stackoverflow.com/posts/79020000/revisions',
  'stack-exchange artifactory.acme-corp.com https://stackoverflow.com/q/79020000',
  'stack-exchange com.acmecorp.billing https://stackoverflow.com/posts/79020000/revisions',
].toSorted()

test('a sweep finds what is planted in questions, answers, comments, histories, threads and job ads, and none of the decoys', async () => {
  const { places, reports } = await sweepWords()
  expect(places).toEqual(planted)
  expect(reports[0]?.incomplete).toEqual([])
})

test('a second sweep reads no post again that has not changed', async () => {
  const { requests, places } = await sweepWords(2)
  expect(places).toEqual(planted)
  const posts = requests.map((sent) => sent.filter((request) => /\/posts\/[\d;%B]+$/i.test(request.path)).length)
  expect(posts[0]).toBeGreaterThan(0)
  expect(posts[1]).toBe(0)
})

test('no request to anybody holds a name that is never disclosed, and nobody but the search engines gets any of them', async () => {
  const { requests, findings } = await sweepWords()
  expect(findings.map(({ identifier }) => identifier)).toContain('HermesBuilder')
  const sent = requests.flat()
  expect(JSON.stringify(sent)).not.toMatch(/hermes/i)
  expect(JSON.stringify(sent.filter(({ path: at }) => at.startsWith('/boards/')))).not.toMatch(/ledger|auth-client|artifactory/i)
})

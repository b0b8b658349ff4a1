/**
 * npm run bench import -- [--names 50000]
 *
 * Names of a sandbox Artifactory (AQL, pages of 5,000) and a sandbox Nexus (components, pages of 50), imported once,
 * imported again unchanged, and imported with 100 changes: 40 newer versions, 30 new names, 30 gone. Seconds, requests
 * and the memory of this process, which the two sandboxes share.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { applyImport, planImport, type ImportPlan } from '../src/app/import-inventory.ts'
import { loadConfig } from '../src/config.ts'
import { startArtifactory } from '../src/sandbox/artifactory/serve.ts'
import { inventRepositories } from '../src/sandbox/company-names.ts'
import { startNexus } from '../src/sandbox/nexus/serve.ts'

const { values: options } = parseArgs({ options: { names: { type: 'string', default: '50000' } } })
const count = Number(options.names)
const folder = await mkdtemp(path.join(tmpdir(), 'namesake-bench-'))
let world = inventRepositories(count)
try {
  await using artifactory = await startArtifactory({ repositories: () => world.artifactory, token: 't' })
  await using nexus = await startNexus({ repositories: () => world.nexus })
  const file = path.join(folder, 'namesake.yaml')
  await writeFile(file, 'organization: { name: Acme Corp }\n')
  const config = await loadConfig({ path: file, env: {} })
  let asked = 0

  async function measure(what: string): Promise<ImportPlan> {
    const began = performance.now()
    const plan = await planImport(config, {
      imports: [{ type: 'artifactory', url: `${artifactory.url}/artifactory`, token: 't', pageSize: 5_000 }, { type: 'nexus', url: nexus.url }],
      into: 'inventory.csv', prune: true, withoutFlagged: false, onProgress: () => undefined, signal: new AbortController().signal,
    })
    const compared = performance.now()
    await applyImport(plan)
    const requests = artifactory.requests.length + nexus.requests.length - asked
    asked += requests
    const { heapUsed, rss } = process.memoryUsage()
    const seconds = (ms: number): string => (ms / 1000).toFixed(2)
    console.log(`| ${what} | ${requests} | ${seconds(compared - began)} | ${seconds(performance.now() - compared)} | ${plan.added.length} / ${plan.changed.length} / ${plan.removed.length} / ${plan.unchanged} | ${(heapUsed / 1e6).toFixed(0)} / ${(rss / 1e6).toFixed(0)} |`)
    return plan
  }

  console.log(`${count.toLocaleString('en')} names\n| | requests | s to compare | s to write | added / changed / removed / unchanged | MB heap / rss |\n|---|---|---|---|---|---|`)
  await measure('first import')
  await measure('again, nothing changed')
  const changedFrom = Math.floor(count / 2) - 20
  world = inventRepositories(count, { version: (at) => (at >= changedFrom && at < changedFrom + 40 ? '2.0.0' : '1.2.0') })
  const [npm, ...others] = world.artifactory
  if (npm === undefined) throw new Error('the sandbox has a repository')
  const extra = Array.from({ length: 30 }, (_, at) => ({ path: `@acme-corp/new-${at}/-/@acme-corp`, name: `new-${at}-1.0.0.tgz`, created: '2026-01-01T00:00:00.000Z' }))
  world = { ...world, artifactory: [{ ...npm, files: [...npm.files.slice(30), ...extra] }, ...others] }
  const { added, changed, removed } = await measure('again, with 100 changes')
  const exact = added.length === 30 && added.every(({ name }) => name.startsWith('@acme-corp/new-')) && changed.length === 40 && changed.every(({ latestVersion }) => latestVersion.after === '2.0.0') && removed.length === 30
  console.log(exact ? 'The diff is exactly the 100 changes.' : 'THE DIFF IS NOT THE 100 CHANGES.')
  if (!exact) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true })
}

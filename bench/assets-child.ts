/** The process that is measured: reads one file of a site as a fetch step does, and prints what its memory did. */
import type { Hit } from '../src/contracts/source.ts'
import { readDocument } from '../src/jobs/read-document.ts'
import { compile } from '../src/matching/compile.ts'
import { createHttp } from '../src/net/http.ts'
import { robotsKey } from '../src/remotes/web/crawler.ts'
import { createForgetfulMemory } from '../src/runs/source-memory.ts'
import { sourceSettings } from '../src/sources/settings.ts'
import { webAssets } from '../src/sources/web-assets/index.ts'

const [origin = '', kind = 'file', path = '/'] = process.argv.slice(2)
const now = () => new Date()
const memory = createForgetfulMemory()
await memory.set(robotsKey(origin), { text: '', at: Date.now() })
const source = webAssets.open(sourceSettings.parse({ webAssets: { sites: [`${origin}/`] } }), {
  http: createHttp({ userAgent: 'namesake/bench', origins: [origin], now }), now, memory, organizations: [],
})
if (source === null) throw new Error('the source did not open')
const matcher = compile([
  { id: '1', form: 'prefix', kind: 'package', ecosystem: 'npm', text: '@acme-corp/', team: null, disclose: 'name', publicOnPurpose: false, near: [], where: 'bench' },
])

/** Documents, bytes, mentions and references of one file. */
async function take(which: string, at: string): Promise<{ documents: number; bytes: number; mentions: number; further: number }> {
  const hit: Hit = { ref: `${origin}${at}`, contentHash: null, container: 'bench', path: null, locator: { kind: which, url: `${origin}${at}`, site: `${origin}/`, depth: 0, crawl: 1, whole: false } }
  const fetched = await source?.fetch([hit])
  const readings = fetched?.documents.map((document) => readDocument(document, matcher)) ?? []
  return {
    documents: readings.length,
    bytes: readings.reduce((sum, { document }) => sum + document.text.byteLength, 0),
    mentions: readings.reduce((sum, { mentions }) => sum + mentions.length, 0),
    further: fetched?.further?.length ?? 0,
  }
}

// What every process has loaded before its first large file is not growth.
await take('file', '/small.js')
await take('map', '/small.js.map')
const before = process.memoryUsage.rss()
const began = performance.now()
const taken = await take(kind, path)
const tookMs = performance.now() - began
// The high-water mark of the whole process, in kilobytes.
const peak = process.resourceUsage().maxRSS * 1024
process.stdout.write(JSON.stringify({ ...taken, before, peak, tookMs }))
// Connections that are kept alive would keep the process.
process.exit(0)

/**
 * npm run bench assets [-- --bundle 30 --map 60 --limit 200]
 *
 * How far a process grows that reads a bundle and its source map of so many megabytes: fetched, taken apart, matched,
 * judged. Each in a process of its own, measured by its high-water mark (resident memory, sampled by the kernel).
 * Exit code 1 when one grows by more than the limit.
 */
import { parseArgs } from 'node:util'
import { bundleOf, mapOf, measureAssets } from './measure-assets.ts'

const { values } = parseArgs({ options: { bundle: { type: 'string', default: '30' }, map: { type: 'string', default: '60' }, limit: { type: 'string', default: '200' } } })
const mega = 1_000_000
const files = [
  { kind: 'file', body: bundleOf(Number(values.bundle) * mega) },
  { kind: 'map', body: mapOf(Number(values.map) * mega) },
] as const
const measured = await measureAssets(files)
console.log('what        size MB   before MB   peak MB   growth MB   seconds   documents   text MB   mentions')
for (const [at, one] of measured.entries()) {
  const growth = (one.peak - one.before) / mega
  const columns = [one.size / mega, one.before / mega, one.peak / mega, growth, one.tookMs / 1000, one.documents, one.bytes / mega, one.mentions]
  console.log([files[at]?.kind === 'map' ? 'source map' : 'bundle    ', ...columns.map((value) => (Number.isInteger(value) ? String(value) : value.toFixed(1)).padStart(9))].join('  '))
  if (growth > Number(values.limit)) process.exitCode = 1
}

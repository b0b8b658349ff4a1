import { expect, test } from 'vitest'
import { bundleOf, mapOf, measureAssets } from '../../../bench/measure-assets.ts'

const mega = 1_000_000

test('a process that reads a bundle and its source map grows by a few times their size at most, and misses nothing in them', async () => {
  // `npm run bench assets` measures the large ones: 30 MB and 60 MB.
  const [bundle, map] = await measureAssets([{ kind: 'file', body: bundleOf(8 * mega) }, { kind: 'map', body: mapOf(16 * mega) }])
  expect(bundle).toMatchObject({ documents: 1, further: 1 })
  expect(bundle?.bytes).toBe(bundle?.size)
  expect(bundle?.mentions).toBeGreaterThan(500)
  expect(map?.documents).toBeGreaterThan(1_000)
  expect(map?.mentions).toBe(Math.ceil(((map?.documents ?? 0) - 1) / 20))
  for (const one of [bundle, map]) expect(((one?.peak ?? Infinity) - (one?.before ?? 0)) / mega).toBeLessThan(120)
}, 60_000)

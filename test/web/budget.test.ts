import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { buildPage } from '../support/build-page.ts'

const manifestSchema = z.record(z.string(), z.object({ file: z.string(), imports: z.array(z.string()).default([]), dynamicImports: z.array(z.string()).default([]), css: z.array(z.string()).default([]), assets: z.array(z.string()).default([]) }))
/** Bytes of script, compressed, until the inbox is there. */
const firstViewAtMost = 200_000
/** What any other screen may add. */
const screenAtMost = 60_000

let folder: string
let manifest: z.output<typeof manifestSchema>
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-page-'))
  await buildPage(folder)
  manifest = manifestSchema.parse(JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A chunk with all that it imports at once. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const next of manifest[name]?.imports ?? []) withImports(next, seen)
  return seen
}
async function compressed(names: ReadonlySet<string>): Promise<number> {
  const sizes = await Promise.all([...names].map(async (name) => gzipSync(await readFile(path.join(folder, manifest[name]?.file ?? ''))).length))
  return sizes.reduce((sum, size) => sum + size, 0)
}

describe('the built page', () => {
  test('shows the inbox after less than 200 KB of script', async () => {
    const size = await compressed(new Set([...withImports('index.html'), ...withImports('inbox/inbox.tsx')]))
    console.log(`first view of the inbox: ${size} bytes of script, gzip`)
    expect(size).toBeGreaterThan(20_000)
    expect(size).toBeLessThan(firstViewAtMost)
  })

  test('loads every screen on its first visit only, and none of them is heavy', async () => {
    const first = new Set([...withImports('index.html'), ...withImports('inbox/inbox.tsx')])
    const screens = manifest['index.html']?.dynamicImports ?? []
    expect(screens.length).toBeGreaterThanOrEqual(8)
    const heavy = []
    for (const screen of screens) {
      const size = await compressed(new Set([...withImports(screen)].filter((name) => !first.has(name))))
      if (size > screenAtMost) heavy.push(`${screen}: ${size}`)
    }
    expect(heavy).toEqual([])
  })

  test('has nothing inline and asks nobody else', async () => {
    const html = await readFile(path.join(folder, 'index.html'), 'utf8')
    expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:|data:/i)
    expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address).filter((address) => !address?.startsWith('/assets/'))).toEqual([])
    for (const { css } of Object.values(manifest)) {
      for (const file of css) expect(await readFile(path.join(folder, file), 'utf8')).not.toMatch(/url\(\s*['"]?(?:https?:|data:|\/\/)|@import/i)
    }
  })
})

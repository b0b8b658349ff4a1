import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildWorld } from '../../src/sandbox/world.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder with the make-believe public, to be copied: building it takes dozens of git processes. */
    readonly builtWorld: string
  }
}

/** Builds the make-believe public once for the whole run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'namesake-test-world-'))
  await buildWorld(folder)
  project.provide('builtWorld', folder)
  return () => rm(folder, { recursive: true, force: true })
}

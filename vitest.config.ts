import path from 'node:path'
import { defineConfig } from 'vitest/config'

// For every process that the tests start, and for those that run them: a third of their time was compiling.
process.env['NODE_COMPILE_CACHE'] ??= path.join(import.meta.dirname, 'node_modules/.cache/namesake')

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres.ts', 'test/support/built-world.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores, one database server: more processes than cores only wait for each other.
    maxWorkers: 2,
  },
})

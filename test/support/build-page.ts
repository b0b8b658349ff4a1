import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const root = path.join(import.meta.dirname, '../..')

/**
 * Builds src/web into a folder, as `npm run build` does: tests look at the page of this moment and not at an old one.
 * A process of its own: Vitest's NODE_ENV would make it React's development build.
 */
export async function buildPage(folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, [path.join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'src/web/vite.config.ts', '--logLevel', 'warn', '--outDir', folder, '--emptyOutDir'], {
    cwd: root, env: { ...process.env, NODE_ENV: 'production' },
  })
}

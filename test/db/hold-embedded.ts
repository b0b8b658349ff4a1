import { openEmbedded } from '../../src/db/embedded.ts'
import { Invalid } from '../../src/errors.ts'

/**
 * A process of its own that holds a share in the embedded server of a data folder: says a line of JSON for everything
 * that happens, closes when it is told to, and must then end by itself.
 */
function say(line: { readonly log?: string; readonly url?: string; readonly closed?: true; readonly invalid?: boolean; readonly error?: string }): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

try {
  const embedded = await openEmbedded({ dataDir: process.argv[2] ?? '', log: (message) => say({ log: message }) })
  say({ url: embedded.url })
  await new Promise((resolve) => process.stdin.once('data', resolve).once('end', resolve))
  process.stdin.destroy()
  await embedded.close()
  say({ closed: true })
} catch (error) {
  say({ invalid: error instanceof Invalid, error: error instanceof Error ? error.message : String(error) })
}

import { createHash } from 'node:crypto'

/** Lines before and after the mention. */
const around = 3
/** A region with less text than this is like too many others to tell a copy from a coincidence. */
const fewestCharacters = 80
const fewestLines = 3

/**
 * Recognises the same lines in other files: answers the hash of the lines around a line (1-based), white space and
 * blank lines aside; null where there is too little text. Which way it fails: two places that are no copies count as
 * copies only when all these lines are the same; a copy that was edited there is a place of its own.
 */
export function readRegions(text: Uint8Array): (line: number) => string | null {
  const lines = new TextDecoder().decode(text).split('\n')
  return (line) => {
    const region = lines.slice(Math.max(0, line - 1 - around), line + around)
      .map((one) => one.replace(/\s+/g, ' ').trim().slice(0, 2_000)).filter((one) => one !== '')
    const normalised = region.join('\n')
    if (region.length < fewestLines || normalised.length < fewestCharacters) return null
    return createHash('sha256').update(normalised).digest('hex')
  }
}

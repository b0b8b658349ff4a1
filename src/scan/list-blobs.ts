import type { BlobList } from './read-blobs.ts'
import { cutRecords, startGit } from './run-git.ts'

/** The blobs of a whole history, each once, growing while git walks. */
export interface HistoryList extends BlobList {
  /** For every id the path under which git met it first; '' for a blob that only a tag names. */
  readonly paths: readonly string[]
  /** Ids that the history names and this repository does not hold. Whole when `listed` is. */
  readonly missing: readonly string[]
  /** Resolves when the list is whole: true, or false when git ended before. @throws Permanent */
  readonly listed: Promise<boolean>
}

/** Starts to list every blob that any ref reaches: branches, tags, remotes, the stash, HEAD. */
export function listBlobs(folder: string, signal: AbortSignal): HistoryList {
  const oids: string[] = []
  const paths: string[] = []
  const missing: string[] = []
  const state = { over: false }
  let waiting: (() => void)[] = []

  function wake(): void {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }

  async function list(): Promise<boolean> {
    try {
      const git = startGit(folder, ['rev-list', '--all', '--objects', '--filter=object:type=blob', '--filter-provided-objects', '--missing=print'], signal)
      git.input.end()
      for await (const record of cutRecords(git.output, 10)) {
        const line = record.toString('utf8')
        const space = line.indexOf(' ')
        const oid = space === -1 ? line : line.slice(0, space)
        if (oid.startsWith('?')) missing.push(oid.slice(1))
        else {
          oids.push(oid)
          paths.push(space === -1 ? '' : line.slice(space + 1))
        }
        if (waiting.length > 0 && oids.length % 64 === 0) wake()
      }
      return (await git.ended).how === 'done'
    } finally {
      state.over = true
      wake()
    }
  }

  const listed = list()
  // Awaited after the blobs were read; until then nobody else is to see the failure.
  listed.catch(() => {})
  return {
    oids,
    paths,
    missing,
    listed,
    async moreThan(count) {
      while (oids.length <= count && !state.over) await new Promise<void>((resolve) => waiting.push(resolve))
      return oids.length > count
    },
  }
}

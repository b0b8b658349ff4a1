import { cutRecords, startGit } from './run-git.ts'

/** Where a blob came from. */
export interface Origin {
  /** The oldest commit that brought it, by git's order of dates. */
  readonly commit: string
  /** Every path it ever had. */
  readonly paths: ReadonlySet<string>
}

/**
 * Finds the commits that brought blobs, with one walk over the whole history for all of them. A blob that no commit
 * brought (a tag names it, or the index) is not in the answer.
 * @returns null when git ended before the end, which costs commits and no finding
 */
export async function findCommits(folder: string, blobs: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Origin> | null> {
  const origins = new Map<string, { commit: string; paths: Set<string> }>()
  if (blobs.length === 0) return origins
  const wanted = new Set(blobs)
  // A merge is shown where it differs from all its parents: only there it brings something of its own.
  const git = startGit(folder, ['log', '--all', '-c', '--raw', '-z', '--no-abbrev', '--no-renames', '--format=%H', ...blobs.map((oid) => `--find-object=${oid}`)], signal)
  git.input.end()
  let commit = ''
  let change: readonly string[] | null = null
  for await (const record of cutRecords(git.output, 0)) {
    const text = record.toString('utf8')
    if (change !== null) {
      const oid = resultOf(change)
      // Newest first: what comes later is older.
      if (wanted.has(oid)) origins.set(oid, { commit, paths: (origins.get(oid)?.paths ?? new Set()).add(text) })
      change = null
      continue
    }
    const line = text.trim()
    if (line.startsWith(':')) change = line.split(' ')
    else if (line !== '') commit = line
  }
  return (await git.ended).how === 'done' ? origins : null
}

/** `:MODE MODE ID ID STATUS`; a merge has one more colon, mode and id for every parent. The last id is the result. */
function resultOf(change: readonly string[]): string {
  return change.at(-2) ?? ''
}

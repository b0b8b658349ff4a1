import { runGit } from './run-git.ts'

/** Consecutive lines (1-based, inclusive) that one commit wrote. */
export interface BlameRange {
  readonly start: number
  readonly end: number
  readonly oid: string
}

/**
 * Commits that touched a path, newest first, without following renames.
 * @throws NotFound for an unknown revision
 */
export async function readHistory(
  gitDir: string,
  revision: string,
  filter: { path: string | null; since?: string | undefined; until?: string | undefined },
): Promise<string[]> {
  const dates = [...(filter.since === undefined ? [] : [`--since=${filter.since}`]), ...(filter.until === undefined ? [] : [`--until=${filter.until}`])]
  const paths = filter.path === null || filter.path === '' ? [] : ['--', `:(literal)${filter.path}`]
  const output = await runGit(gitDir, ['rev-list', ...dates, revision, ...paths])
  return output.toString('latin1').split('\n').filter((line) => line !== '')
}

/**
 * Who wrote each line of a file, as of a revision.
 * @throws NotFound for an unknown revision or path
 */
export async function readBlame(gitDir: string, revision: string, path: string): Promise<BlameRange[]> {
  const output = await runGit(gitDir, ['blame', '--porcelain', revision, '--', path])
  const ranges: { start: number; end: number; oid: string }[] = []
  let expectsHeader = true
  for (const line of output.toString('latin1').split('\n')) {
    // The text of a line is the one record that begins with a tab; the next header follows it.
    if (line.startsWith('\t')) {
      expectsHeader = true
      continue
    }
    if (!expectsHeader) continue
    const [oid = '', , finalLine = ''] = line.split(' ')
    if (!/^[0-9a-f]{40,64}$/.test(oid)) continue
    expectsHeader = false
    const at = Number(finalLine)
    const last = ranges.at(-1)
    if (last !== undefined && last.oid === oid && last.end === at - 1) last.end = at
    else ranges.push({ start: at, end: at, oid })
  }
  return ranges
}

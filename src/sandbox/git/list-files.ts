import { runGit } from './run-git.ts'

export interface ListedFile {
  /** `100644`, `100755`, `120000` (symlink), `160000` (submodule). */
  readonly mode: string
  readonly oid: string
  /** Bytes; null for submodules and for blobs that the repository lists but does not hold. */
  readonly size: number | null
  readonly path: string
}

/** Everything in the tree of a revision, folders resolved, in git's order. @throws NotFound for an unknown revision */
export async function listFiles(gitDir: string, revision: string): Promise<ListedFile[]> {
  const output = await runGit(gitDir, ['ls-tree', '-r', '-z', '--long', '--full-tree', revision])
  const files: ListedFile[] = []
  for (const record of output.toString('utf8').split('\0')) {
    const tab = record.indexOf('\t')
    if (tab === -1) continue
    const [mode = '', , oid = '', size = ''] = record.slice(0, tab).split(/ +/)
    files.push({ mode, oid, size: /^\d+$/.test(size) ? Number(size) : null, path: record.slice(tab + 1) })
  }
  return files
}

import { mkdir } from 'node:fs/promises'
import { runGit } from './run-git.ts'

export interface Person {
  readonly name: string
  readonly email: string
}

/** One commit: what it changes, by path; null takes a file away. */
export interface CommitSource {
  readonly author: Person
  /** ISO 8601 in UTC, `2024-05-01T10:00:00Z`; author's and committer's date. */
  readonly date: string
  /** The committer's date where it is another one: a rebase, or a forgery. */
  readonly committedDate?: string
  readonly message: string
  /** Default `main`. Another branch begins at the head of `main` as it is then. */
  readonly branch?: string
  readonly files: Readonly<Record<string, string | Uint8Array | null>>
}

function data(content: string | Uint8Array): Buffer[] {
  const bytes = Buffer.from(content)
  return [Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]
}

function quotePath(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

/** The commits as a stream for `git fast-import`. */
function streamOf(commits: readonly CommitSource[]): Buffer {
  const parts: Buffer[] = []
  const begun = new Set<string>()
  for (const { author, date, committedDate = date, message, branch = 'main', files } of commits) {
    const who = (at: string) => `${author.name} <${author.email}> ${Date.parse(at) / 1_000} +0000`
    parts.push(Buffer.from(`commit refs/heads/${branch}\nauthor ${who(date)}\ncommitter ${who(committedDate)}\n`), ...data(message))
    if (branch !== 'main' && !begun.has(branch) && begun.has('main')) parts.push(Buffer.from('from refs/heads/main\n'))
    begun.add(branch)
    for (const [path, content] of Object.entries(files)) {
      if (content === null) parts.push(Buffer.from(`D ${quotePath(path)}\n`))
      else parts.push(Buffer.from(`M 100644 inline ${quotePath(path)}\n`), ...data(content))
    }
  }
  parts.push(Buffer.from('done\n'))
  return Buffer.concat(parts)
}

/**
 * Makes a bare repository with these commits at `gitDir`. The same commits give the same ids everywhere.
 * @throws NotFound when git refuses them
 */
export async function importCommits(gitDir: string, commits: readonly CommitSource[]): Promise<void> {
  await mkdir(gitDir, { recursive: true })
  await runGit(gitDir, ['init', '--quiet', '--bare', '--template=', '--initial-branch=main', gitDir])
  if (commits.length > 0) await runGit(gitDir, ['fast-import', '--quiet', '--done', '--force'], streamOf(commits))
}

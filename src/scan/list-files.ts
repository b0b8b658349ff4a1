import { existsSync, readdirSync, readFileSync, type Dirent } from 'node:fs'
import path from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { cutRecords, runGit, startGit } from './run-git.ts'

/** A file of a folder. */
export interface ListedFile {
  /** What the system calls it; bytes where the name is not UTF-8. */
  readonly file: string | Buffer
  /** Relative to the folder that was asked for, `/`-separated. */
  readonly inner: string
  /** Another repository inside this one, to be listed by itself. */
  readonly isFolder: boolean
  /** Listed by git, which also names files that were deleted since. */
  readonly mayBeGone: boolean
}

export interface ListOptions {
  readonly noIgnore: boolean
  readonly signal: AbortSignal
  /** Told in words when the list may lack something; `inner` is the folder. */
  readonly gap: (inner: string, reason: string) => void
}

/**
 * The files of a folder that could become public: in a git work tree what is tracked, and what is neither tracked nor
 * ignored, by git's own word; elsewhere a walk by the rules of the `.gitignore` files in it. Symbolic links are not
 * followed, `.git` is not entered.
 */
export async function* listFiles(folder: string, options: ListOptions): AsyncGenerator<ListedFile> {
  if (options.noIgnore || !(await isRepository(folder, options))) yield* walk(folder, options)
  else yield* askGit(folder, options)
}

/** Whether git answers for this folder. A folder that it ignores is nothing to git, and was asked for all the same. */
async function isRepository(folder: string, { signal, gap }: ListOptions): Promise<boolean> {
  if (!hasGitAbove(folder)) return false
  const broken = 'git does not answer for the repository here, so its files were listed without it: a tracked file that .gitignore names was not looked at'
  try {
    const inside = await runGit(folder, ['rev-parse', '--is-inside-work-tree'], signal)
    if (inside.how !== 'done') gap('', broken)
    if (inside.how !== 'done' || inside.output.toString().trim() !== 'true') return false
    return (await runGit(folder, ['check-ignore', '-q', '.'], signal)).how !== 'done'
  } catch {
    gap('', broken)
    return false
  }
}

function hasGitAbove(folder: string): boolean {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return true
    if (at === path.dirname(at)) return false
  }
}

async function* askGit(folder: string, options: ListOptions): AsyncGenerator<ListedFile> {
  const git = startGit(folder, ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], options.signal)
  git.input.end()
  // A file in a merge conflict is listed once for every side.
  const seen = new Set<string>()
  for await (const record of cutRecords(git.output, 0)) {
    const inner = record.toString('utf8')
    const key = record.toString('latin1')
    if (record.length === 0 || seen.has(key)) continue
    seen.add(key)
    yield { file: fileIn(folder, record), inner: inner.replace(/\/$/, ''), isFolder: inner.endsWith('/'), mayBeGone: true }
  }
  const { how } = await git.ended
  if (how === 'refused') options.gap('', 'git ended before it had listed every file')
}

/** Text where the name is text; else bytes, or the file would not be found. */
function fileIn(folder: string, name: Buffer): string | Buffer {
  const text = name.toString('utf8')
  return Buffer.from(text, 'utf8').equals(name) ? path.join(folder, text) : Buffer.concat([Buffer.from(`${folder}/`), name])
}

interface Rules {
  /** Folder of the `.gitignore`, relative to the root, with a slash at its end; '' for the root. */
  readonly base: string
  readonly rules: Ignore
}

function* walk(root: string, options: ListOptions, inner = '', above: readonly Rules[] = []): Generator<ListedFile> {
  if (options.signal.aborted) return
  const folder = Buffer.from(inner === '' ? root : path.join(root, inner))
  let entries: Dirent<Buffer>[]
  try {
    entries = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })
  } catch (error) {
    options.gap(inner, `the folder cannot be read: ${codeOf(error)}`)
    return
  }
  const base = inner === '' ? '' : `${inner}/`
  const own = options.noIgnore ? [] : [path.join(root, inner, '.gitignore'), ...(inner === '' ? [path.join(root, '.git', 'info', 'exclude')] : [])]
  const rules = [...above, ...own.flatMap((file) => readRules(file, base, options))]
  for (const entry of entries.sort((a, b) => Buffer.compare(a.name, b.name))) {
    const name = entry.name.toString('utf8')
    const relative = base + name
    if (name === '.git' || isIgnored(rules, relative, entry.isDirectory())) continue
    const isText = Buffer.from(name, 'utf8').equals(entry.name)
    if (entry.isDirectory() && isText) yield* walk(root, options, relative, rules)
    else if (entry.isDirectory()) options.gap(relative, 'the folder has a name that is not UTF-8, and was not entered')
    else if (entry.isFile() || entry.isSymbolicLink()) {
      const file = isText ? path.join(root, relative) : Buffer.concat([folder, Buffer.from('/'), entry.name])
      yield { file, inner: relative, isFolder: false, mayBeGone: false }
    }
  }
}

function readRules(file: string, base: string, { gap }: ListOptions): Rules[] {
  try {
    return [{ base, rules: ignore().add(readFileSync(file, 'utf8')) }]
  } catch (error) {
    const code = codeOf(error)
    // Without its rules more is looked at, never less.
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EISDIR') gap(`${base}.gitignore`, `the file cannot be read: ${code}`)
    return []
  }
}

/** The rules nearest to a file decide; within one file the last that fits. */
function isIgnored(rules: readonly Rules[], relative: string, isFolder: boolean): boolean {
  let ignored = false
  for (const { base, rules: own } of rules) {
    const { ignored: yes, unignored: no } = own.test(relative.slice(base.length) + (isFolder ? '/' : ''))
    if (yes) ignored = true
    else if (no) ignored = false
  }
  return ignored
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}

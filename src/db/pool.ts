import type postgres from 'postgres'
import { Permanent, Transient } from '../errors.ts'
import { direct, lost, openSession, unconnected, type Driver, type Send, type Session, type Statement } from './session.ts'
import { faultOf } from './translate-error.ts'

/** What statements are made with: postgres.js without what would go around the pool. */
export type Sql = Omit<postgres.ISql<{ bigint: bigint }>, 'notify' | 'file'> & Calls & Pick<Driver, 'begin'>

/** `Omit` loses the call signatures. */
type Calls = Pick<Driver, never> & {
  <T extends readonly (object | undefined)[] = postgres.Row[]>(
    template: TemplateStringsArray,
    ...parameters: readonly postgres.ParameterOrFragment<bigint>[]
  ): postgres.PendingQuery<T>
  (name: string): postgres.Helper<string>
  (names: readonly string[]): postgres.Helper<readonly string[]>
}

export interface Pool {
  /** Also serves as drizzle's client. */
  readonly sql: Sql
  /** Where it leads, without the password; for messages to the operator. */
  readonly place: { readonly server: string; readonly user: string; readonly database: string }
  close(): Promise<void>
}

const idleMs = 60_000
/** Connections are renewed, so that the server's memory for them and a failover do not last for ever. */
const lifeMs = 30 * 60_000
const closeMs = 5_000

/**
 * Connections, each used by one statement or one transaction at a time; none is opened before it is needed. One that is
 * lost ends its own statement or transaction with `Transient` and is not used again.
 * @param options.max connections at most; who comes then waits for one
 * @throws Invalid for the URL
 */
export function openPool(url: string, options: { readonly max: number; readonly applicationName: string }): Pool {
  const template = unconnected(url)
  const sessions = new Set<Session>()
  const idle: { readonly session: Session; readonly since: number }[] = []
  const waiting: ((session: Session) => void)[] = []
  let closed: Promise<void> | null = null
  let sweeper: NodeJS.Timeout | null = null

  function open(): Session {
    const session = openSession({ url, applicationName: options.applicationName, onGone: () => forget(session) })
    sessions.add(session)
    return session
  }
  function forget(session: Session): void {
    sessions.delete(session)
    const place = idle.findIndex((entry) => entry.session === session)
    if (place !== -1) idle.splice(place, 1)
    serve()
  }
  function serve(): void {
    while (waiting.length > 0) {
      const session = idle.pop()?.session ?? (sessions.size < options.max ? open() : null)
      if (session === null) return
      waiting.shift()?.(session)
    }
  }
  function acquire(): Promise<Session> {
    if (closed !== null) return Promise.reject(new Transient('database: the pool is closed'))
    return new Promise((resolve) => {
      waiting.push(resolve)
      serve()
    })
  }
  function release(session: Session): void {
    if (session.gone) return
    if (closed !== null || performance.now() - session.since > lifeMs) {
      void session.close()
      return
    }
    idle.push({ session, since: performance.now() })
    sweeper ??= setInterval(closeIdle, idleMs).unref()
    serve()
  }
  function closeIdle(): void {
    for (const entry of idle.filter(({ since }) => performance.now() - since > idleMs)) {
      idle.splice(idle.indexOf(entry), 1)
      void entry.session.close()
    }
  }
  async function closeAll(): Promise<void> {
    if (sweeper !== null) clearInterval(sweeper)
    const until = performance.now() + closeMs
    for (const { session } of idle.splice(0)) void session.close()
    while (sessions.size > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5))
    for (const session of sessions) session.destroy()
  }

  async function sendAlone(statement: Statement): Promise<void> {
    try {
      const session = await acquire()
      // The driver reads the rest of the answer before the connection is free.
      session.send(statement, () => queueMicrotask(() => release(session)))
    } catch (error) {
      statement.reject(error)
    }
  }

  const { host, port, user, database } = template.options
  return {
    // The proxy carries out what Sql promises; drizzle and Sql use nothing else of the driver.
    sql: scope(template, (statement) => void sendAlone(statement), {
      begin: (...parts: unknown[]) => runTransaction(template, acquire, release, parts),
    }) as unknown as Sql,
    place: { server: `${host[0] ?? ''}:${port[0] ?? ''}`, user, database },
    close() {
      closed ??= closeAll()
      return closed
    },
  }
}

/** Parts of the driver that only make values. */
const makers = new Set<string | symbol>(['array', 'json', 'options', 'parameters', 'typed', 'types'])

/** postgres.js as it was, but its statements go where they are sent, and what would go elsewhere is refused. */
function scope(template: Driver, send: Send, verbs: Readonly<Record<string, unknown>>): Driver {
  return new Proxy(template, {
    // The driver is a tagged template; what it returns is a statement, or a fragment of one.
    apply: (target, self, parts) => direct(Reflect.apply(target as unknown as () => unknown, self, parts), send),
    get(target, key) {
      if (typeof key === 'string' && Object.hasOwn(verbs, key)) return verbs[key]
      if (key === 'unsafe') return (...parts: Parameters<Driver['unsafe']>) => direct(target.unsafe(...parts), send)
      if (makers.has(key)) return Reflect.get(target, key)
      if (typeof key === 'symbol' || !(key in target)) return undefined
      return () => {
        throw new Permanent(`database: ${key} of the driver goes around the pool`)
      }
    },
  })
}

/** A transaction under way. Its savepoints share it. */
interface Transaction {
  readonly template: Driver
  readonly session: Session
  ended: boolean
  savepoints: number
  /** The first statement that failed, for a commit that PostgreSQL turned into a rollback. */
  failure: unknown
}

async function runTransaction(
  template: Driver,
  acquire: () => Promise<Session>,
  release: (session: Session) => void,
  parts: readonly unknown[],
): Promise<unknown> {
  const options = typeof parts[0] === 'string' ? parts[0].replace(/[^a-z ]/gi, '') : ''
  const act = parts.at(-1) as (tx: Driver) => unknown
  const session = await acquire()
  const transaction: Transaction = { template, session, ended: false, savepoints: 0, failure: undefined }
  try {
    await control(transaction, `begin ${options}`)
    const result = await settle(act(transactionScope(transaction)))
    const { command } = await control(transaction, 'commit')
    // What failed was ignored by the transaction's function, but not by PostgreSQL.
    if (command === 'ROLLBACK') throw transaction.failure
    return result
  } catch (error) {
    if (!session.gone) await control(transaction, 'rollback').catch(() => session.destroy())
    throw error
  } finally {
    transaction.ended = true
    release(session)
  }
}

async function runSavepoint(transaction: Transaction, parts: readonly unknown[]): Promise<unknown> {
  const act = parts.at(-1) as (tx: Driver) => unknown
  transaction.savepoints += 1
  const name = `s${transaction.savepoints}`
  await control(transaction, `savepoint ${name}`)
  try {
    const result = await settle(act(transactionScope(transaction)))
    await control(transaction, `release savepoint ${name}`)
    return result
  } catch (error) {
    if (!transaction.session.gone) await control(transaction, `rollback to savepoint ${name}`)
    // A release that PostgreSQL refuses means: a statement before it failed, and nobody looked.
    throw faultOf(error)?.code === '25P02' ? (transaction.failure ?? error) : error
  }
}

function transactionScope(transaction: Transaction): Driver {
  const send: Send = (statement) => {
    const { reject } = statement
    statement.reject = (error) => {
      transaction.failure ??= error
      reject(error)
    }
    if (transaction.session.gone) statement.reject(lost())
    else if (transaction.ended) statement.reject(new Permanent('database: a statement came after the end of its transaction'))
    else transaction.session.send(statement)
  }
  return scope(transaction.template, send, { savepoint: (...parts: unknown[]) => runSavepoint(transaction, parts) })
}

/** A statement of our own on the transaction's connection. */
function control(transaction: Transaction, text: string): Promise<{ readonly command?: string }> {
  const statement = transaction.template.unsafe(text)
  direct(statement, (sent) => (transaction.session.gone ? sent.reject(lost()) : transaction.session.send(sent)))
  return statement
}

/** As postgres.js has it: an array of promises stands for its results. */
async function settle(result: unknown): Promise<unknown> {
  const value = await result
  return Array.isArray(value) && value.some((item) => item instanceof Promise) ? await Promise.all(value) : value
}

import { connect, type Socket } from 'node:net'
import postgres from 'postgres'
import { Invalid, Transient, type NamesakeError } from '../errors.ts'
import { arrayTypes, formatArray, parseArray } from './arrays.ts'
import { storableJson } from './storable.ts'
import { endsSession, translateError } from './translate-error.ts'

/** postgres.js with int8 as bigint, as drizzle reads it. */
export type Driver = postgres.Sql<{ bigint: bigint }>

/** The inside of a postgres.js query: how it is sent, and how it ends. Not in the driver's types, but in its design. */
export interface Statement {
  handler: (statement: Statement) => unknown
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

export interface SessionOptions {
  readonly url: string
  readonly applicationName: string
  /** Called once, when the connection is lost or closed, whoever ended it. */
  readonly onGone: () => void
}

/**
 * One connection, from its first statement to its end, never a second one. The driver's own pool takes a lost
 * connection up again while statements of the old one are still on their way: it ends the process by writing to a
 * closed socket, answers some statements never, and commits one transaction's writes with another's
 * (porsager/postgres issues 1154, 1208, 1216 and pull requests 1209, 1215; all of them in 3.4.9). Here a connection
 * that is lost takes its statements with it, and nothing else.
 */
export interface Session {
  readonly gone: boolean
  /** When it was made, in milliseconds of `performance.now()`. */
  readonly since: number
  /** Sends a statement that was made by `unconnected`; `settled` is called once when it has ended. */
  send(statement: Statement, settled?: () => void): void
  /** Says goodbye to the server, waits at most a second. */
  close(): Promise<void>
  /** Cuts the connection. */
  destroy(): void
}

const connectSeconds = 10
/** First bytes of a PostgreSQL server: authentication, error, notice, answers to the TLS question, version. */
const firstBytes = new Set([...'RENSv'].map((letter) => letter.charCodeAt(0)))

/** A client that never connects: it reads the URL and makes statements for sessions. @throws Invalid for the URL */
export function unconnected(url: string): Driver {
  return makeClient(url, 'namesake', { socket: () => Promise.reject(codedError('CONNECTION_CLOSED')) })
}

export type Send = (statement: Statement) => void

/** Sends a statement there when it is awaited. What is no statement (a fragment, a list of names) stays as it is. */
export function direct<Made>(made: Made, send: Send): Made {
  // A postgres.js query carries its own handler, which it calls when it is awaited.
  if (made instanceof Promise) (made as unknown as Statement).handler = send
  return made
}

/** @throws Invalid for the URL; that nobody answers is told by the first statement */
export function openSession(options: SessionOptions): Session {
  const sent = new Set<Statement>()
  let gone = false
  let socket: Socket | null = null
  let sockets = 0

  function lose(): void {
    if (gone) return
    gone = true
    options.onGone()
    // The driver tells them itself, as a rule. Those that it forgot must not wait for ever.
    setImmediate(() => {
      for (const statement of sent) statement.reject(codedError('CONNECTION_CLOSED'))
    })
  }
  const client = makeClient(options.url, options.applicationName, {
    onclose: lose,
    socket: (address: Address) => {
      sockets += 1
      // Once more for each further host of the URL, but never the same one again.
      if (sockets > address.host.length || gone) {
        lose()
        return Promise.reject(codedError('CONNECTION_CLOSED'))
      }
      socket = openSocket(address, sockets - 1)
      if (sockets === address.host.length) socket.once('close', lose)
      return Promise.resolve(socket)
    },
  })
  const handler = (client.unsafe('') as unknown as Statement).handler
  const since = performance.now()

  return {
    since,
    get gone() {
      return gone
    },
    send(statement, settled = () => {}) {
      const { resolve, reject } = statement
      function end(): void {
        if (sent.delete(statement)) settled()
      }
      sent.add(statement)
      statement.resolve = (result) => {
        resolve(result)
        end()
      }
      statement.reject = (error) => {
        if (endsSession(error)) lose()
        reject(translateError(error))
        end()
      }
      if (gone) statement.reject(codedError('CONNECTION_CLOSED'))
      else handler(statement)
    },
    async close() {
      await client.end({ timeout: 1 })
      socket?.destroy()
      lose()
    },
    destroy() {
      socket?.destroy()
      lose()
    },
  }
}

/** What the driver hands to a socket factory, as far as we use it. */
interface Address {
  readonly host: readonly string[]
  readonly port: readonly number[]
  /** Unix socket; empty when there is none. */
  readonly path?: string | false
}

/** The driver reads the host back for TLS and for its messages. */
type NamedSocket = Socket & { host?: string | undefined }

/**
 * A socket that fails when nobody speaks PostgreSQL at the other end: by itself the driver takes a connection that
 * closes without a word (a proxy whose database is down) for an accident and connects again at once, for ever.
 */
function openSocket({ host, port, path }: Address, index: number): Socket {
  const name = host[index] ?? 'localhost'
  const unix = path !== undefined && path !== false && path !== ''
  const socket: NamedSocket = unix ? connect(path) : connect(port[index] ?? 5432, name)
  socket.host = name
  socket.once('data', (bytes: Uint8Array) => {
    if (!firstBytes.has(bytes[0] ?? 0)) socket.destroy(codedError('NOT_POSTGRES'))
  })
  socket.once('end', () => {
    if (socket.bytesRead === 0) socket.destroy(codedError('ECONNRESET'))
  })
  return socket
}

/** An error as the driver makes them, told by its code. */
function codedError(code: string): Error {
  return Object.assign(new Error('the connection failed'), { code })
}

/** For a statement that comes too late. */
export function lost(): NamesakeError {
  return new Transient('database: the transaction lost its connection')
}

function makeClient(url: string, applicationName: string, more: { readonly onclose?: () => void; readonly socket: unknown }): Driver {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new Invalid('database.url must start with postgres:// or postgresql://')
  const settings = {
    max: 1,
    // Their end is decided by the pool: the driver would close a connection in the middle of a transaction.
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: connectSeconds,
    // Where this is reached, statements are left lying (porsager/postgres issue 1189).
    max_pipeline: 1_000_000,
    connection: { application_name: applicationName },
    types: { bigint: postgres.BigInt },
    fetch_types: false,
    onnotice: () => {},
    // `socket` is documented, but missing in the driver's types.
    ...more,
  }
  try {
    const client = postgres(url, settings)
    leaveJsonToDrizzle(client)
    learnArrays(client)
    return client
  } catch {
    // The parser's own error repeats the URL.
    throw new Invalid('database.url is not a URL: special characters in user and password must be percent-encoded')
  }
}

/** drizzle hands over JSON as text, and parses again what reaches it as text: that must still be JSON. */
function leaveJsonToDrizzle({ options: { parsers, serializers } }: Driver): void {
  for (const type of [114, 3802]) {
    serializers[type] = (value: unknown) => storableJson(typeof value === 'string' ? value : JSON.stringify(value))
    parsers[type] = (text: string) => (text.startsWith('"') ? text : JSON.parse(text))
  }
}

/** The driver would ask each new connection for them, and nobody hears when that statement fails. */
function learnArrays({ options }: Driver): void {
  // `shared` is missing in the driver's types; `array()` of the driver reads it.
  const { parsers, serializers, shared } = options as typeof options & { shared: { typeArrayMap: Record<number, number> } }
  for (const [element, array] of arrayTypes) {
    const read = parsers[element] ?? String
    const write = serializers[element] ?? String
    shared.typeArrayMap[element] = array
    parsers[array] = (text: string) => parseArray(text, read)
    serializers[array] = (values: unknown) => (Array.isArray(values) ? formatArray(values, (value) => String(write(value))) : values)
  }
}

import { connect, type Socket } from 'node:net'

/** What postgres.js hands to a socket factory, as far as we use it. */
interface Address {
  readonly host: readonly string[]
  readonly port: readonly number[]
  /** Unix socket; empty when there is none. */
  readonly path?: string | false
}

/** postgres.js reads the host back for TLS and for its messages. */
type NamedSocket = Socket & { host?: string | undefined }

/** First bytes of a PostgreSQL server: authentication, error, notice, answers to the TLS question, version. */
const firstBytes = new Set([...'RENSv'].map((letter) => letter.charCodeAt(0)))

/**
 * Sockets for postgres.js that fail when nobody speaks PostgreSQL at the other end. By itself the driver takes a
 * connection that closes without a word (a proxy whose database is down) for an accident and connects again at once,
 * for ever, and the statement is never answered.
 * @returns a factory that goes round the hosts of the URL
 */
export function socketFactory(): (address: Address) => Socket {
  let turn = 0
  return ({ host, port, path }) => {
    const index = turn % Math.max(host.length, 1)
    turn += 1
    const name = host[index] ?? 'localhost'
    const socket: NamedSocket = path !== undefined && path !== false && path !== '' ? connect(path) : connect(port[index] ?? 5432, name)
    socket.host = name
    socket.once('data', (bytes: Uint8Array) => {
      if (!firstBytes.has(bytes[0] ?? 0)) socket.destroy(failure('NOT_POSTGRES'))
    })
    socket.once('end', () => {
      if (socket.bytesRead === 0) socket.destroy(failure('ECONNRESET'))
    })
    return socket
  }
}

/** A driver error, told by its code: `translateError` makes it one of the closed set. */
function failure(code: string): Error {
  return Object.assign(new Error('the server does not answer'), { code })
}

import { WebSocket } from 'undici'
import { Permanent, Transient } from '../errors.ts'
import { siteOf } from './addresses.ts'

export interface SocketOptions {
  /** The address that the other side gave: a secret, it appears in no error. */
  readonly url: string
  /** A configured URL: the socket may lead to its site only, and be unencrypted only if that is. */
  readonly home: string
  /** A text message; longer ones than 1 MiB end the connection. */
  onMessage(text: string): void
  /** Once, however it ended. */
  onClose(): void
}

export interface OpenSocket {
  send(text: string): void
  close(): void
}

const openTimeoutMs = 15_000
const mostCharacters = 1024 * 1024

/**
 * Opens a WebSocket to a place that the site of `home` named. The only way to open one.
 * @throws Permanent another site, or no encryption | Transient not opened in time
 */
export async function openSocket({ url, home, onMessage, onClose }: SocketOptions): Promise<OpenSocket> {
  const { hostname } = new URL(home)
  if (!URL.canParse(url)) throw new Permanent(`${hostname}: named no address for a connection`)
  const target = new URL(url)
  const encrypted = target.protocol === 'wss:'
  if (!encrypted && !(target.protocol === 'ws:' && new URL(home).protocol === 'http:')) throw new Permanent(`${hostname}: named a connection without encryption, nothing was sent`)
  if (siteOf(target.hostname) !== siteOf(hostname)) throw new Permanent(`${hostname}: named a connection to another site, nothing was sent`)
  const socket = new WebSocket(url)
  const { promise, resolve, reject } = Promise.withResolvers<OpenSocket>()
  const timer = setTimeout(() => {
    reject(new Transient(`${hostname}: the connection was not opened within ${openTimeoutMs} ms`))
    socket.close()
  }, openTimeoutMs)
  let opened = false
  socket.addEventListener('open', () => {
    opened = true
    clearTimeout(timer)
    resolve({ send: (text) => socket.send(text), close: () => socket.close() })
  })
  socket.addEventListener('message', ({ data }) => {
    if (typeof data !== 'string' || data.length > mostCharacters) socket.close()
    else onMessage(data)
  })
  // An error is followed by its close.
  socket.addEventListener('error', () => undefined)
  socket.addEventListener('close', () => {
    clearTimeout(timer)
    if (opened) onClose()
    else reject(new Transient(`${hostname}: the connection could not be opened`))
  })
  return promise
}

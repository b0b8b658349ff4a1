import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { z } from 'zod'

/** Where Socket Mode connects; Slack sends each envelope to one of the connections. https://docs.slack.dev/apis/events-api/using-socket-mode */
export interface SocketDoor {
  /** A new address, good for one connection. */
  newUrl(): string
  upgrade(request: IncomingMessage, socket: Duplex): void
  connections(): number
  /** Connections that were opened so far. */
  opened(): number
  /** Sends an envelope to the newest connection; resolves with what was acknowledged. Rejects when nobody is connected or it is not acknowledged. */
  deliver(payload: Readonly<Record<string, unknown>>, options?: { readonly withinMs?: number }): Promise<unknown>
  /** Slack asks every connection to come back, or cuts it. */
  disconnect(how: 'asked' | 'cut'): void
  close(): void
}

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const acknowledgement = z.looseObject({ envelope_id: z.string(), payload: z.unknown().optional() })

/** As much of RFC 6455 as one client needs: text frames of at most 64 KiB, ping, close. */
export function createSocketDoor(url: () => string): SocketDoor {
  const tickets = new Set<string>()
  let open: readonly Duplex[] = []
  let opened = 0
  const waiting = new Map<string, (payload: unknown) => void>()

  function receive(socket: Duplex, opcode: number, data: Buffer): void {
    if (opcode === 0x9) socket.write(frame(0xa, data))
    if (opcode === 0x8) socket.end(frame(0x8, data.subarray(0, 2)))
    if (opcode !== 0x1) return
    const parsed = acknowledgement.safeParse(JSON.parse(data.toString('utf8')))
    if (!parsed.success) return
    waiting.get(parsed.data.envelope_id)?.(parsed.data.payload ?? null)
    waiting.delete(parsed.data.envelope_id)
  }

  return {
    newUrl() {
      const ticket = randomUUID()
      tickets.add(ticket)
      return `${url().replace(/^http/, 'ws')}/slack-socket?ticket=${ticket}`
    },
    upgrade(request, socket) {
      const asked = new URL(request.url ?? '/', 'http://sandbox')
      const key = request.headers['sec-websocket-key']
      if (asked.pathname !== '/slack-socket' || !tickets.delete(asked.searchParams.get('ticket') ?? '') || key === undefined) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
        return
      }
      const accept = createHash('sha1').update(`${key}${guid}`).digest('base64')
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
      open = [...open, socket]
      opened += 1
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        open = open.filter((one) => one !== socket)
      })
      let pending = Buffer.alloc(0)
      socket.on('data', (chunk: Buffer) => {
        pending = Buffer.concat([pending, chunk])
        for (let next = readFrame(pending); next !== null; next = readFrame(pending)) {
          pending = pending.subarray(next.length)
          receive(socket, next.opcode, next.data)
        }
      })
      socket.write(text({ type: 'hello', num_connections: open.length, connection_info: { app_id: 'A0SANDBOX' } }))
    },
    connections: () => open.length,
    opened: () => opened,
    deliver(payload, { withinMs = 3_000 } = {}) {
      const socket = open.at(-1)
      if (socket === undefined) return Promise.reject(new Error('nobody is connected'))
      const id = randomUUID()
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id)
          reject(new Error('not acknowledged in time'))
        }, withinMs)
        waiting.set(id, (acknowledged) => {
          clearTimeout(timer)
          resolve(acknowledged)
        })
        socket.write(text({ type: 'interactive', envelope_id: id, accepts_response_payload: true, payload }))
      })
    },
    disconnect(how) {
      for (const socket of open) {
        if (how === 'asked') socket.write(text({ type: 'disconnect', reason: 'refresh_requested' }))
        else socket.destroy()
      }
    },
    close() {
      for (const socket of open) socket.destroy()
    },
  }
}

function text(value: object): Buffer {
  return frame(0x1, Buffer.from(JSON.stringify(value)))
}

/** A server's frames are not masked. */
function frame(opcode: number, data: Buffer): Buffer {
  const head = data.length < 126 ? Buffer.from([0x80 | opcode, data.length]) : Buffer.from([0x80 | opcode, 126, data.length >> 8, data.length & 0xff])
  return Buffer.concat([head, data])
}

/** The first whole frame of what came; null: it is not all there yet. */
function readFrame(bytes: Buffer): { readonly opcode: number; readonly data: Buffer; readonly length: number } | null {
  if (bytes.length < 2) return null
  const opcode = bytes.readUInt8(0) & 0xf
  const short = bytes.readUInt8(1) & 0x7f
  const masked = (bytes.readUInt8(1) & 0x80) !== 0
  const extended = short === 126 ? 2 : 0
  if (bytes.length < 2 + extended) return null
  const size = short === 126 ? bytes.readUInt16BE(2) : short
  const start = 2 + extended + (masked ? 4 : 0)
  if (bytes.length < start + size) return null
  const data = Buffer.from(bytes.subarray(start, start + size))
  if (masked) {
    const mask = bytes.subarray(start - 4, start)
    for (let index = 0; index < data.length; index += 1) data.writeUInt8(data.readUInt8(index) ^ mask.readUInt8(index % 4), index)
  }
  return { opcode, data, length: start + size }
}

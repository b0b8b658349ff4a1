import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

/** A TCP relay in front of a real server, which can be cut and mended: an outage without touching the server. */
export interface Wire {
  readonly port: number
  /** Open connections break, new ones are refused. */
  cut(): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

export async function openWire(target: { readonly host: string; readonly port: number }): Promise<Wire> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.pipe(near)
  })
  const listen = (port: number) => new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  const cut = () => new Promise<void>((resolve) => {
    if (server.listening) server.close(() => resolve())
    else resolve()
    for (const socket of sockets) socket.destroy()
  })
  await listen(0)
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo
  return { port, cut, mend: () => listen(port), close: cut }
}

import { createServer, type AddressInfo } from 'node:net'

/** Free a moment ago, on loopback: for a server whose origin has to be known before it listens. */
export async function freePort(): Promise<number> {
  const socket = createServer()
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve))
  // Listens on TCP: its address is never a path.
  const { port } = socket.address() as AddressInfo
  await new Promise((resolve) => socket.close(resolve))
  return port
}

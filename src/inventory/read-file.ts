import { open } from 'node:fs/promises'

/** Bytes of one inventory file: half a million names. More is the wrong file. */
export const maxFileBytes = 50 * 1024 * 1024

/**
 * The bytes of a file, at most one more than `maxFileBytes`: who asks sees that it is too large, and nobody holds a
 * disk image in memory.
 * @throws the error of the file system (`code`); EISDIR for anything that is not a regular file
 */
export async function readInventoryFile(path: string): Promise<Uint8Array> {
  const handle = await open(path)
  try {
    const { size } = await regular(handle)
    const buffer = Buffer.alloc(Math.min(size, maxFileBytes) + 1)
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return buffer.subarray(0, length)
  } finally {
    await handle.close()
  }
}

async function regular(handle: Awaited<ReturnType<typeof open>>): Promise<{ readonly size: number }> {
  const stat = await handle.stat()
  // Reading a pipe or a device could wait for ever.
  if (!stat.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'EISDIR' })
  return stat
}

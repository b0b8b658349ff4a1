import { open, type FileHandle } from 'node:fs/promises'
import { Transient } from '../../errors.ts'
import { refuse } from '../refusal.ts'

/** What a person has to mend: the folder is missing, the file may not be written, it is a folder. */
const forGood = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'EROFS', 'ELOOP', 'ENAMETOOLONG'])

/**
 * Appends lines in one write and forces them to the disk: only then are they told. The file is opened for each write, so
 * that one which logrotate moved away is made anew; it is readable for its owner alone. A line that an earlier write
 * left half is ended first.
 * @throws Permanent (`destination`) | Transient (the disk is full, say)
 */
export async function appendLines(path: string, lines: readonly string[]): Promise<void> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'a+', 0o600)
    const text = `${(await endsInALine(file)) ? '' : '\n'}${lines.join('\n')}\n`
    const bytes = Buffer.from(text)
    const { bytesWritten } = await file.write(bytes)
    if (bytesWritten !== bytes.length) throw new Transient('the file took only a part of the events')
    await file.datasync()
  } catch (error) {
    if (error instanceof Transient) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    // No path in the message: it may hold names of ours.
    if (forGood.has(code)) throw refuse('destination', `the file cannot be written (${code})`)
    throw new Transient(`the file could not be written (${code})`)
  } finally {
    await file?.close()
  }
}

async function endsInALine(file: FileHandle): Promise<boolean> {
  const stat = await file.stat()
  // A pipe or device has no end to look at.
  if (!stat.isFile() || stat.size === 0) return true
  const last = Buffer.alloc(1)
  await file.read(last, 0, 1, stat.size - 1)
  return last[0] === 0x0a
}

import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { NamesakeError } from '../errors.ts'
import { readTar } from './read-tar.ts'
import { readZip } from './read-zip.ts'

export type ArchiveKind = 'zip' | 'tar' | 'tar.gz' | 'gz'

/** An archive on disk, or in memory. `size` is what it takes there. */
export type ArchiveBytes = { readonly file: string | Buffer; readonly size: number } | { readonly bytes: Buffer; readonly size: number }

/** A file inside an archive. Without bytes: the reason in words, or null when it is too large. */
export interface Entry {
  readonly name: string
  /** Bytes; null where reading stopped at the limit. */
  readonly size: number | null
  readonly bytes: Buffer | null
  readonly reason: string | null
}

export interface ArchiveLimits {
  /** Bytes of one entry. */
  readonly maxBytes: number
  readonly maxEntries: number
  /** Bytes of all entries together, unpacked. */
  readonly maxTotal: number
  /** Unpacked bytes for one packed byte, beyond the first `freeBytes`. */
  readonly maxRatio: number
  readonly freeBytes: number
}

export interface Allowance {
  readonly limits: ArchiveLimits
  /** Of the outermost archive; absent: this is the outermost. */
  readonly budget?: Budget
}

export const archiveLimits: Omit<ArchiveLimits, 'maxBytes'> = {
  maxEntries: 100_000,
  maxTotal: 4 * 1024 ** 3,
  // Deflate reaches 1,032; ordinary text 3 to 10, generated text 50.
  maxRatio: 100,
  freeBytes: 10 * 1024 * 1024,
}

const endings: readonly (readonly [RegExp, ArchiveKind])[] = [
  [/\.(?:zip|jar|war|ear|aar|whl|egg|nupkg|snupkg|vsix|docx|xlsx|pptx|odt|ods|odp)$/i, 'zip'],
  [/\.tar$|\.gem$/i, 'tar'],
  [/\.tgz$|\.tar\.gz$|\.crate$/i, 'tar.gz'],
  [/\.gz$/i, 'gz'],
]

/** Packed too, and not in a way that we can open. */
const closed = /\.(?:7z|bz2|cab|lz4|lzma|rar|tbz|tbz2|txz|xz|zst)$/i

export function isClosedArchive(path: string): boolean {
  return closed.test(path)
}

/** What kind of archive a path says that it is; null: none that we open. */
export function archiveKindOf(path: string): ArchiveKind | null {
  return endings.find(([pattern]) => pattern.test(path))?.[1] ?? null
}

/** Of zip, of a script in front of one, of gzip, bzip2, 7z and rar; all others have a NUL early. */
const beginnings = ['PK', '#!', '\u001f\u008b', 'BZh', '7z', 'Rar!']

/** Bytes that `isPacked` looks at. */
export const headBytes = 8_000

/**
 * Whether a file begins like something packed. A pointer of Git LFS, an error page or an empty file under the name of
 * an archive holds all that it has to say. A script in front of a zip archive makes it run by itself.
 */
export function isPacked(head: Buffer): boolean {
  return head.subarray(0, headBytes).includes(0) || beginnings.some((beginning) => head.toString('latin1', 0, beginning.length) === beginning)
}

/** What may still be unpacked, of an archive and all that lies inside it. */
export interface Budget {
  entries: number
  bytes: number
}

/** @param size bytes of the outermost archive */
export function budgetFor(size: number, limits: Omit<ArchiveLimits, 'maxBytes'>): Budget {
  return { entries: limits.maxEntries, bytes: Math.min(limits.maxTotal, size * limits.maxRatio + limits.freeBytes) }
}

/**
 * The entries of an archive, one at a time, within the limits. An archive inside the archive is an entry like any
 * other: whether to open it is for the caller to say, with the same budget.
 * @param gap told in words when the archive could not be read to its end: damaged, or beyond a limit
 */
export async function* readArchive(kind: ArchiveKind, archive: ArchiveBytes, name: string, { limits, budget = budgetFor(archive.size, limits) }: Allowance, gap: (reason: string) => void): AsyncGenerator<Entry> {
  const own = budgetFor(archive.size, limits)
  let entries = 0
  try {
    for await (const entry of open(kind, archive, name, limits)) {
      entries += 1
      budget.entries -= 1
      if (budget.entries < 0) {
        gap(`the archive, with all archives inside it, has more than ${limits.maxEntries.toLocaleString('en')} entries; the others were not looked at`)
        return
      }
      const length = entry.bytes?.length ?? 0
      own.bytes -= length
      budget.bytes -= length
      yield entry
      if (own.bytes < 0 || budget.bytes < 0) {
        gap('the archive unpacks to much more than it could honestly hold; the rest was not looked at')
        return
      }
    }
  } catch (error) {
    gap(`the archive could not be read${entries === 0 ? '' : ' to its end'}: ${reasonOf(error)}`)
  }
}

function open(kind: ArchiveKind, archive: ArchiveBytes, name: string, limits: ArchiveLimits): AsyncIterable<Entry> {
  if (kind === 'zip') return readZip(archive, limits.maxBytes)
  const stream = 'file' in archive ? createReadStream(archive.file, { highWaterMark: 1024 * 1024 }) : Readable.from([archive.bytes])
  if (kind === 'tar') return readTar(stream, limits.maxBytes)
  const unpacked = gunzip(stream)
  return kind === 'tar.gz' ? readTar(within(unpacked, archive.size, limits), limits.maxBytes) : readOne(unpacked, name.replace(/\.gz$/i, ''), limits)
}

async function* gunzip(stream: Readable): AsyncGenerator<Buffer> {
  const unzip = createGunzip()
  // An error of the file is told where the content is read.
  stream.on('error', (error) => unzip.destroy(error))
  stream.pipe(unzip)
  try {
    for await (const chunk of unzip) yield chunk
  } finally {
    stream.destroy()
    unzip.destroy()
  }
}

/** Entries that are skipped are unpacked all the same: the stream has the limits of the archive. */
async function* within(stream: AsyncIterable<Buffer>, size: number, limits: ArchiveLimits): AsyncGenerator<Buffer> {
  let left = Math.min(limits.maxTotal, size * limits.maxRatio + limits.freeBytes)
  for await (const chunk of stream) {
    left -= chunk.length
    if (left < 0) throw new RangeError('too large')
    yield chunk
  }
}

/** A compressed file: one entry, named after the archive without its ending. */
async function* readOne(stream: AsyncIterable<Buffer>, name: string, limits: ArchiveLimits): AsyncGenerator<Entry> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > limits.maxBytes) {
      yield { name: baseOf(name), size: null, bytes: null, reason: null }
      return
    }
    chunks.push(chunk)
  }
  yield { name: baseOf(name), size, bytes: Buffer.concat(chunks), reason: null }
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function reasonOf(error: unknown): string {
  if (error instanceof NamesakeError) return error.message
  if (error instanceof RangeError) return 'it unpacks to much more than it could honestly hold'
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === '' || code.startsWith('Z_')) return 'its compressed data is damaged'
  return `the system says ${code}`
}

import type { Collector, Subject } from './collect.ts'
import { archiveKindOf, archiveLimits, budgetFor, isClosedArchive, isPacked, readArchive, type ArchiveBytes, type ArchiveKind, type Budget } from './read-archive.ts'

export interface Taking {
  readonly collector: Collector
  /** Bytes of one document. */
  readonly maxBytes: number
  /** The rules of `ignore.paths`, on paths relative to what is scanned. */
  readonly isIgnored: (path: string) => boolean
  readonly signal: AbortSignal
}

/** @param size in bytes; null where reading stopped at the limit */
export function tooLarge(size: number | null, maxBytes: number): string {
  return `has ${size === null ? '' : `${megabytes(size)}, `}more than --max-bytes allows (${megabytes(maxBytes)}), and was not looked at`
}

function megabytes(bytes: number): string {
  return bytes < 1_000_000 ? `${bytes.toLocaleString('en')} bytes` : `${(bytes / 1_000_000).toLocaleString('en', { maximumFractionDigits: 1 })} MB`
}

/** Archives that may lie inside each other: a library in a web archive in a distribution in an image. */
const maxDepth = 8

/** Hands a document over; an archive is opened, and its entries are handed over one by one. */
export async function takeDocument(subject: Subject, bytes: Buffer, taking: Taking): Promise<void> {
  const kind = archiveKindOf(subject.inner)
  if (!isPacked(bytes)) return takePlain(subject, bytes, taking)
  if (kind !== null) return takeArchive(subject, kind, { bytes, size: bytes.length }, taking)
  if (isClosedArchive(subject.inner)) return taking.collector.gap(subject.shown, closedReason)
  await takePlain(subject, bytes, taking)
}

export const closedReason = 'is packed in a way that cannot be opened here'

export async function takePlain(subject: Subject, bytes: Uint8Array, { collector, maxBytes }: Taking): Promise<void> {
  if (bytes.length > maxBytes) return collector.gap(subject.shown, tooLarge(bytes.length, maxBytes))
  collector.room(subject, bytes.length).set(bytes)
  await collector.flow()
}

/** The outermost archive that something lies in. */
interface Outermost {
  readonly budget: Budget
  readonly depth: number
}

/**
 * The entries of an archive, shown as `archive.zip!/inner/path`, and of the archives inside it: all of them together
 * have the limits of the outermost.
 */
export async function takeArchive(subject: Subject, kind: ArchiveKind, archive: ArchiveBytes, taking: Taking, outermost?: Outermost): Promise<void> {
  const { collector, signal, maxBytes } = taking
  const { budget, depth } = outermost ?? { budget: budgetFor(archive.size, archiveLimits), depth: 1 }
  const closed: string[] = []
  let handedOver = 0
  const entries = readArchive(kind, archive, subject.inner, { limits: { ...archiveLimits, maxBytes }, budget }, (reason) => collector.gap(subject.shown, reason))
  for await (const { name, size, bytes, reason } of entries) {
    if (signal.aborted) return
    const inside = { ...subject, shown: `${subject.shown}!/${name}`, inner: `${subject.inner}!/${name}` }
    const inner = bytes !== null && isPacked(bytes) ? archiveKindOf(name) : null
    if (taking.isIgnored(name) || taking.isIgnored(inside.inner)) collector.ignore()
    else if (bytes === null) collector.gap(inside.shown, reason === null ? tooLarge(size, maxBytes) : `cannot be read: ${reason}`)
    else if (isClosedArchive(name) && isPacked(bytes)) closed.push(name)
    else if (inner === null) {
      handedOver += 1
      await takePlain(inside, bytes, taking)
    }
    else if (depth >= maxDepth) collector.gap(inside.shown, `lies in ${depth} archives inside each other, and was not opened`)
    else {
      handedOver += 1
      await takeArchive(inside, inner, { bytes, size: bytes.length }, taking, { budget, depth: depth + 1 })
    }
  }
  collector.unpacked(handedOver)
  const [first] = closed
  if (first === undefined) return
  const others = closed.length === 1 ? '' : ` and ${(closed.length - 1).toLocaleString('en')} more`
  collector.gap(subject.shown, `holds what is packed in a way that cannot be opened here: ${first}${others}`)
}

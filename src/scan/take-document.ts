import type { Collector, Subject } from './collect.ts'
import { archiveKindOf, archiveLimits, isClosedArchive, readArchive, type ArchiveBytes, type ArchiveKind } from './read-archive.ts'

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

/** Hands a document over; an archive is opened, and its entries are handed over one by one. */
export async function takeDocument(subject: Subject, bytes: Buffer, taking: Taking): Promise<void> {
  const kind = archiveKindOf(subject.inner)
  if (kind !== null) return takeArchive(subject, kind, { bytes, size: bytes.length }, taking)
  if (isClosedArchive(subject.inner)) return taking.collector.gap(subject.shown, 'is packed in a way that cannot be opened here')
  await takePlain(subject, bytes, taking)
}

async function takePlain(subject: Subject, bytes: Uint8Array, { collector, maxBytes }: Taking): Promise<void> {
  if (bytes.length > maxBytes) return collector.gap(subject.shown, tooLarge(bytes.length, maxBytes))
  collector.room(subject, bytes.length).set(bytes)
  await collector.flow()
}

/** The entries of an archive, shown as `archive.zip!/inner/path`. Archives inside it are not opened, and told. */
export async function takeArchive(subject: Subject, kind: ArchiveKind, archive: ArchiveBytes, taking: Taking): Promise<void> {
  const { collector, signal, maxBytes } = taking
  const unopened: string[] = []
  const entries = readArchive(kind, archive, subject.inner, { ...archiveLimits, maxBytes }, (reason) => collector.gap(subject.shown, reason))
  for await (const { name, size, bytes, reason } of entries) {
    if (signal.aborted) return
    const inside = { ...subject, shown: `${subject.shown}!/${name}`, inner: `${subject.inner}!/${name}` }
    if (taking.isIgnored(name) || taking.isIgnored(inside.inner)) collector.ignore()
    else if (archiveKindOf(name) !== null || isClosedArchive(name)) unopened.push(name)
    else if (bytes === null) collector.gap(inside.shown, reason === null ? tooLarge(size, maxBytes) : `cannot be read: ${reason}`)
    else await takePlain(inside, bytes, taking)
  }
  const [first] = unopened
  if (first === undefined) return
  const others = unopened.length === 1 ? '' : ` and ${(unopened.length - 1).toLocaleString('en')} more`
  collector.gap(subject.shown, `holds archives, and they were not opened: ${first}${others}`)
}

import { closeSync, constants, createReadStream, fstatSync, openSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { Invalid } from '../errors.ts'
import type { Subject } from './collect.ts'
import { codeOf, listFiles } from './list-files.ts'
import { archiveKindOf, headBytes, isClosedArchive, isPacked } from './read-archive.ts'
import { closedReason, takeArchive, takeDocument, tooLarge, type Taking } from './take-document.ts'

export interface FilesRequest {
  /** Files and folders as the person named them; `-` is standard input. */
  readonly paths: readonly string[]
  readonly noIgnore: boolean
  /** Absolute paths that are never read: what the scan itself writes. */
  readonly except: ReadonlySet<string>
  readonly stdin: { readonly stream: Readable; readonly path: string }
}

/** @throws Invalid when a path is not there: before anything is read */
export async function scanFiles(request: FilesRequest, taking: Taking): Promise<void> {
  const places = request.paths.map((named) => (named === '-' ? null : { named, kind: kindOf(named) }))
  for (const place of places) {
    if (taking.signal.aborted) return
    if (place === null) await takeStdin(request.stdin, taking)
    else if (place.kind === 'folder') await takeFolder(place.named, request, taking)
    else if (place.kind === 'file') await takeFile({ file: place.named, subject: { shown: slashed(place.named), inner: innerOf(place.named) }, follow: true }, taking)
    else await takePipe(place.named, taking)
  }
}

function kindOf(named: string): 'folder' | 'file' | 'pipe' {
  try {
    const found = statSync(named)
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'pipe'
  } catch (error) {
    const code = codeOf(error)
    const expected = code === 'ENOENT' ? 'there is no such file or folder' : `cannot be read: ${code}`
    throw new Invalid([{ where: 'command line', key: 'path', value: JSON.stringify(named), expected }], { cause: error })
  }
}

/** Paths in front of which a person stands as they are; of others the part below what was named. */
function innerOf(named: string, below = ''): string {
  const relative = path.relative('.', path.join(named, below))
  return slashed(relative.startsWith('..') || path.isAbsolute(relative) ? below || path.basename(named) : relative)
}

const slashed = (file: string): string => (path.sep === '/' ? file : file.replaceAll(path.sep, '/'))

async function takeFolder(named: string, request: FilesRequest, taking: Taking, depth = 0): Promise<void> {
  const show = (inner: string): string => slashed(inner === '' ? named : path.join(named, inner))
  const gap = (inner: string, reason: string): void => taking.collector.gap(show(inner), reason)
  for await (const listed of listFiles(named, { noIgnore: request.noIgnore, signal: taking.signal, gap })) {
    if (taking.signal.aborted) return
    const inner = innerOf(named, listed.inner)
    if (request.except.has(path.resolve(named, listed.inner))) continue
    if (taking.isIgnored(inner) || taking.isIgnored(listed.inner)) {
      taking.collector.ignore()
      continue
    }
    const subject = { shown: show(listed.inner), inner }
    const found = listed.isFolder ? 'folder' : await takeFile({ file: listed.file, subject, follow: false, mayBeGone: listed.mayBeGone }, taking)
    if (found !== 'folder') continue
    // A repository inside the repository: git names only its folder.
    if (depth >= 20) gap(listed.inner, 'repositories are nested too deeply; this one was not looked at')
    else await takeFolder(path.join(named, listed.inner), request, taking, depth + 1)
  }
}

interface Opening {
  readonly file: string | Buffer
  readonly subject: Subject
  /** Whether a symbolic link is followed; else it is read as git stores it: its target. */
  readonly follow: boolean
  readonly mayBeGone?: boolean
}

/** Read without waiting: the system's cache is faster than the event loop, and a batch is short. */
async function takeFile({ file, subject, follow, mayBeGone = false }: Opening, taking: Taking): Promise<'done' | 'folder'> {
  const { collector, maxBytes } = taking
  let descriptor: number | undefined
  try {
    // Windows knows neither flag. Without the second, opening a pipe would wait for its other end.
    descriptor = openSync(file, constants.O_RDONLY | (follow ? 0 : (constants.O_NOFOLLOW ?? 0)) | (constants.O_NONBLOCK ?? 0))
    const stat = fstatSync(descriptor)
    if (stat.isDirectory()) return 'folder'
    if (!stat.isFile()) return 'done'
    const kind = archiveKindOf(subject.inner)
    const packed = (kind !== null || isClosedArchive(subject.inner)) && isPacked(headOf(descriptor))
    if (packed && kind !== null) await takeArchive(subject, kind, { file, size: stat.size }, taking)
    else if (packed) collector.gap(subject.shown, closedReason)
    else if (stat.size > maxBytes) collector.gap(subject.shown, tooLarge(stat.size, maxBytes))
    else await takeDocument(subject, readFileSync(descriptor), taking)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ELOOP' && !follow) await takeLink(file, subject, taking)
    else if (code !== 'ENOENT' || !mayBeGone) collector.gap(subject.shown, `cannot be read: ${code}`)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
  return 'done'
}

function headOf(descriptor: number): Buffer {
  const head = Buffer.alloc(headBytes)
  return head.subarray(0, readSync(descriptor, head, 0, head.length, 0))
}

async function takeLink(file: string | Buffer, subject: Subject, taking: Taking): Promise<void> {
  const target = readlinkSync(file, { encoding: 'buffer' })
  taking.collector.room(subject, target.length).set(target)
  await taking.collector.flow()
}

async function takeStdin({ stream, path: named }: FilesRequest['stdin'], taking: Taking): Promise<void> {
  await takeStream(stream, { shown: named === '' ? '<stdin>' : slashed(named), inner: named === '' ? '' : innerOf(named) }, taking)
}

/** A pipe or a device that was named outright, as the shell's `<(command)` does. */
async function takePipe(named: string, taking: Taking): Promise<void> {
  await takeStream(createReadStream(named), { shown: slashed(named), inner: innerOf(named) }, taking)
}

async function takeStream(stream: Readable, subject: Subject, taking: Taking): Promise<void> {
  const { collector, maxBytes, signal } = taking
  const stop = (): void => void stream.destroy()
  signal.addEventListener('abort', stop, { once: true })
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      // Without an encoding a stream gives Buffers.
      const piece = chunk as Buffer
      size += piece.length
      if (size > maxBytes) return collector.gap(subject.shown, tooLarge(null, maxBytes))
      chunks.push(piece)
    }
    if (!signal.aborted) await takeDocument(subject, Buffer.concat(chunks), taking)
  } catch (error) {
    if (!signal.aborted) collector.gap(subject.shown, `cannot be read: ${codeOf(error)}`)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

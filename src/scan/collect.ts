import type { Gap, Recipe, ScanMention, ScanPlace, ScanProgress } from './contract.ts'
import type { Batch, BatchAnswer } from './read-batch.ts'
import { createPool, type PoolOptions } from './pool.ts'

/** One document on its way: how it is shown, and by which path its format is told. */
export interface Subject {
  readonly shown: string
  /** Relative to what is scanned, `/`-separated. */
  readonly inner: string
  readonly blob?: string
  /** What it is, where it is no file; with the commit that it belongs to. */
  readonly place?: ScanPlace
  readonly commit?: string
}

/** Takes documents, and holds what was found in them and what could not be looked at. */
export interface Collector {
  /** Room for the bytes of a document: fill it before anything else is called. */
  room(subject: Subject, length: number): Uint8Array
  /** Hands over what is full; await it after every document, so that memory stays bounded. */
  flow(): Promise<void>
  /** Resolves when everything that was handed in is answered. */
  drain(): Promise<void>
  close(): Promise<void>
  gap(path: string, reason: string): void
  /** A document that `ignore.paths` left out. */
  ignore(): void
  expect(documents: number): void
  /** An archive of which so many entries were handed over in its place. */
  unpacked(entries: number): void
  readonly mentions: readonly ScanMention[]
  readonly gaps: readonly Gap[]
  readonly documents: number
  readonly messages: number
  readonly bytes: number
  readonly ignored: number
}

export interface CollectorOptions extends PoolOptions {
  readonly onProgress: (progress: ScanProgress) => void
}

/** Bytes of a batch: long enough for a transfer to cost nothing, short enough for Ctrl-C. */
const batchBytes = 4 * 1024 * 1024
const batchDocuments = 4_000
/** Matching reads words of machine size, and a little beyond the end. */
const alignment = 64
const padding = 16
/** More places than a person reads; what is beyond is counted in a gap. */
const maxMentions = 100_000

function originOf({ blob, place, commit }: Subject): Pick<ScanMention, 'blob' | 'place' | 'commit'> {
  return { ...(blob === undefined ? {} : { blob }), ...(place === undefined ? {} : { place }), ...(commit === undefined ? {} : { commit }) }
}

export function createCollector(recipe: Recipe, options: CollectorOptions): Collector {
  const pool = createPool(recipe, options)
  const mentions: ScanMention[] = []
  const gaps: Gap[] = []
  let [documents, messages, bytes, ignored, surplus] = [0, 0, 0, 0, 0]
  let total: number | null = null
  let unpacked = 0
  let buffer: ArrayBuffer | undefined
  let used = 0
  let subjects: Subject[] = []
  let places: Batch['documents'][number][] = []
  const full: { batch: Batch; subjects: readonly Subject[] }[] = []

  function seal(): void {
    if (buffer !== undefined && places.length > 0) full.push({ batch: { buffer, documents: places }, subjects })
    buffer = undefined
    used = 0
    subjects = []
    places = []
  }

  function record(batch: Batch, of: readonly Subject[], answer: BatchAnswer | null): void {
    const failed = answer?.failed ?? [...of.keys()]
    for (const index of failed) gaps.push({ path: of[index]?.shown ?? '', reason: 'the program failed on it; this is a bug in namesake' })
    for (const { document, mentions: found } of answer?.found ?? []) {
      const subject = of[document]
      if (subject === undefined) continue
      for (const mention of found) {
        if (mentions.length >= maxMentions) surplus += 1
        else mentions.push({ ...mention, path: subject.shown, ...originOf(subject) })
      }
    }
    for (const [index, { length }] of batch.documents.entries()) {
      if (failed.includes(index)) continue
      bytes += length
      if (of[index]?.place === undefined) documents += 1
      else messages += 1
    }
    options.onProgress({ documents: documents + messages, bytes, totalDocuments: total === null ? null : Math.max(total + unpacked, documents + messages) })
  }

  async function flow(): Promise<void> {
    for (let next = full.shift(); next !== undefined; next = full.shift()) {
      const { batch, subjects: of } = next
      await pool.run(batch, (answer) => record(batch, of, answer))
    }
  }

  return {
    room(subject, length) {
      let start = Math.ceil(used / alignment) * alignment
      if (buffer === undefined || start + length + padding > buffer.byteLength || places.length >= batchDocuments) {
        seal()
        start = 0
        buffer = pool.buffer(Math.max(batchBytes, length + padding))
      }
      subjects.push(subject)
      places.push({ path: subject.inner, start, length })
      used = start + length + padding
      return new Uint8Array(buffer, start, length)
    },
    async flow() {
      if (full.length > 0) await flow()
    },
    async drain() {
      seal()
      await flow()
      await pool.drain()
      if (surplus > 0) gaps.push({ path: '', reason: `more than ${maxMentions.toLocaleString('en')} places were found; ${surplus.toLocaleString('en')} more are not listed` })
      surplus = 0
    },
    close: () => pool.close(),
    gap(path, reason) {
      gaps.push({ path, reason })
    },
    ignore() {
      ignored += 1
    },
    unpacked(entries) {
      unpacked += entries - 1
    },
    expect(count) {
      total = (total ?? 0) + count
    },
    mentions,
    gaps,
    get documents() {
      return documents
    },
    get messages() {
      return messages
    },
    get bytes() {
      return bytes
    },
    get ignored() {
      return ignored
    },
  }
}

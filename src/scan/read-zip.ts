import yauzl, { type ZipFile } from 'yauzl'
import { ContractBroken } from '../errors.ts'
import type { ArchiveBytes, Entry } from './read-archive.ts'

/** As yauzl's own, but names are ours to decode: a strange one must not cost the whole archive. */
const options = { lazyEntries: true, decodeStrings: false, autoClose: false }

/**
 * The files of a zip archive, one at a time, inflated. An entry above `maxBytes`, and one that cannot be read alone
 * (encrypted, an unknown method, damaged), comes without bytes.
 * @throws ContractBroken when it is no zip archive, or its directory is damaged
 */
export async function* readZip(archive: ArchiveBytes, maxBytes: number): AsyncGenerator<Entry> {
  let zip: ZipFile
  try {
    // It only hands the path to fs.open, which takes a Buffer too.
    zip = 'file' in archive ? await yauzl.openPromise(archive.file as string, options) : await yauzl.fromBufferPromise(archive.bytes, options)
  } catch (cause) {
    throw new ContractBroken('it is no zip archive, or its directory is damaged', { cause })
  }
  try {
    for (;;) {
      const entry = await nextEntry(zip)
      if (entry === null) return
      const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
      if (name.endsWith('/')) continue
      const size = entry.uncompressedSize
      if (entry.isEncrypted()) yield { name, size, bytes: null, reason: 'it is encrypted' }
      else if (!entry.canDecodeFileData()) yield { name, size, bytes: null, reason: 'its compression method is not known' }
      else if (size > maxBytes) yield { name, size, bytes: null, reason: null }
      else yield { name, size, ...(await readContent(zip, entry, maxBytes)) }
    }
  } finally {
    zip.close()
  }
}

function nextEntry(zip: ZipFile): Promise<yauzl.Entry | null> {
  return new Promise((resolve, reject) => {
    function settle(act: () => void): void {
      zip.off('entry', onEntry)
      zip.off('end', onEnd)
      zip.off('error', onError)
      act()
    }
    const onEntry = (entry: yauzl.Entry): void => settle(() => resolve(entry))
    const onEnd = (): void => settle(() => resolve(null))
    const onError = (cause: unknown): void => settle(() => reject(new ContractBroken('its directory is damaged', { cause })))
    zip.on('entry', onEntry)
    zip.on('end', onEnd)
    zip.on('error', onError)
    zip.readEntry()
  })
}

/** yauzl stops an entry that is longer than its header says. */
async function readContent(zip: ZipFile, entry: yauzl.Entry, maxBytes: number): Promise<Pick<Entry, 'bytes' | 'reason'>> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      // A readable stream of bytes gives Buffers; its type does not say so.
      const piece = chunk as Buffer
      length += piece.length
      if (length > maxBytes) return { bytes: null, reason: null }
      chunks.push(piece)
    }
  } catch {
    return { bytes: null, reason: 'it is damaged' }
  }
  return { bytes: Buffer.concat(chunks), reason: null }
}

import { ContractBroken } from '../errors.ts'
import type { Entry } from './read-archive.ts'

const blockLength = 512
/** Long names and extended headers; more is not a name. */
const maxHeader = 1024 * 1024

/** Reads exact numbers of bytes from a stream of chunks. */
interface Bytes {
  /** Null at the clean end of the stream. @throws ContractBroken when it ends inside */
  take(length: number): Promise<Buffer | null>
  skip(length: number): Promise<void>
}

function createBytes(stream: AsyncIterable<Buffer>): Bytes {
  const iterator = stream[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)

  async function more(): Promise<boolean> {
    const { done, value } = await iterator.next()
    if (done === true) return false
    held = value
    return true
  }

  /** Hands out pieces until there are so many bytes. */
  async function pull(length: number, each: (piece: Buffer, at: number) => void): Promise<number> {
    let at = 0
    while (at < length) {
      if (held.length === 0 && !(await more())) break
      const piece = held.subarray(0, length - at)
      each(piece, at)
      at += piece.length
      held = held.subarray(piece.length)
    }
    return at
  }

  return {
    async take(length) {
      const bytes = Buffer.allocUnsafe(length)
      const got = await pull(length, (piece, at) => piece.copy(bytes, at))
      if (got === 0 && length > 0) return null
      if (got < length) throw new ContractBroken('the archive ends too early')
      return bytes
    },
    async skip(length) {
      const got = await pull(length, () => {})
      if (got < length) throw new ContractBroken('the archive ends too early')
    },
  }
}

/**
 * The files of a tar archive (ustar, pax, GNU long names), one at a time. Links, folders and devices hold no content.
 * An entry above `maxBytes` comes without bytes.
 * @throws ContractBroken when it is no tar archive, is damaged, or ends too early
 */
export async function* readTar(stream: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Entry> {
  const bytes = createBytes(stream)
  let longName: string | null = null
  let extended: ReadonlyMap<string, string> = new Map()
  for (;;) {
    const header = await bytes.take(blockLength)
    // Two empty blocks are the end; many programs write one, or none.
    if (header === null || isEmpty(header)) return
    if (!hasGoodSum(header)) throw new ContractBroken('a header is damaged, or this is no tar archive')
    const type = String.fromCharCode(header[156] ?? 0)
    const size = Number(extended.get('size') ?? readNumber(header.subarray(124, 136)))
    if (!Number.isSafeInteger(size) || size < 0) throw new ContractBroken('an entry has no readable size')
    const padded = Math.ceil(size / blockLength) * blockLength
    if (['L', 'K', 'x', 'g'].includes(type)) {
      if (size > maxHeader) throw new ContractBroken('a header has more than 1 MB')
      const content = (await bytes.take(padded))?.subarray(0, size) ?? Buffer.alloc(0)
      if (type === 'L') longName = readText(content)
      if (type === 'x') extended = readPax(content)
      continue
    }
    const name = extended.get('path') ?? longName ?? nameOf(header)
    longName = null
    extended = new Map()
    const isFile = type === '0' || type === '\0' || type === '7'
    if (!isFile || size > maxBytes) {
      if (isFile) yield { name, size, bytes: null, reason: null }
      await bytes.skip(padded)
      continue
    }
    const content = size === 0 ? Buffer.alloc(0) : await bytes.take(size)
    if (content === null) throw new ContractBroken('the archive ends too early')
    yield { name, size, bytes: content, reason: null }
    await bytes.skip(padded - size)
  }
}

const isEmpty = (block: Buffer): boolean => block.every((byte) => byte === 0)

/** The sum of all bytes, its own field counted as spaces. */
function hasGoodSum(header: Buffer): boolean {
  let sum = 8 * 0x20
  for (const [at, byte] of header.entries()) if (at < 148 || at >= 156) sum += byte
  return sum === readNumber(header.subarray(148, 156))
}

/** Octal text, or base 256 where the first bit is set (GNU, for large files). */
function readNumber(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(BigInt(`0x${field.toString('hex')}`) & ~(1n << BigInt(field.length * 8 - 1)))
  const text = readText(field).trim()
  return text === '' ? 0 : /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN
}

function readText(field: Buffer): string {
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end === -1 ? field.length : end)
}

function nameOf(header: Buffer): string {
  const name = readText(header.subarray(0, 100))
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? readText(header.subarray(345, 500)) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Records `LENGTH KEY=VALUE\n`; the length counts the whole record in bytes. */
function readPax(content: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at)
    const length = space === -1 ? Number.NaN : Number(content.toString('latin1', at, space))
    if (!Number.isSafeInteger(length) || length <= space - at || at + length > content.length) throw new ContractBroken('an extended header is damaged')
    const record = content.toString('utf8', space + 1, at + length - 1)
    const equals = record.indexOf('=')
    if (equals !== -1) records.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return records
}

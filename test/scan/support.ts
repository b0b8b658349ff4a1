import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { crc32, deflateRawSync } from 'node:zlib'
import type { Term } from '../../src/contracts/match.ts'
import { compileIgnore } from '../../src/inventory/ignore.ts'
import type { Recipe, ScanReport } from '../../src/scan/contract.ts'
import { scan, type ScanRequest } from '../../src/scan/scan.ts'

export const secret = 'acme-corp-auth-client'
export const manifest = `{\n  "dependencies": {\n    "${secret}": "^1.0.0"\n  }\n}\n`

export function term(text: string, more: Partial<Term> = {}): Term {
  return { id: text, form: 'name', kind: 'package', ecosystem: 'npm', text, team: 'identity', disclose: 'name', publicOnPurpose: false, near: [], where: 'test', ...more }
}

export const recipe: Recipe = { terms: [term(secret)], options: {} }

/** A folder that is gone with the test. */
export function createFolder(): { readonly root: string; write(file: string, content: string | Uint8Array): string; git(...args: string[]): string; commit(message: string, date?: string): string; [Symbol.dispose](): void } {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'namesake-scan-')))
  const git = (...args: string[]): string => execFileSync('git', ['-C', root, '-c', 'user.name=T', '-c', 'user.email=t@example.test', '-c', 'protocol.file.allow=always', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  return {
    root,
    git,
    write(file, content) {
      const target = path.join(root, file)
      mkdirSync(path.dirname(target), { recursive: true })
      writeFileSync(target, content)
      return target
    },
    commit(message, date = '2026-01-01T00:00:00Z') {
      git('add', '-A')
      execFileSync('git', ['-C', root, '-c', 'user.name=T', '-c', 'user.email=t@example.test', 'commit', '-q', '--allow-empty', '-m', message], {
        env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
        stdio: 'ignore',
      })
      return git('rev-parse', 'HEAD')
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

export interface RunOptions extends Partial<Pick<ScanRequest, 'what' | 'recipe' | 'maxBytes' | 'noIgnore' | 'except' | 'threads' | 'alone' | 'signal' | 'onProgress'>> {
  readonly ignorePaths?: readonly string[]
  readonly input?: string | Uint8Array
  readonly inputPath?: string
}

export function run(paths: readonly string[], options: RunOptions = {}): Promise<ScanReport> {
  const isIgnored = compileIgnore({ repositories: [], paths: options.ignorePaths ?? [] }, [])
  return scan({
    what: options.what ?? 'files',
    paths,
    noIgnore: options.noIgnore ?? false,
    except: options.except ?? new Set(),
    stdin: { stream: Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)]), path: options.inputPath ?? '' },
    recipe: options.recipe ?? recipe,
    maxBytes: options.maxBytes ?? 50_000_000,
    isIgnored: (file) => isIgnored('', file),
    threads: options.threads ?? 0,
    ...(options.alone === undefined ? {} : { alone: options.alone }),
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
  })
}

/** `path:line role` of every mention, below a root. */
export function places(report: ScanReport, root = ''): string[] {
  return report.mentions.map(({ path: file, line, role }) => `${root === '' ? file : path.relative(root, file)}:${line} ${role}`)
}

export interface ZipEntry {
  readonly name: string
  readonly content: Uint8Array
  /** What the header says instead of the truth. */
  readonly claimedSize?: number
  readonly flags?: number
  readonly method?: number
}

/** A zip archive, written by the format's own description (APPNOTE 6.3). */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, claimedSize, flags = 0x800, method = 8 } of entries) {
    const packed = method === 0 ? Buffer.from(content) : deflateRawSync(content)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(flags, 2)
    fields.writeUInt16LE(method, 4)
    fields.writeUInt32LE(crc32(content), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(claimedSize ?? content.length, 18)
    fields.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), fields, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), fields, tail, Buffer.from(name)]))
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, central, Buffer.from('PK\u0005\u0006', 'latin1'), end])
}

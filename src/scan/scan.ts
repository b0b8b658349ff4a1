import path from 'node:path'
import { createCollector } from './collect.ts'
import type { Recipe, ScanMention, ScanProgress, ScanReport } from './contract.ts'
import { scanFiles, type FilesRequest } from './scan-files.ts'
import { scanHistory, scanStaged, traceMentions } from './scan-git.ts'
import type { Taking } from './take-document.ts'

export interface ScanRequest extends FilesRequest {
  /** `files`: what lies there now. `staged`: what is about to be committed. `history`: every blob of all refs. */
  readonly what: 'files' | 'staged' | 'history'
  readonly recipe: Recipe
  /** Bytes of one document. */
  readonly maxBytes: number
  readonly isIgnored: (path: string) => boolean
  /** Threads of a large scan; 0: none besides this one. */
  readonly threads: number
  /** Bytes below which a scan stays in this thread. */
  readonly alone?: number
  readonly signal: AbortSignal
  readonly onProgress: (progress: ScanProgress) => void
}

/** Starting threads and their matchers costs more than matching this much. */
const smallScan = 20 * 1024 * 1024

/**
 * Looks for internal names in files, in what is staged, or in whole histories; nothing leaves this machine. What could
 * not be looked at is a gap of the report. After an abort it returns what it has, as interrupted.
 * @throws Invalid for a path or a repository that is not there | Permanent when git could not be started
 */
export async function scan(request: ScanRequest): Promise<ScanReport> {
  const { signal } = request
  const collector = createCollector(request.recipe, { threads: request.threads, alone: request.alone ?? smallScan, onProgress: request.onProgress })
  const taking: Taking = { collector, maxBytes: request.maxBytes, isIgnored: request.isIgnored, signal }
  const stop = (): void => void collector.close()
  signal.addEventListener('abort', stop, { once: true })
  let mentions: ScanMention[] = []
  let withoutCommit = 0
  let ignored = 0
  try {
    if (request.what === 'files') {
      await scanFiles(request, taking)
      await collector.drain()
      mentions = [...collector.mentions]
    }
    for (const named of request.what === 'files' ? [] : request.paths) {
      if (signal.aborted) break
      const shown = path.sep === '/' ? named : named.replaceAll(path.sep, '/')
      const before = collector.mentions.length
      await (request.what === 'staged' ? scanStaged : scanHistory)(named, shown, taking)
      await collector.drain()
      const own = collector.mentions.slice(before)
      const traced = request.what === 'staged' ? { mentions: own, withoutCommit: 0, ignored: 0 } : await traceMentions(named, shown, own, taking)
      mentions.push(...traced.mentions)
      withoutCommit += traced.withoutCommit
      ignored += traced.ignored
    }
  } finally {
    signal.removeEventListener('abort', stop)
    await collector.close()
  }
  const { gaps, documents, messages, bytes } = collector
  return { mentions: mentions.sort(byPlace), gaps, documents, messages, bytes, ignored: ignored + collector.ignored, withoutCommit, interrupted: signal.aborted }
}

function byPlace(a: ScanMention, b: ScanMention): number {
  return compareTexts(a.path, b.path) || compareTexts(a.blob ?? '', b.blob ?? '') || a.line - b.line || a.column - b.column
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

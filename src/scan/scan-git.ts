import { Invalid } from '../errors.ts'
import type { ScanMention } from './contract.ts'
import type { Subject } from './collect.ts'
import { findCommits } from './find-commits.ts'
import { listBlobs } from './list-blobs.ts'
import { archiveKindOf, isClosedArchive } from './read-archive.ts'
import { readBlobs, type BlobList } from './read-blobs.ts'
import { runGit } from './run-git.ts'
import { scanMessages } from './scan-messages.ts'
import { takeDocument, tooLarge, type Taking } from './take-document.ts'

/** Blobs whose commit is looked for: they stand on one command line. */
const maxLookedFor = 1_000

interface Found {
  readonly mentions: readonly ScanMention[]
  /** Blobs whose commit was not looked for. */
  readonly withoutCommit: number
}

/**
 * Every blob of a repository's history, each once, and all messages and names that a push takes along. Only blobs with
 * mentions are traced to a commit.
 * @throws Invalid when there is no repository | Permanent when git could not be started
 */
export async function scanHistory(folder: string, shown: string, taking: Taking): Promise<void> {
  const { collector, signal } = taking
  await assertRepository(folder, shown, signal)
  const shallow = await runGit(folder, ['rev-parse', '--is-shallow-repository'], signal)
  if (shallow.output.toString().trim() === 'true') collector.gap(shown, 'is a shallow clone: the older history is not here, and was not looked at (git fetch --unshallow brings it)')
  const list = listBlobs(folder, signal)
  void list.listed.then(() => collector.expect(list.oids.length), () => {})
  // What git met under a path to be ignored may stand elsewhere too: that is known only afterwards.
  await takeBlobs(folder, list, (index) => subjectOf(list.oids[index] ?? '', list.paths[index] ?? '', shown), taking)
  if (!(await list.listed) && !signal.aborted) collector.gap(shown, 'git ended before it had listed the whole history: it is damaged, or git is too old (2.32 is needed)')
  await scanMessages(folder, shown, taking)
  for (const oid of list.missing) collector.gap(inRepository(shown, oid), 'the history names this object, and it is not in this repository')
}

/** What is about to be committed: the blobs of the index that differ from HEAD. */
export async function scanStaged(folder: string, shown: string, taking: Taking): Promise<void> {
  const { collector, signal } = taking
  await assertRepository(folder, shown, signal)
  const answer = await runGit(folder, ['diff', '--cached', '--raw', '-z', '--no-abbrev', '--no-renames', '--no-ext-diff', '--diff-filter=d'], signal)
  if (answer.how !== 'done') {
    if (!signal.aborted) collector.gap(shown, 'git could not say what is staged')
    return
  }
  const oids: string[] = []
  const subjects: Subject[] = []
  const records = answer.output.toString('utf8').split('\0')
  for (let at = 0; at + 1 < records.length; at += 2) {
    const [, mode = '', , oid = '', status = ''] = (records[at] ?? '').split(' ')
    const path = records[at + 1] ?? ''
    // A commit of another repository holds no text here.
    if (mode === '160000') continue
    if (status === 'U') collector.gap(path, 'is in a merge conflict, and was not looked at')
    else if (taking.isIgnored(path)) collector.ignore()
    else {
      oids.push(oid)
      subjects.push({ shown: path, inner: path, blob: oid })
    }
  }
  collector.expect(oids.length)
  const list: BlobList = { oids, moreThan: (count) => Promise.resolve(oids.length > count) }
  await takeBlobs(folder, list, (index) => subjects[index] ?? { shown, inner: '' }, taking)
}

const inRepository = (shown: string, oid: string): string => (shown === '.' ? oid : `${shown}: ${oid}`)

function subjectOf(oid: string, path: string, shown: string): Subject {
  const inner = path === '' ? oid : path
  return { shown: shown === '.' ? inner : `${shown.replace(/\/$/, '')}/${inner}`, inner: path, blob: oid }
}

async function assertRepository(folder: string, shown: string, signal: AbortSignal): Promise<void> {
  const { how } = await runGit(folder, ['rev-parse', '--git-dir'], signal)
  if (how === 'refused') throw new Invalid([{ where: 'command line', key: 'path', value: JSON.stringify(shown), expected: 'git finds no repository here, or it is damaged, or belongs to somebody else' }])
}

async function takeBlobs(folder: string, list: BlobList, subjectAt: (index: number) => Subject, taking: Taking): Promise<void> {
  const { collector, maxBytes } = taking
  /** An archive is opened before its entries get room. */
  let archive: Buffer | null = null
  await readBlobs(
    folder,
    list,
    {
      begin(index, size) {
        const subject = subjectAt(index)
        archive = null
        if (size > maxBytes) {
          collector.gap(subject.shown, tooLarge(size, maxBytes))
          return null
        }
        if (archiveKindOf(subject.inner) === null && !isClosedArchive(subject.inner)) return collector.room(subject, size)
        archive = Buffer.allocUnsafe(size)
        return archive
      },
      async end(index) {
        const opened = archive
        archive = null
        if (opened === null) await collector.flow()
        else await takeDocument(subjectAt(index), opened, taking)
      },
      fail: (index, reason) => collector.gap(subjectAt(index).shown, reason),
    },
    taking.signal,
  )
}

/** Adds commits, and takes out what stands only where `ignore.paths` says that it does not count. */
export async function traceMentions(folder: string, shown: string, mentions: readonly ScanMention[], taking: Taking): Promise<Found & { readonly ignored: number }> {
  const blobs = [...new Set(mentions.flatMap(({ blob }) => (blob === undefined ? [] : [blob])))]
  const lookedFor = blobs.slice(0, maxLookedFor)
  const origins = taking.signal.aborted ? null : await findCommits(folder, lookedFor, taking.signal)
  const ignored = new Set<string>()
  const traced: ScanMention[] = []
  for (const mention of mentions) {
    const origin = origins?.get(mention.blob ?? '')
    const paths = [...(origin?.paths ?? [])]
    // A path that git did not tell is no reason to pass over a name.
    if (paths.length > 0 && paths.every((path) => taking.isIgnored(path))) ignored.add(mention.blob ?? '')
    else traced.push(origin === undefined ? mention : { ...withVisiblePath(mention, paths, shown, taking), commit: origin.commit })
  }
  return { mentions: traced, withoutCommit: origins === null ? blobs.length : blobs.length - lookedFor.length, ignored: ignored.size }
}

/** Shows a path that counts, where git met the blob first under one that does not. */
function withVisiblePath(mention: ScanMention, paths: readonly string[], shown: string, { isIgnored }: Taking): ScanMention {
  const blob = mention.blob ?? ''
  const first = paths.find((path) => !isIgnored(path))
  const prefix = subjectOf(blob, 'x', shown).shown.slice(0, -1)
  const current = mention.path.slice(prefix.length).split('!/')[0] ?? ''
  return first === undefined || !isIgnored(current) ? mention : { ...mention, path: prefix + first + mention.path.slice(prefix.length + current.length) }
}

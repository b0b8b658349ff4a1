import type { Subject } from './collect.ts'
import type { ScanPlace } from './contract.ts'
import { cutRecords, runGit, startGit } from './run-git.ts'
import { takePlain, type Taking } from './take-document.ts'

/** What a message is shown as: no path, so that nobody looks for such a file. */
const shownIn = (shown: string, what: string): string => (shown === '.' ? `<${what}>` : `${shown.replace(/\/$/, '')}: <${what}>`)

/**
 * What a push makes public beside files: the messages of all commits, each person that made them once (git invents
 * `user@build01.corp.example` where nothing is configured), the messages of annotated tags, and the names of branches
 * and tags, each once.
 */
export async function scanMessages(folder: string, shown: string, taking: Taking): Promise<void> {
  const take = async (place: ScanPlace, what: string, text: string, commit?: string): Promise<void> => {
    const subject: Subject = { shown: shownIn(shown, what), inner: '', place, ...(commit === undefined ? {} : { commit }) }
    taking.collector.expect(1)
    await takePlain(subject, Buffer.from(text), taking)
  }
  const isWhole = (await takeCommits(folder, taking.signal, take)) && (await takeRefs(folder, taking.signal, take))
  if (!isWhole && !taking.signal.aborted) taking.collector.gap(shown, 'git ended before it had told all messages: the history is damaged')
}

type Take = (place: ScanPlace, what: string, text: string, commit?: string) => Promise<void>

const shortId = 12

/** @returns whether git came to its end */
async function takeCommits(folder: string, signal: AbortSignal, take: Take): Promise<boolean> {
  const people = new Set<string>()
  // Oldest first, so that a person is shown with the first commit. Without a mailmap: it hides what is in the commit.
  const git = startGit(folder, ['log', '--all', '--reverse', '-z', '--no-mailmap', '--no-show-signature', '--no-notes', '--encoding=UTF-8', '--format=%H%n%an <%ae>%n%cn <%ce>%n%B'], signal)
  git.input.end()
  for await (const record of cutRecords(git.output, 0)) {
    const [commit = '', author = '', committer = '', ...message] = record.toString('utf8').split('\n')
    const what = `commit ${commit.slice(0, shortId)}`
    await take('commit-message', what, message.join('\n'), commit)
    for (const person of [author, committer]) {
      if (people.has(person)) continue
      people.add(person)
      await take('commit-author', `author of ${what}`, person, commit)
    }
  }
  return (await git.ended).how === 'done'
}

const refFields = 2

/** @returns whether git came to its end */
async function takeRefs(folder: string, signal: AbortSignal, take: Take): Promise<boolean> {
  const format = '%(refname)%00%(if:equals=tag)%(objecttype)%(then)%(contents)%(end)%00'
  const { how, output } = await runGit(folder, ['for-each-ref', `--format=${format}`], signal)
  const fields = output.toString('utf8').split('\0')
  const names = new Set<string>()
  // Behind the last stands a line feed, and no further field.
  for (let at = 0; at + refFields < fields.length; at += refFields) {
    const ref = (fields[at] ?? '').trimStart()
    const { kind, name } = kindOf(ref)
    const key = `${kind} ${name}`
    if (!names.has(key)) await take('ref-name', key, name)
    names.add(key)
    const message = fields[at + 1] ?? ''
    if (message !== '') await take('tag-message', `message of ${key}`, message)
  }
  return how === 'done'
}

/** A branch of a remote is the same branch. */
function kindOf(ref: string): { readonly kind: string; readonly name: string } {
  const [, group, rest = ''] = /^refs\/(heads|tags|remotes\/[^/]+)\/(.+)$/s.exec(ref) ?? []
  if (group === undefined) return { kind: 'ref', name: ref }
  return { kind: group === 'tags' ? 'tag' : 'branch', name: rest }
}

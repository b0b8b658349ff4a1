import { userInfo } from 'node:os'
import { InvalidArgumentError, type Command } from 'commander'
import { dismissals } from '../contracts/dismissal.ts'
import { Invalid } from '../errors.ts'
import type { Db } from '../db/client.ts'
import type { Triage } from '../findings/transition.ts'
import { teach } from './help.ts'
import { withStore } from './load.ts'

interface Options {
  readonly acknowledge?: boolean
  readonly resolve?: boolean
  readonly dismiss?: string
  readonly reopen?: boolean
  readonly suppress?: string
  readonly place?: bigint
  readonly until?: Date
  readonly unsuppress?: boolean
  readonly markPublic?: string
  readonly assign?: string
  readonly comment?: string
  readonly as?: string
}

export function addTriage(program: Command): void {
  const command = program
    .command('triage')
    .description('say what happens with findings: acknowledge, assign, resolve, dismiss with a reason, suppress places, comment, reopen')
    .argument('<id...>', 'ids of findings, as "namesake findings" shows them', collectIds)
    .option('--acknowledge', 'somebody is looking at it')
    .option('--resolve', 'the exposure is dealt with; a new place reopens it')
    .option('--dismiss <reason>', `it is no exposure, and why: ${dismissals.join(', ')}, or your own words`)
    .option('--mark-public <reason>', 'the name may be public, and why: dismissed, and no place of it is reported any more, whatever the configuration says; --reopen takes it back')
    .option('--assign <e-mail>', 'give it to an account, or to "nobody"')
    .option('--reopen', 'back to open')
    .option('--suppress <reason>', 'its places as they are known now are no exposure, and why; their copies stay quiet too, a place with another text is shown')
    .option('--place <id>', 'with --suppress: only this place ("namesake findings" shows the ids) and its copies', parsePlace)
    .option('--until <date>', 'with --suppress or --dismiss: when it ends, YYYY-MM-DD (suppressions within a year, default: in 180 days; a dismissal for good)', parseDate)
    .option('--unsuppress', 'take every suppression of it back')
    .option('--comment <text>', 'kept with the change; alone: a comment and nothing else')
    .option('--as <name>', 'who decides (default: your login)')
    .action(async (ids: bigint[], options: Options, self: Command) => {
      const { done, load } = choiceOf(options)
      await withStore(self, async ({ database, now }) => {
        const verb = await load()
        const triage = { actor: { kind: 'cli' as const, name: options.as ?? loginName() }, comment: options.comment ?? null, now: now() }
        // All or none: a mistyped id in a list must not leave half of it done.
        await database.db.transaction(async (tx) => {
          for (const findingId of ids) await verb(tx, { ...triage, findingId })
        })
        console.log(ids.map((id) => `#${id} ${done}`).join('\n'))
      })
    })
  teach(command, {
    examples: [
      ['triage 7 --acknowledge', 'you are on it'],
      ['triage 7 8 --dismiss "tutorial, the name is invented"', 'two at once: both or none'],
      ['triage 7 --dismiss accepted-risk --until 2027-01-31', 'back in the inbox in February'],
      ['triage 7 --assign ann@acme-corp.com', 'it is hers'],
      ['triage 7 --suppress "our own talk" --place 12', 'this place and its copies, of this name alone'],
    ],
    notes: 'Exactly one of --acknowledge, --resolve, --dismiss, --mark-public, --assign, --reopen, --suppress, --unsuppress is needed, or --comment alone.',
  })
}

/** Who decides, when nobody says so. A container may run as a user that nobody gave a name. */
export function loginName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}

/** An argument of several ids, each once; `#` in front is understood. */
export function collectIds(text: string, before: bigint[] | undefined): bigint[] {
  if (!/^#?\d{1,18}$/.test(text)) throw new InvalidArgumentError('an id is a number, such as 7.')
  const id = BigInt(text.replace('#', ''))
  return before?.includes(id) === true ? before : [...(before ?? []), id]
}

/** A suppression ends after this, unless somebody says otherwise. */
const defaultMs = 180 * 24 * 3_600_000

function parsePlace(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('an id of a place is a number, such as 12.')
  return BigInt(text)
}

function parseDate(text: string): Date {
  const date = new Date(`${text}T00:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(date.getTime())) throw new InvalidArgumentError('a date is written YYYY-MM-DD, in UTC.')
  return date
}

interface Choice {
  readonly done: string
  /** The verb, loaded when it is needed. */
  load(): Promise<(db: Db, triage: Triage) => Promise<unknown>>
}

/** @throws Invalid unless exactly one is chosen */
function choiceOf(options: Options): Choice {
  const { dismiss: reason, markPublic: publicReason, assign: email, suppress: why, place = null, until } = options
  const chosen: Choice[] = []
  if (options.acknowledge === true) chosen.push({ done: 'acknowledged', load: async () => (await import('../findings/acknowledge.ts')).acknowledge })
  if (options.resolve === true) chosen.push({ done: 'resolved', load: async () => (await import('../findings/resolve.ts')).resolve })
  if (options.reopen === true) chosen.push({ done: 'reopened', load: async () => (await import('../findings/reopen.ts')).reopen })
  if (reason !== undefined) {
    chosen.push({
      done: 'dismissed',
      load: async () => {
        const { dismiss } = await import('../findings/dismiss.ts')
        return (db, triage) => dismiss(db, { ...triage, reason, ...(until === undefined ? {} : { until }) })
      },
    })
  }
  if (publicReason !== undefined) {
    chosen.push({
      done: 'marked as public on purpose',
      load: async () => {
        const { markPublic } = await import('../findings/mark-public.ts')
        return (db, triage) => markPublic(db, { ...triage, reason: publicReason })
      },
    })
  }
  if (email !== undefined) {
    chosen.push({
      done: email === 'nobody' ? 'assigned to nobody' : `assigned to ${email}`,
      load: async () => {
        const [{ assign }, { listAccounts }] = await Promise.all([import('../findings/assign.ts'), import('../accounts/list-accounts.ts')])
        return async (db, triage) => {
          const account = email === 'nobody' ? null : (await listAccounts(db, triage.now)).find((one) => one.email === email.toLowerCase())
          if (account === undefined) throw new Invalid([{ where: 'command line', key: '--assign', value: JSON.stringify(email), expected: 'the e-mail of an account, or "nobody"' }])
          return assign(db, { ...triage, assignee: account?.id ?? null })
        }
      },
    })
  }
  if (options.unsuppress === true) chosen.push({ done: 'no longer suppressed', load: async () => (await import('../findings/unsuppress.ts')).unsuppress })
  if (why !== undefined) {
    chosen.push({
      done: 'suppressed',
      load: async () => {
        const { suppress } = await import('../findings/suppress.ts')
        return (db, triage) => suppress(db, { ...triage, reason: why, occurrenceId: place, until: until ?? new Date(triage.now.getTime() + defaultMs) })
      },
    })
  } else if (place !== null || (until !== undefined && reason === undefined)) {
    throw new Invalid([{ where: 'command line', key: 'triage', expected: 'give --place and --until only together with --suppress <reason>' }])
  }
  if (chosen.length === 0 && options.comment !== undefined) chosen.push({ done: 'commented', load: async () => (await import('../findings/comment.ts')).comment })
  const [choice] = chosen
  if (choice === undefined || chosen.length > 1) {
    throw new Invalid([{ where: 'command line', key: 'triage', expected: 'give exactly one of --acknowledge, --resolve, --dismiss <reason>, --reopen, --mark-public <reason>, --assign <e-mail>, --suppress <reason>, --unsuppress, or --comment <text> alone' }])
  }
  return choice
}

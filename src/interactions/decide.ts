import { and, desc, eq, inArray, isNull, or } from '../db/drizzle.ts'
import { Conflict, NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { accounts, deliveredMessages, events, findings, interactions } from '../db/schema/index.ts'
import { acknowledge } from '../findings/acknowledge.ts'
import { assign } from '../findings/assign.ts'
import { dismiss } from '../findings/dismiss.ts'
import type { Triage } from '../findings/transition.ts'
import type { Interaction } from '../notifiers/slack/interaction.ts'
import { refuseInteraction, settleInteraction } from './settle-interaction.ts'

/** What is left to do for a click after the database did its part: one request, or nothing. */
export type Next =
  | { readonly step: 'nothing' }
  /** It is done: what is told about it, where the message itself cannot show it. */
  | { readonly step: 'done'; readonly interaction: Interaction; readonly words: string | null }
  | { readonly step: 'ask-reason'; readonly interaction: Interaction }
  | { readonly step: 'tell'; readonly interaction: Interaction; readonly words: string }

export interface Deciding {
  /** E-mail addresses of accounts, by Slack user. */
  readonly users: Readonly<Record<string, string>>
  /** Messages of a bot are known: a click has to come from the message of its finding. Those of a webhook are not. */
  readonly messagesKnown: boolean
  readonly now: Date
}

/**
 * Does what a click asks for, once: the row of the click is locked, and ends in the transaction of the change. What
 * cannot be done (nobody knows who clicked, somebody was faster, the message is another finding's) changes nothing, and
 * the one who clicked is told why.
 */
export async function decide(db: Db, id: bigint, deciding: Deciding): Promise<Next> {
  return db.transaction(async (tx) => {
    const [row] = await tx.select().from(interactions).where(and(eq(interactions.id, id), eq(interactions.state, 'pending'))).for('update', { skipLocked: true })
    if (row === undefined) return { step: 'nothing' }
    const words = row.tells ?? (await refusalOf(tx, row, deciding))
    if (words !== null) {
      await refuseInteraction(tx, id, words)
      return { step: 'tell', interaction: row, words }
    }
    // The dialog is a request: the click ends when it is open.
    if (row.action === 'ask-reason') return { step: 'ask-reason', interaction: row }
    await settleInteraction(tx, id, 'done', deciding.now)
    return { step: 'done', interaction: row, words: deciding.messagesKnown ? null : `Done: ${doneWords[row.action]}.` }
  })
}

const doneWords = { acknowledge: 'it is acknowledged', assign: 'it is assigned to you', dismiss: 'it is dismissed' } as const

type Row = typeof interactions.$inferSelect

/** Does it; words: why it was not done. */
async function refusalOf(tx: Db, row: Row, { users, messagesKnown, now }: Deciding): Promise<string | null> {
  const email = Object.hasOwn(users, row.userId) ? users[row.userId] : undefined
  if (email === undefined) {
    return `namesake does not know who you are: whoever runs it has to add your Slack id ${row.userId} with your account to notify.slack.users. Nothing was changed.`
  }
  const [account] = await tx.select().from(accounts).where(and(eq(accounts.email, email.toLowerCase()), isNull(accounts.disabledAt)))
  if (account === undefined) return `There is no account ${email} in namesake, or it is disabled: an administrator can invite you. Nothing was changed.`
  if (account.role === 'viewer') return `Your account ${email} may look and not decide: an administrator can change its role. Nothing was changed.`
  if (messagesKnown && !(await isAbout(tx, row))) return 'This message is not (any more) the one of that finding. Nothing was changed.'
  if (await isDone(tx, row, account.email)) return null
  try {
    await act(tx, row, { findingId: row.findingId, actor: { kind: 'slack', name: account.email }, comment: null, now }, account.id)
    return null
  } catch (error) {
    if (error instanceof NotFound) return `There is no finding ${row.findingId} any more. Nothing was changed.`
    if (error instanceof Conflict) return `Nothing was changed: ${await standingInWords(tx, row.findingId)}`
    throw error
  }
}

/** Whether the message that was clicked, or the one that it answers, is that of the finding. */
async function isAbout(tx: Db, { findingId, room, ts, threadTs }: Row): Promise<boolean> {
  const [known] = await tx
    .select({ channel: deliveredMessages.channel })
    .from(deliveredMessages)
    .where(and(
      eq(deliveredMessages.findingId, findingId),
      eq(deliveredMessages.room, room),
      or(eq(deliveredMessages.ts, ts), threadTs === null ? undefined : eq(deliveredMessages.ts, threadTs)),
    ))
    .limit(1)
  return known !== undefined
}

/** A double click: the same person has brought it there already. */
async function isDone(tx: Db, { action, findingId }: Row, email: string): Promise<boolean> {
  const wanted = action === 'acknowledge' ? 'acknowledged' : action === 'dismiss' ? 'dismissed' : null
  if (wanted === null) return false
  const [finding] = await tx.select({ state: findings.state }).from(findings).where(eq(findings.id, findingId))
  return finding?.state === wanted && (await decidedBy(tx, findingId))?.actor === email
}

async function act(tx: Db, row: Row, triage: Triage, accountId: bigint): Promise<void> {
  if (row.action === 'acknowledge') await acknowledge(tx, triage)
  if (row.action === 'assign') {
    await assertUnsettled(tx, row.findingId)
    await assign(tx, { ...triage, assignee: accountId })
  }
  if (row.action === 'dismiss') await dismiss(tx, { ...triage, reason: row.reason ?? '' })
  // Nobody is asked for a reason that could not be used.
  if (row.action === 'ask-reason') await assertUnsettled(tx, row.findingId)
}

async function assertUnsettled(tx: Db, findingId: bigint): Promise<void> {
  const [finding] = await tx.select({ state: findings.state }).from(findings).where(eq(findings.id, findingId))
  if (finding === undefined) throw new NotFound(`there is no finding ${findingId}`)
  if (finding.state === 'resolved' || finding.state === 'dismissed') throw new Conflict(`finding ${findingId} is ${finding.state}`)
}

async function decidedBy(tx: Db, findingId: bigint) {
  const [last] = await tx
    .select()
    .from(events)
    .where(and(eq(events.findingId, findingId), inArray(events.verb, ['acknowledged', 'resolved', 'dismissed', 'reopened'])))
    .orderBy(desc(events.id))
    .limit(1)
  return last
}

/** A lost race, for the one who lost it: who was faster, and when. */
async function standingInWords(tx: Db, findingId: bigint): Promise<string> {
  const [finding] = await tx.select({ state: findings.state }).from(findings).where(eq(findings.id, findingId))
  const last = await decidedBy(tx, findingId)
  const by = last === undefined ? '' : `, by ${last.actorKind === 'system' ? 'namesake' : last.actor} at ${last.at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return `finding ${findingId} is ${finding?.state ?? 'gone'} already${by}.`
}

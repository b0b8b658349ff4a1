import { changeAccount } from '../accounts/change-account.ts'
import { endSessions } from '../accounts/end-sessions.ts'
import { invite } from '../accounts/invite.ts'
import type { Link } from '../accounts/link.ts'
import { listAccounts } from '../accounts/list-accounts.ts'
import { resetPassword } from '../accounts/reset-password.ts'
import { queueNames } from '../app/metrics.ts'
import { NotFound } from '../errors.ts'
import { listDestinations } from '../notices/list-destinations.ts'
import { pageDead } from '../notices/page-dead.ts'
import { resend } from '../notices/resend.ts'
import { sendTest } from '../notices/send-test.ts'
import { notifiers } from '../notifiers/all.ts'
import { listProcesses } from '../runs/heartbeat.ts'
import { listActions, listVerbs } from '../trail/list-actions.ts'
import { recordAction } from '../trail/record-action.ts'
import type { settingsRoutes } from './contract/settings.ts'
import type { Handlers } from './handler.ts'
import type { Origin } from './origin.ts'
import { idCursor, readIdCursor } from './paging.ts'

/** What administrators manage. */
export const settingsHandlers = {
  'GET /api/accounts': async ({ service: { app } }) => {
    const rows = await listAccounts(app.database.db, app.now())
    return {
      items: rows.map(({ id, hasPassword, hasOidc, createdAt, lastSeenAt, ...row }) => ({
        ...row, id: String(id), password: hasPassword, oidc: hasOidc, createdAt: createdAt.toISOString(), lastSeenAt: lastSeenAt?.toISOString() ?? null,
      })),
    }
  },
  'POST /api/accounts': async ({ service: { app, origin }, who: { actor }, body }) => {
    const { id, link } = await invite(app.database.db, { ...body, actor, now: app.now() })
    return { id: String(id), link: linkOf(origin, link) }
  },
  'PATCH /api/accounts/{id}': async ({ service: { app }, who: { actor }, params, body }) => {
    await changeAccount(app.database.db, { accountId: BigInt(params.id), ...body, actor, now: app.now() })
    return {}
  },
  'POST /api/accounts/{id}/reset': async ({ service: { app, origin }, who: { actor }, params }) => ({
    link: linkOf(origin, await resetPassword(app.database.db, { accountId: BigInt(params.id), actor, now: app.now() })),
  }),
  'DELETE /api/accounts/{id}/sessions': async ({ service: { app }, who: { actor }, params }) => ({
    ended: await endSessions(app.database.db, { accountId: BigInt(params.id), actor, now: app.now() }),
  }),
  'GET /api/audit': async ({ service: { app: { database } }, query: { cursor, limit, verb, actor } }) => {
    const before = readIdCursor(cursor)
    const [rows, verbs] = await Promise.all([
      listActions(database.db, { limit: limit + 1, ...(before === null ? {} : { before }), ...(verb === undefined ? {} : { verb }), ...(actor === undefined ? {} : { actor }) }),
      listVerbs(database.db),
    ])
    const items = rows.slice(0, limit).map(({ id, at, actor: name, actorKind, verb: done, subject, subjectKind, facts }) => ({
      id: String(id), at: at.toISOString(), actor: { kind: actorKind, name }, verb: done, subject: { kind: subjectKind, name: subject }, facts,
    }))
    return { items, next: rows.length > limit ? idCursor(items.at(-1)?.id) : null, verbs: [...verbs] }
  },
  'GET /api/destinations': async ({ service: { app } }) => {
    const rows = await listDestinations(app.database.db, { routing: app.routing, now: app.now() })
    return {
      items: rows.map(({ name, pending, delivered, dead, deliveredAt, reason }) => ({
        id: name, title: titleOf(name), pending, delivered, dead, lastDeliveredAt: deliveredAt?.toISOString() ?? null, trouble: reason,
      })),
    }
  },
  'POST /api/destinations/{id}/test': async ({ service: { app }, who: { actor }, params: { id: name } }) => {
    const notifier = app.notifiers.get(name)
    if (notifier === undefined) throw new NotFound('there is no such destination in the configuration')
    const { taken, reason, refused } = await sendTest(app.database.db, name, notifier, { organization: app.organization, now: app.now() })
    const outcome = taken ? 'delivered' : refused === null ? 'unclear' : 'refused'
    await recordAction(app.database.db, { actor, verb: 'destination-tested', subject: { kind: 'destination', name }, facts: { outcome }, at: app.now() })
    return { outcome, message: reason ?? 'The destination took the test message.' }
  },
  'GET /api/notices/dead': async ({ service: { app: { database } }, query: { cursor, limit } }) => {
    const rows = await pageDead(database.db, { limit: limit + 1, before: readIdCursor(cursor) })
    const items = rows.slice(0, limit).map(({ id, finding, createdAt, ...row }) => ({
      ...row, id: String(id), createdAt: createdAt.toISOString(), finding: finding === null ? null : { id: String(finding.id), identifier: finding.identifier },
    }))
    return { items, next: rows.length > limit ? idCursor(items.at(-1)?.id) : null }
  },
  'POST /api/notices/resend': async ({ service: { app }, who: { actor }, body: { channel, ids } }) => ({
    count: await app.database.db.transaction(async (tx) => {
      const revived = await resend(tx, { channel, ...(ids === undefined ? {} : { ids: ids.map(BigInt) }) })
      if (revived.length > 0) await recordAction(tx, { actor, verb: 'notices-resent', subject: { kind: 'destination', name: channel }, facts: { count: revived.length }, at: app.now() })
      return revived.length
    }),
  }),
  'GET /api/queues': async ({ service: { app } }) => {
    const [queues, running] = await Promise.all([
      Promise.all(queueNames(app).map(async (queue) => {
        const { pausedUntil, ...counts } = await app.queues.counts(queue)
        return { queue, ...counts, pausedUntil: pausedUntil?.toISOString() ?? null }
      })),
      listProcesses(app.database.db, app.now()),
    ])
    return {
      kind: app.queues.kind, queues,
      processes: running.map(({ startedAt, beatAt, ...row }) => ({ ...row, startedAt: startedAt.toISOString(), beatAt: beatAt.toISOString() })),
    }
  },
} satisfies Handlers<keyof typeof settingsRoutes>

/** `slack` is Slack, `slack-oncall` is Slack, oncall. */
function titleOf(destination: string): string {
  const notifier = notifiers.find(({ id }) => destination === id || destination.startsWith(`${id}-`))
  if (notifier === undefined) return destination
  return destination === notifier.id ? notifier.title : `${notifier.title}, ${destination.slice(notifier.id.length + 1)}`
}

/** Behind the #: browsers send it to no server, so that it stands in no log. */
export function linkOf({ url }: Pick<Origin, 'url'>, { token, expiresAt }: Link): { readonly url: string; readonly expiresAt: string } {
  return { url: `${url}/welcome#${token}`, expiresAt: expiresAt.toISOString() }
}

import { changeAccount } from '../accounts/change-account.ts'
import { endSessions } from '../accounts/end-sessions.ts'
import { invite } from '../accounts/invite.ts'
import type { Link } from '../accounts/link.ts'
import { listAccounts } from '../accounts/list-accounts.ts'
import { resetPassword } from '../accounts/reset-password.ts'
import { listActions, listVerbs } from '../trail/list-actions.ts'
import type { settingsRoutes } from './contract/settings.ts'
import type { Handlers } from './handler.ts'
import { notYet } from './not-yet.ts'
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
  'GET /api/destinations': notYet,
  'POST /api/destinations/{id}/test': notYet,
  'GET /api/notices/dead': notYet,
  'POST /api/notices/resend': notYet,
  'GET /api/queues': notYet,
} satisfies Handlers<keyof typeof settingsRoutes>

/** Behind the #: browsers send it to no server, so that it stands in no log. */
export function linkOf({ url }: Pick<Origin, 'url'>, { token, expiresAt }: Link): { readonly url: string; readonly expiresAt: string } {
  return { url: `${url}/welcome#${token}`, expiresAt: expiresAt.toISOString() }
}

import { createHash } from 'node:crypto'
import { deleteView, listViews, saveView } from '../accounts/saved-views.ts'
import { describeCompany } from '../app/describe-company.ts'
import { NotFound } from '../errors.ts'
import { countInbox } from '../findings/count-inbox.ts'
import type { InboxFilter } from '../findings/filter-findings.ts'
import { listEvents } from '../findings/list-events.ts'
import { isAfter, listInbox, readInboxRows } from '../findings/list-inbox.ts'
import { listPlaces } from '../findings/list-places.ts'
import { readFinding } from '../findings/read-finding.ts'
import { suppress } from '../findings/suppress.ts'
import { triageMany, type TriageAction } from '../findings/triage.ts'
import { endSuppression } from '../findings/unsuppress.ts'
import { listHosts } from '../identifiers/list-hosts.ts'
import { enqueueChanges } from '../jobs/enqueue-notices.ts'
import { remediesFor } from '../remedies/all.ts'
import type { Parsed } from './contract.ts'
import type { findingRoutes, TriageBody } from './contract/findings.ts'
import type { Asker } from './door.ts'
import type { Handlers } from './handler.ts'
import { idCursor, noCursor, readCursor, readIdCursor, writeCursor } from './paging.ts'
import { streamLive } from './stream-live.ts'

export const findingHandlers = {
  'GET /api/findings': async ({ service: { app }, who, query: { cursor, limit, order, ...asked } }) => {
    const filter = filterOf(asked, who)
    const mark = markOf([order, filter])
    const after = readAfter(cursor, mark)
    if (after !== null && !isAfter(order, after)) throw noCursor()
    const { items, next } = await listInbox(app.database.db, filter, { order, after, limit })
    return { items, next: next === null ? null : writeCursor([mark, ...next]) }
  },
  'GET /api/findings/counts': async ({ service: { app }, who, query }) => countInbox(app.database.db, filterOf(query, who)),
  'GET /api/findings/{id}': async ({ service: { app }, params }) => {
    const { finding, leak } = await readFinding(app.database.db, BigInt(params.id))
    const company = describeCompany(app.config, await listHosts(app.database.db))
    return { ...finding, fixes: remediesFor(leak, company).map(({ title, note, file, language, text }) => ({ title, note, file, language, text })) }
  },
  'GET /api/findings/{id}/occurrences': async ({ service: { app }, params, query: { cursor, limit, copyOf, status } }) => {
    const mark = markOf([params.id, copyOf, status])
    const after = readAfter(cursor, mark)
    if (after !== null && !(after.length === 2 && after.every((value) => /^\d{1,18}$/.test(value)))) throw noCursor()
    const { items, next } = await listPlaces(app.database.db, {
      findingId: BigInt(params.id), status, after, limit, now: app.now(), ...(copyOf === undefined ? {} : { copyOf: BigInt(copyOf) }),
    })
    return { items, next: next === null ? null : writeCursor([mark, ...next]) }
  },
  'GET /api/findings/{id}/events': async ({ service: { app }, params, query: { cursor, limit } }) => {
    const { items, more } = await listEvents(app.database.db, { findingId: BigInt(params.id), before: readIdCursor(cursor), limit })
    return { items, next: more ? idCursor(items.at(-1)?.id) : null }
  },
  'POST /api/findings/triage': async ({ service: { app }, who, body: { ids, versions = {}, action } }) => {
    const { db } = app.database
    const chosen = [...new Set(ids)].map((id) => ({ findingId: BigInt(id), ...(versions[id] === undefined ? {} : { seen: BigInt(versions[id]) }) }))
    const outcomes = await triageMany(db, chosen, { actor: who.actor, now: app.now() }, actionOf(action, who))
    await enqueueChanges(app, outcomes.map(({ findingId }) => findingId))
    const rows = new Map((await readInboxRows(db, outcomes.map(({ findingId }) => findingId))).map((row) => [row.id, row]))
    return {
      results: outcomes.map(({ findingId, outcome, message }) => ({ id: String(findingId), outcome, message, finding: rows.get(String(findingId)) ?? null })),
    }
  },
  'POST /api/findings/{id}/suppressions': async ({ service: { app }, who, params, body }) => {
    const { db } = app.database
    const findingId = BigInt(params.id)
    const { suppressionId, places } = await suppress(db, {
      findingId, occurrenceId: BigInt(body.occurrence), scope: body.scope, reason: body.reason, until: new Date(body.expiresAt), actor: who.actor, now: app.now(),
    })
    await enqueueChanges(app, [findingId])
    const [finding] = await readInboxRows(db, [findingId])
    if (finding === undefined) throw new NotFound(`there is no finding ${params.id}`)
    return { suppression: String(suppressionId), places, finding }
  },
  'DELETE /api/suppressions/{id}': async ({ service: { app }, who, params }) => {
    const { places } = await endSuppression(app.database.db, { suppressionId: BigInt(params.id), actor: who.actor, now: app.now() })
    return { places }
  },
  'GET /api/live': streamLive,
  'GET /api/views': async ({ service: { app }, who }) => ({
    items: (await listViews(app.database.db, who.account.id)).map(({ id, ...view }) => ({ id: String(id), ...view })),
  }),
  'POST /api/views': async ({ service: { app }, who, body }) => ({
    id: String(await saveView(app.database.db, { accountId: who.account.id, ...body, now: app.now() })),
  }),
  'DELETE /api/views/{id}': async ({ service: { app }, who, params }) => {
    await deleteView(app.database.db, { accountId: who.account.id, viewId: BigInt(params.id) })
    return {}
  },
} satisfies Handlers<keyof typeof findingRoutes>

/** `me` is whoever asks. */
function filterOf(asked: Parsed<'GET /api/findings/counts'>['query'], who: Asker): InboxFilter {
  return { ...asked, assignee: asked.assignee?.map((one) => (one === 'me' ? String(who.account.id) : one)) }
}

function actionOf(action: TriageBody, who: Asker): TriageAction {
  if (action.verb === 'assign') return { verb: 'assign', assignee: action.assignee === null ? null : action.assignee === 'me' ? who.account.id : BigInt(action.assignee) }
  if (action.verb !== 'dismiss') return action
  const { expiresAt, ...dismissal } = action
  return expiresAt === undefined ? dismissal : { ...dismissal, until: new Date(expiresAt) }
}

/** Stands in a cursor, so that it continues no other list than the one it is of. */
function markOf(list: unknown): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 12)
}

/** @throws Invalid it is of another list, or none that we gave out */
function readAfter(cursor: string | undefined, mark: string): readonly string[] | null {
  if (cursor === undefined) return null
  const [of, ...after] = readCursor(cursor)
  if (of !== mark) throw noCursor()
  return after
}

import { deleteView, listViews, saveView } from '../accounts/saved-views.ts'
import type { findingRoutes } from './contract/findings.ts'
import type { Handlers } from './handler.ts'
import { streamLive } from './stream-live.ts'
import { notYet } from './not-yet.ts'

export const findingHandlers = {
  'GET /api/findings': notYet,
  'GET /api/findings/counts': notYet,
  'GET /api/findings/{id}': notYet,
  'GET /api/findings/{id}/occurrences': notYet,
  'GET /api/findings/{id}/events': notYet,
  'POST /api/findings/triage': notYet,
  'POST /api/findings/{id}/suppressions': notYet,
  'DELETE /api/suppressions/{id}': notYet,
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

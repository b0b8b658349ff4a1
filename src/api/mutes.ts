import { NotFound } from '../errors.ts'
import { listMutes, mute } from '../notices/mute.ts'
import { unmute } from '../notices/unmute.ts'
import type { muteRoutes } from './contract/mutes.ts'
import type { Handlers } from './handler.ts'

const minute = 60_000

export const muteHandlers: Handlers<keyof typeof muteRoutes> = {
  'GET /api/mutes': async ({ service: { app } }) => ({
    items: (await listMutes(app.database.db, app.now())).map(({ id, channel, createdAt, endsAt, reason, actor }) => ({ id: String(id), channel, since: createdAt.toISOString(), until: endsAt.toISOString(), reason, by: actor })),
  }),
  'POST /api/mutes': async ({ service: { app }, who, body: { channel, minutes, reason } }) => {
    if (channel !== null && !app.notifiers.has(channel)) throw new NotFound(`there is no destination ${channel}`)
    const now = app.now()
    return { id: String(await mute(app.database.db, { channel, until: new Date(now.getTime() + minutes * minute), reason, actor: who.actor, now })) }
  },
  'POST /api/mutes/end': async ({ service: { app }, who, body: { channel } }) => ({ ended: await unmute(app.database.db, { channel, actor: who.actor, now: app.now() }) }),
}

import { z } from 'zod'
import { id, moment, route } from './route.ts'

export const muteRow = z.strictObject({
  id,
  /** Null: every destination. */
  channel: z.string().nullable(),
  since: moment, until: moment, reason: z.string(), by: z.string(),
})
export type MuteRow = z.output<typeof muteRow>

/** The longest: 30 days. */
const mostMinutes = 30 * 24 * 60
const channel = z.string().min(1).max(100).nullable()

export const muteRoutes = {
  'GET /api/mutes': route({ summary: 'Mutes in force, the one that ends last first', role: 'analyst', scope: 'read', answer: z.strictObject({ items: z.array(muteRow) }) }),
  'POST /api/mutes': route({
    summary: 'Tell a destination, or all of them, nothing until a moment; what happens meanwhile is told then', role: 'administrator', scope: 'manage',
    body: z.strictObject({ channel, minutes: z.int().min(1).max(mostMinutes), reason: z.string().trim().min(1).max(1_000) }),
    answer: z.strictObject({ id }),
  }),
  'POST /api/mutes/end': route({
    summary: 'End the mutes of a destination, or every mute, now', role: 'administrator', scope: 'manage',
    body: z.strictObject({ channel }),
    answer: z.strictObject({ ended: z.int() }),
  }),
} as const

import { z } from 'zod'
import { accountRoles, id, moment, page, paging, route } from './route.ts'
import { email, personName } from './session.ts'

export const accountRow = z.strictObject({
  id, name: z.string(), email: z.string(), role: z.enum(accountRoles),
  /** `invited`: has not used the link yet. */
  status: z.enum(['active', 'invited', 'disabled']),
  /** How this person may log in. */
  password: z.boolean(), oidc: z.boolean(),
  createdAt: moment, lastSeenAt: moment.nullable(),
  sessions: z.int(), tokens: z.int(),
})
export type AccountRow = z.output<typeof accountRow>

/** Shown this once; leads to the page that sets a password. */
const oneTimeLink = z.strictObject({ url: z.string(), expiresAt: moment })

export const auditRow = z.strictObject({
  id, at: moment,
  actor: z.strictObject({ kind: z.enum(['system', 'cli', 'user', 'slack', 'token']), name: z.string() }),
  verb: z.string(),
  /** What it was done to: kind and, in words, which. */
  subject: z.strictObject({ kind: z.string(), name: z.string() }),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type AuditRow = z.output<typeof auditRow>

export const destinationRow = z.strictObject({
  /** The channel as outbox and configuration name it. */
  id: z.string(), title: z.string(),
  pending: z.int(), delivered: z.int(), dead: z.int(),
  lastDeliveredAt: moment.nullable(),
  /** Why the newest undelivered notice was not; null: everything went through. */
  trouble: z.string().nullable(),
})

export const deadNotice = z.strictObject({
  id, channel: z.string(), kind: z.string(), reason: z.string().nullable(),
  finding: z.strictObject({ id, identifier: z.string() }).nullable(),
  createdAt: moment, attempts: z.int(),
})

export const queueRow = z.strictObject({
  queue: z.string(), waiting: z.int(), active: z.int(), delayed: z.int(), failed: z.int(), pausedUntil: moment.nullable(),
})
export const processRow = z.strictObject({ name: z.string(), host: z.string(), startedAt: moment, beatAt: moment, alive: z.boolean() })

const ofOne = z.strictObject({ id })
const nothing = z.strictObject({})

/** What administrators manage. */
export const settingsRoutes = {
  'GET /api/accounts': route({ summary: 'Everybody who has an account', role: 'administrator', scope: 'manage', answer: z.strictObject({ items: z.array(accountRow) }) }),
  'POST /api/accounts': route({
    summary: 'Invite somebody: answers with a one-time link to hand over', role: 'administrator', scope: null,
    body: z.strictObject({ email, name: personName, role: z.enum(accountRoles) }),
    answer: z.strictObject({ id, link: oneTimeLink }),
  }),
  'PATCH /api/accounts/{id}': route({
    summary: 'Change the role of an account, disable it (ends its sessions, stops its tokens) or enable it again', role: 'administrator', scope: null, params: ofOne,
    body: z.strictObject({ role: z.enum(accountRoles).optional(), disabled: z.boolean().optional() }),
    answer: nothing,
  }),
  'POST /api/accounts/{id}/reset': route({
    summary: 'A one-time link for a new password; the old password and all sessions end', role: 'administrator', scope: null, params: ofOne,
    answer: z.strictObject({ link: oneTimeLink }),
  }),
  'DELETE /api/accounts/{id}/sessions': route({ summary: 'End all sessions of an account', role: 'administrator', scope: null, params: ofOne, answer: z.strictObject({ ended: z.int() }) }),
  'GET /api/audit': route({
    summary: 'What people and the system did that is no event of a finding, newest first', role: 'administrator', scope: 'manage',
    query: z.strictObject({ ...paging, verb: z.string().max(60).optional(), actor: z.string().max(200).optional() }),
    answer: page(auditRow).extend({ verbs: z.array(z.string()) }),
  }),
  'GET /api/destinations': route({ summary: 'Where notices go, and how that goes', role: 'analyst', scope: 'read', answer: z.strictObject({ items: z.array(destinationRow) }) }),
  'POST /api/destinations/{id}/test': route({
    summary: 'Send a test message there, now', role: 'administrator', scope: null, params: z.strictObject({ id: z.string().min(1).max(100) }),
    answer: z.strictObject({ outcome: z.enum(['delivered', 'refused', 'unclear']), message: z.string() }),
  }),
  'GET /api/notices/dead': route({
    summary: 'Notices that a destination refused for good', role: 'analyst', scope: 'read',
    query: z.strictObject(paging), answer: page(deadNotice),
  }),
  'POST /api/notices/resend': route({
    summary: 'Put dead notices of a destination back into the outbox', role: 'administrator', scope: 'manage',
    body: z.strictObject({ channel: z.string().max(100), ids: z.array(id).min(1).max(500).optional() }),
    answer: z.strictObject({ count: z.int() }),
  }),
  'GET /api/queues': route({
    summary: 'Queues and processes of the service', role: 'administrator', scope: 'manage',
    answer: z.strictObject({ kind: z.enum(['redis', 'postgres']), queues: z.array(queueRow), processes: z.array(processRow) }),
  }),
} as const

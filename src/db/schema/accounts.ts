import { type AnyPgColumn, bigint, boolean, check, index, integer, jsonb, pgTable, sql, text, unique, uniqueIndex } from '../drizzle.ts'
import { id, time } from './inventory.ts'

/** Who did it. The system is an actor too. */
export type ActorKind = 'system' | 'cli' | 'user' | 'slack' | 'token'

/** What a person may do: each role may do what the ones before it may. */
export const accountRoles = ['viewer', 'analyst', 'administrator'] as const
export type AccountRole = (typeof accountRoles)[number]

/** Somebody who may log in. Never deleted: the history names them. */
export const accounts = pgTable(
  'accounts',
  {
    id: id(),
    /** In small letters. */
    email: text('email').notNull(),
    name: text('name').notNull(),
    role: text('role').$type<AccountRole>().notNull(),
    /** Hashed (see `accounts/password.ts`); null: invited, or logs in elsewhere. */
    password: text('password'),
    /** Who they are to the identity provider; an e-mail may change hands, this pair does not. */
    oidcIssuer: text('oidc_issuer'),
    oidcSubject: text('oidc_subject'),
    createdAt: time('created_at').notNull(),
    lastSeenAt: time('last_seen_at'),
    disabledAt: time('disabled_at'),
  },
  (table) => [
    unique('accounts_identity').on(table.email),
    unique('accounts_oidc_identity').on(table.oidcIssuer, table.oidcSubject),
    check('accounts_oidc_whole', sql`(oidc_issuer is null) = (oidc_subject is null)`),
  ],
)

/**
 * - `first`: makes the first administrator; there is at most one such row, ever
 * - `invitation`: sets the first password of an account
 * - `reset`: sets a new one
 */
export const linkKinds = ['first', 'invitation', 'reset'] as const
export type LinkKind = (typeof linkKinds)[number]

/** One-time links. Only hashes are kept: who reads the database cannot use one. */
export const accountLinks = pgTable(
  'account_links',
  {
    id: id(),
    tokenHash: text('token_hash').notNull(),
    kind: text('kind').$type<LinkKind>().notNull(),
    /** Null for `first`. */
    accountId: bigint('account_id', { mode: 'bigint' }).references((): AnyPgColumn => accounts.id),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at').notNull(),
    usedAt: time('used_at'),
  },
  (table) => [
    unique('account_links_token').on(table.tokenHash),
    check('account_links_of_somebody', sql`(kind = 'first') = (account_id is null)`),
    uniqueIndex('account_links_first').on(table.kind).where(sql`kind = 'first'`),
    uniqueIndex('account_links_open').on(table.accountId).where(sql`used_at is null`),
  ],
)

/** Logins that last: one row per browser, deleted when it ends. */
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    accountId: bigint('account_id', { mode: 'bigint' }).notNull().references(() => accounts.id),
    tokenHash: text('token_hash').notNull(),
    /** What the browser said it is, shortened. */
    agent: text('agent').notNull(),
    address: text('address').notNull(),
    createdAt: time('created_at').notNull(),
    lastSeenAt: time('last_seen_at').notNull(),
    /** Moves while it is used, up to the longest life of a session. */
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [unique('sessions_token').on(table.tokenHash), index('sessions_by_account').on(table.accountId)],
)

/** What a token may do. `triage` and `manage` include `read`. */
export const tokenScopes = ['read', 'triage', 'manage'] as const
export type TokenScope = (typeof tokenScopes)[number]

/** Personal API tokens: act as their owner, with at most the owner's role. Revoked ones stay, to be recognised. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    id: id(),
    accountId: bigint('account_id', { mode: 'bigint' }).notNull().references(() => accounts.id),
    name: text('name').notNull(),
    tokenHash: text('token_hash').notNull(),
    /** The last four letters, to tell tokens apart. */
    ending: text('ending').notNull(),
    scopes: jsonb('scopes').$type<readonly TokenScope[]>().notNull(),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at').notNull(),
    lastUsedAt: time('last_used_at'),
    revokedAt: time('revoked_at'),
  },
  (table) => [unique('api_tokens_token').on(table.tokenHash), index('api_tokens_by_account').on(table.accountId)],
)

/** Attempts to log in within a window, by account and by address: here, so that several processes count together. */
export const loginAttempts = pgTable(
  'login_attempts',
  {
    /** `account:` and a hash, or `address:` and the address. */
    key: text('key').primaryKey(),
    count: integer('count').notNull(),
    /** Start of the window. */
    since: time('since').notNull(),
  },
  (table) => [index('login_attempts_by_time').on(table.since)],
)

/** Filters of the inbox under a name. */
export const savedViews = pgTable(
  'saved_views',
  {
    id: id(),
    accountId: bigint('account_id', { mode: 'bigint' }).notNull().references(() => accounts.id),
    name: text('name').notNull(),
    /** As it stands in the address of the page. */
    query: text('query').notNull(),
    /** Everybody sees it. */
    shared: boolean('shared').notNull(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [unique('saved_views_identity').on(table.accountId, table.name)],
)

/**
 * Append-only: what was done that is no event of a finding, written in the transaction of the change. Rows are never
 * updated or deleted.
 */
export const auditTrail = pgTable(
  'audit_trail',
  {
    id: id(),
    actorKind: text('actor_kind').$type<ActorKind>().notNull(),
    actor: text('actor').notNull(),
    verb: text('verb').notNull(),
    /** What it was done to, by its kind and in words. */
    subjectKind: text('subject_kind').notNull(),
    subject: text('subject').notNull(),
    facts: jsonb('facts').$type<Readonly<Record<string, string | number | boolean | null>>>().notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('audit_trail_by_verb').on(table.verb, table.id)],
)

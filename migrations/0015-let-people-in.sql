-- People who log in, their sessions and tokens, what they saved, whom a finding is assigned to, and the trail of what
-- was done that is no event of a finding.

create table accounts (
  id bigint generated always as identity primary key,
  email text not null check (email = lower(email)),
  name text not null,
  role text not null check (role in ('viewer', 'analyst', 'administrator')),
  password text,
  oidc_issuer text,
  oidc_subject text,
  created_at timestamptz not null,
  last_seen_at timestamptz,
  disabled_at timestamptz,
  constraint accounts_identity unique (email),
  constraint accounts_oidc_identity unique (oidc_issuer, oidc_subject),
  constraint accounts_oidc_whole check ((oidc_issuer is null) = (oidc_subject is null))
);

create table account_links (
  id bigint generated always as identity primary key,
  token_hash text not null,
  kind text not null check (kind in ('first', 'invitation', 'reset')),
  account_id bigint references accounts (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint account_links_token unique (token_hash),
  constraint account_links_of_somebody check ((kind = 'first') = (account_id is null))
);
-- One first administrator, however many processes start and however often.
create unique index account_links_first on account_links (kind) where kind = 'first';
create unique index account_links_open on account_links (account_id) where used_at is null;

create table sessions (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts (id),
  token_hash text not null,
  agent text not null,
  address text not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  constraint sessions_token unique (token_hash)
);
create index sessions_by_account on sessions (account_id);

create table api_tokens (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts (id),
  name text not null,
  token_hash text not null,
  ending text not null,
  scopes jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  constraint api_tokens_token unique (token_hash)
);
create index api_tokens_by_account on api_tokens (account_id);

create table login_attempts (
  key text primary key,
  count integer not null,
  since timestamptz not null
);
create index login_attempts_by_time on login_attempts (since);

create table saved_views (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts (id),
  name text not null,
  query text not null,
  shared boolean not null,
  created_at timestamptz not null,
  constraint saved_views_identity unique (account_id, name)
);

create table audit_trail (
  id bigint generated always as identity primary key,
  actor_kind text not null check (actor_kind in ('system', 'cli', 'user', 'slack', 'token')),
  actor text not null,
  verb text not null,
  subject_kind text not null,
  subject text not null,
  facts jsonb not null,
  at timestamptz not null
);
create index audit_trail_by_verb on audit_trail (verb, id);
create trigger audit_trail_only_grows before update or delete on audit_trail for each row execute function refuse_change_of_history();

alter table findings add column assignee bigint references accounts (id);
create index findings_by_assignee on findings (assignee) where assignee is not null;

alter table events drop constraint events_verb_check;
alter table events add constraint events_verb_check check (verb in (
  'found', 'acknowledged', 'resolved', 'dismissed', 'reopened', 'place-added', 'commented', 'assigned',
  'dated', 'place-gone', 'place-returned', 'proposed', 'proposal-withdrawn', 'suppressed', 'reassessed', 'unsuppressed', 'recheck-requested'));

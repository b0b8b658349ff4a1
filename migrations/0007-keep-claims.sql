-- What the public registries hold under our names, the history of it, and the notices about it.

create table claims (
  id bigint generated always as identity primary key,
  identifier_id bigint not null references identifiers (id),
  registry text not null,
  state text not null check (state in ('unclaimed', 'ours', 'placeholder', 'stranger', 'unknown')),
  claimable text not null check (claimable in ('yes', 'no', 'unknown')),
  why text not null,
  facts jsonb,
  signals jsonb not null,
  told_at timestamptz,
  asked_at timestamptz,
  failure text,
  due_at timestamptz,
  first_absent_at timestamptz,
  progress jsonb,
  requests integer not null default 0,
  created_at timestamptz not null,
  constraint claims_identity unique (identifier_id, registry),
  constraint claims_claimable_only_what_was_told check (claimable <> 'yes' or told_at is not null)
);
create index claims_due on claims (registry, due_at) where due_at is not null;

create table claim_events (
  id bigint generated always as identity primary key,
  claim_id bigint not null references claims (id),
  state text not null check (state in ('unclaimed', 'ours', 'placeholder', 'stranger', 'unknown')),
  claimable text not null check (claimable in ('yes', 'no', 'unknown')),
  why text not null,
  facts jsonb,
  signals jsonb not null,
  news text check (news in ('taken', 'version-above', 'install-time-code')),
  at timestamptz not null
);
create index claim_events_by_claim on claim_events (claim_id, id);
create trigger claim_events_only_grow before update or delete on claim_events for each row execute function refuse_change_of_history();

alter table notices add column claim_event_id bigint references claim_events (id);
alter table notices drop constraint notices_kind_check;
alter table notices add constraint notices_kind_check check (kind in ('leaked', 'reopened', 'place', 'baseline', 'claim'));

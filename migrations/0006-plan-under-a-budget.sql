-- What the planner learns from runs, and when a watch is due.

alter table watches
  add column term text,
  add column purpose text not null default 'cover' check (purpose in ('cover', 'check')),
  add column trial jsonb not null default '[]',
  add column trial_since timestamptz,
  add column counted integer,
  add column price integer not null default 1,
  add column yield double precision not null default 0,
  add column ran_at timestamptz,
  add column due_at timestamptz;

alter table runs add column parts integer;

create table lessons (
  source text not null,
  kind text not null check (kind in ('edge', 'stem')),
  subject text not null,
  lesson text not null check (lesson in ('tried', 'proven', 'missed')),
  reason text,
  at timestamptz not null,
  constraint lessons_pkey primary key (source, kind, subject)
);

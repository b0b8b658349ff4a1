-- Who is told when: alerts that become one message, escalations, word for the operator, destinations that do not work,
-- and mutes with an end.

alter table notices drop constraint notices_kind_check;
alter table notices add constraint notices_kind_check
  check (kind in ('leaked', 'reopened', 'place', 'baseline', 'claim', 'changed', 'refresh', 'escalation', 'operator'));
-- Of an escalation since when nobody acknowledged; of word for the operator what it is about.
alter table notices add column details jsonb not null default '{}';
-- Id of the message that told this together with others; null: it was told by itself, or not yet.
alter table notices add column told_with text;
create index notices_told on notices (channel, created_at) where state = 'delivered';
create index notices_by_kind on notices (finding_id, id) where kind in ('leaked', 'reopened', 'escalation');

create table destinations (
  name text primary key,
  -- The last time that it took something.
  delivered_at timestamptz,
  -- Since when it has taken nothing; null: the last message was taken.
  failing_since timestamptz,
  -- Since when it refuses us for good; null: it does not.
  dead_since timestamptz,
  -- The last time that it was tried since.
  tried_at timestamptz,
  reason text
);

create table mutes (
  id bigint generated always as identity primary key,
  -- Null: every destination.
  channel text,
  reason text not null,
  actor_kind text not null,
  actor text not null,
  created_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  constraint mutes_end check (ends_at > created_at)
);
create index mutes_in_force on mutes (ends_at) where ended_at is null;

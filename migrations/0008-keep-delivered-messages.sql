-- A message that was sent is kept true: what happens later to its finding goes into its thread, and the message itself
-- is changed. And a message whose answer never came is looked for before it is sent again.

alter table notices drop constraint notices_kind_check;
alter table notices add constraint notices_kind_check
  check (kind in ('leaked', 'reopened', 'place', 'baseline', 'claim', 'changed', 'refresh'));
alter table notices add column event_id bigint references events (id);
-- Shared by the rows of one message from before it is sent until its answer is known.
alter table notices add column attempt text;
alter table notices add column attempted_at timestamptz;
-- Times it was sent although an earlier attempt, whose answer never came, may have arrived.
alter table notices add column possible_repeats integer not null default 0;
create index notices_by_finding on notices (channel, finding_id, id) where state = 'pending' and kind in ('changed', 'refresh');

create table delivered_messages (
  channel text not null,
  finding_id bigint not null references findings (id),
  notice_id bigint not null references notices (id),
  room text,
  ts text,
  shows text not null,
  event_id bigint references events (id),
  posted_at timestamptz not null,
  shown_at timestamptz not null,
  constraint delivered_messages_pkey primary key (channel, finding_id),
  constraint delivered_messages_place check ((room is null) = (ts is null))
);
create index delivered_messages_by_finding on delivered_messages (finding_id);
create index delivered_messages_by_place on delivered_messages (room, ts);

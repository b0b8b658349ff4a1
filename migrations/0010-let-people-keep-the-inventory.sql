-- Lines that people keep on the page, where a line of the configuration stands, and runs that somebody asked for.

alter table identifiers drop constraint identifiers_origin_check;
alter table identifiers add constraint identifiers_origin_check check (origin in ('inventory', 'accepted', 'page', 'drill'));
alter table identifiers add column place text;
-- The list counts what each pattern spelled out, and its findings.
create index identifiers_by_pattern on identifiers (pattern_id) where pattern_id is not null;

alter table runs drop constraint runs_trigger_check;
alter table runs add constraint runs_trigger_check check (trigger in ('schedule', 'sweep', 'person'));

-- What the inventory knows of our own packages: the yardstick for "a stranger's version above ours" and
-- "published after ours was first used".

alter table identifiers add column latest_version text;
alter table identifiers add column first_published_at timestamptz;

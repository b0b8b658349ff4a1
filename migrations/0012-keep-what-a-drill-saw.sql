-- Which sweeps looked for the name of a drill, kept when it ends: afterwards no watch covers the name any more.

alter table drills add column looks jsonb;

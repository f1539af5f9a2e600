-- A database that was restored from a backup does not know what was sent after it was made. Each process remembers beside its
-- secrets how far this counter had come; a database that is behind that is an older one.
create table instance_epoch (
  -- One row.
  one         boolean primary key default true check (one),
  database_id uuid not null default gen_random_uuid(),
  -- Raised whenever a campaign locks, begins to send, settles or is aborted.
  epoch       bigint not null default 0
);
insert into instance_epoch default values;

-- `restored`: nothing is sent until each post that may have gone out since the backup has been looked for, and an operator
-- lets sending go on.
alter table hold drop constraint hold_kind_check;
alter table hold add constraint hold_kind_check check (kind in ('paused', 'broken', 'throttled', 'moment', 'clock', 'restored'));
-- `to_look`: after a restore, not looked for yet; `looked`: looked for at its network. Null: not touched by a restore.
alter table delivery add column restored text check (restored in ('to_look', 'looked'));

-- Destroying keys for good: everything that remains is wrapped under another master key, and the old one is destroyed.

-- The master key that everything is sealed under; one row, made by the first process that opens the database.
create table master_key (
  singleton        boolean primary key default true check (singleton),
  id               text not null,
  -- Takes its place as soon as every process has it; null except while that is under way.
  next_id          text,
  -- Keys were destroyed then that the present master key could still open in an older dump; null when it could not.
  owed_since       timestamptz,
  rotated_at       timestamptz
);

-- Which master keys a worker process has: their ids, with a blank between them.
alter table worker add column master_keys text not null default '';

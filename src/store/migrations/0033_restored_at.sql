-- When the database was last held because it had been restored: what a process noted of it before then has been taken into
-- account, and is no sign of another restore.
alter table instance_epoch add column restored_at timestamptz;

-- When the network wrote its answer to an attempt, by its own clock; null where it does not say.
alter table attempt add column network_at timestamptz;
-- How far the networks' clocks are ahead of this one's, as a worker has heard from those that the configuration names, and from
-- servers that supporters name; null where none has answered. `network_off`: the first is an alarm.
alter table worker add column network_offset_ms float8, add column named_offset_ms float8,
  add column network_off boolean not null default false;
-- A person has let the campaign go by our clock, whatever the networks' say.
alter table campaign add column clock_trusted boolean not null default false;

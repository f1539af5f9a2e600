-- Many platforms, some of them with many hosts.

-- The host that a pledge's post goes to: its name where there is one for all, and a keyed hash where supporters name their
-- own, since a server of one person names that person.
alter table pledge add column host text not null default '';
alter table delivery add column host text not null default '';
-- What a step before the moment gave for this delivery, such as the id of a container.
alter table delivery add column staged text;

-- A host may be throttled or broken alone; its subject is platform/host.
alter table hold drop constraint hold_scope_check;
alter table hold add constraint hold_scope_check check (scope in ('campaign', 'platform', 'host', 'instance'));

-- What a platform remembers for this instance (apps registered at servers, keys of its own), sealed.
create table platform_note (
  platform text not null,
  key      text not null,
  sealed   bytea not null,
  at       timestamptz not null default now(),
  primary key (platform, key)
);

-- An operator has read what a platform's rules say of posts like ours, and accepts them. Automatic mode needs it.
create table platform_acceptance (
  platform text primary key,
  actor    text not null,
  -- The date that the facts bore which were shown.
  as_of    text not null,
  at       timestamptz not null default now()
);

-- What a campaigner shows beside the words: a picture, and news while the campaign goes on.

-- A campaign's picture, encoded by us, in each width that it is shown in.
create table picture (
  campaign_id uuid not null references campaign (id) on delete cascade,
  width       integer not null,
  height      integer not null,
  type        text not null,
  -- Of all widths together; stands in their addresses, so that these can be kept for ever.
  hash        text not null,
  -- Who sent it: not the one who approves.
  author      text not null,
  bytes       bytea not null,
  primary key (campaign_id, width)
);

-- News of a campaign. One that is withdrawn is deleted; the audit log says who did it.
create table campaign_update (
  id          uuid primary key,
  campaign_id uuid not null references campaign (id) on delete cascade,
  at          timestamptz not null default now(),
  author      text not null,
  -- BCP 47 tag -> markdown.
  text        jsonb not null
);
-- A campaign's page shows them, the newest first.
create index campaign_update_newest on campaign_update (campaign_id, at desc);

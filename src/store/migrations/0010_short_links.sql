-- Links short enough for a poster. A code stays here when its campaign goes, so that what is printed never leads elsewhere.
create table short_link (
  code        text primary key,
  -- Also finds a campaign's code.
  campaign_id uuid unique references campaign (id) on delete set null,
  made_at     timestamptz not null default now()
);

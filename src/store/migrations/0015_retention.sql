-- So long after a campaign has ended its keys are destroyed, and its rows are reduced to counters.

alter table campaign
  add column keys_destroyed_at timestamptz,
  add column reduced_at        timestamptz,
  -- How many said that they posted by themselves, and how many of those posts were seen, of those whose rows are gone.
  add column posts_by_hand     integer not null default 0,
  add column posts_seen        integer not null default 0;
-- `settled_at` says of every campaign that is over when it ended; of those from before, as well as can be known.
update campaign set settled_at = least(moment, clock_timestamp())
  where state in ('cancelled', 'missed_goal', 'rejected') and settled_at is null;
-- The sweep asks which campaigns have ended and are not reduced yet.
create index campaign_unreduced on campaign (settled_at)
  where reduced_at is null and state in ('settled', 'aborted', 'cancelled', 'missed_goal', 'rejected');

-- Null when it is erased or reduced: no account is kept by then, by no name.
alter table pledge alter column account_hash drop not null;
update pledge set account_hash = null where erased;

-- Withdrawing erases at once; what was withdrawn before this is erased now. Its receipt still says that it was.
do $$ begin
  if to_regclass('unsealed') is not null then
    delete from unsealed u using pledge p
      where u.kind = 'pledge' and u.row_id = p.id::text and p.state = 'withdrawn';
    delete from unsealed u using delivery d, pledge p
      where u.kind = 'delivery' and u.row_id = d.id::text and p.id = d.pledge_id and p.state = 'withdrawn';
  end if;
end $$;
update delivery d set sealed = null, sealed_stage = null, host = ''
  from pledge p where p.id = d.pledge_id and p.state = 'withdrawn';
update pledge set erased = true, sealed = '', account_hash = null, host = '', followers = null, consented_at = 'epoch',
  withdrawn_at = null
  where state = 'withdrawn' and not erased;

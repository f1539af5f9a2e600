-- What was decided of when a campaign takes place, sealed under its key: its moment and the times that are reckoned from it. Nothing
-- is sent by times that are not these.
alter table campaign add column decided_times bytea;
-- Campaigns from before are sealed as they are at the first start (src/store/decided-times.ts).
do $$ begin
  if exists (select 1 from campaign where state in ('in_review', 'open', 'locked', 'firing')) then
    create table unsealed_times as select id from campaign where state in ('in_review', 'open', 'locked', 'firing');
  end if;
end $$;

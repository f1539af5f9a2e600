-- Reach: how many people follow those who have joined.

-- As the platform told when it said whose account it is, rounded to two significant digits so that it names nobody; null where
-- it did not tell. Only its sum is ever shown.
alter table pledge add column followers integer check (followers >= 0);

-- Counting the active pledges of a campaign and summing their followers, from the index alone; and locking them.
drop index pledge_active;
create index pledge_active on pledge (campaign_id, followers) where state = 'active';

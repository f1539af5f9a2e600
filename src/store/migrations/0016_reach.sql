-- How many people follow those who joined is a sum, made once nothing is being sent any more. Until then an account's number of
-- followers lies in the sealed part of its pledge: in clear, beside the time of joining, it said who joined.

-- Two significant digits; null until it has been summed, 0 where no network told of any.
alter table campaign add column reach double precision check (reach >= 0);
update campaign c set reach = (
  select coalesce(sum(least(p.followers, 10000)), 0) from pledge p where p.campaign_id = c.id and p.state = 'active')
where c.state = 'settled';
update campaign set reach = round(reach::numeric, 1 - floor(log(reach))::integer) where reach >= 100;

-- Emptied before it goes, since a column that is dropped leaves its values in the rows.
update pledge set followers = null where followers is not null;
drop index pledge_active;
alter table pledge drop column followers;

-- Counting the active pledges of a campaign, and locking them.
create index pledge_active on pledge (campaign_id) where state = 'active';

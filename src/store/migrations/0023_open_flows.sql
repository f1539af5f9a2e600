-- Which flows a browser has open: some servers leave the state out of a refusal.
create index oauth_flow_browser on oauth_flow (browser_hash);

-- Why a permission is dead, where it is the account that is: taken down, switched off, gone.
alter table credential add column dead_reason text;

-- Which flows a browser has open: some servers leave the state out of a refusal.
create index oauth_flow_browser on oauth_flow (browser_hash);

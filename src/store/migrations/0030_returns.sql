-- How a sign-in ended from which no pledge came, for whoever opens its page again.
alter table oauth_flow add column ended jsonb;

-- Networks that refused this instance's app when somebody joined. A row goes with the next join that the network takes.
create table join_refusal (
  platform text primary key,
  since timestamptz not null,
  detail text not null
);

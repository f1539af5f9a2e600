-- Which use it was, made at random by whoever uses the flow: asked for again, because the answer was lost, the same one is no second use.
alter table oauth_flow add column use_id uuid;

-- Whether we could see the post ourselves, where its network shows posts without a login. Only those are counted in public.
alter table assisted_post add column seen boolean not null default false;

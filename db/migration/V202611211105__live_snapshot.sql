-- A broadcast remembers what it was about.
alter table live_broadcast
    add column category_id bigint references channel_category (id) on delete set null,
    add column tags        text[]  not null default '{}',
    add column language    text    not null default '',
    add column mature      boolean not null default false;

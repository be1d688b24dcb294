-- Nobody sent it, and its row is one of many: whenever somebody looks there is another.
alter table live_broadcast
    add column fetched boolean not null default false;

create index live_broadcast_fetched on live_broadcast (ended_at) where fetched;

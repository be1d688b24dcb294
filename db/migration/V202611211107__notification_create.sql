create table notification_notice (
    id           bigint generated always as identity primary key,
    account_id   bigint      not null references account (id) on delete cascade,
    channel_id   bigint      not null references channel (id) on delete cascade,
    broadcast_id bigint      not null references live_broadcast (id) on delete cascade,
    created_at   timestamptz not null,
    read_at      timestamptz,
    -- Once for each broadcast, whatever happens.
    unique (account_id, broadcast_id)
);

create index notification_notice_account on notification_notice (account_id, id desc);

-- When a channel's followers were last told.
create table notification_told (
    channel_id bigint      primary key references channel (id) on delete cascade,
    told_at    timestamptz not null
);

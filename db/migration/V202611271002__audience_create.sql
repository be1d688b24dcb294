-- The password of a channel that is shown to whoever knows it. Its number grows with every other one.
create table audience_password (
    channel_id bigint primary key references channel (id) on delete cascade,
    hash       text not null,
    version    int  not null
);

-- By what media that is not for everybody is fetched: who asks, as a secret in its addresses. Rows go a minute after their last use, or when their time ends.
create table play_ticket (
    id         bigint      generated always as identity unique,
    hash       bytea       primary key,
    channel_id bigint      not null references channel (id) on delete cascade,
    account_id bigint      references account (id) on delete cascade,
    guest_id   bigint,
    password   int,
    made_at    timestamptz not null,
    seen_at    timestamptz not null,
    -- One for a player elsewhere: what it is called, and when it ends. Null for a page's.
    name       text,
    expires_at timestamptz,
    check ((name is null) = (expires_at is null))
);
create index play_ticket_channel on play_ticket (channel_id);

-- The last picture of a channel's last broadcast, for its page while nothing is on. Goes with the channel, and when staff take it down.
create table live_last_picture (
    channel_id bigint      primary key references channel (id) on delete cascade,
    -- Whose picture it is: its address holds the broadcast.
    engine_id  uuid        not null unique,
    number     bigint      not null,
    jpeg       bytea       not null check (length(jpeg) <= 1048576),
    kept_at    timestamptz not null default now()
);

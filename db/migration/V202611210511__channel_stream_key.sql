create table channel_stream_key (
    id            bigint generated always as identity primary key,
    channel_id    bigint      not null references channel (id) on delete cascade,
    name          text        not null check (length(name) between 1 and 50),
    -- The public part, by which a key is found and known in lists.
    prefix        text        not null unique,
    -- SHA-256 of the whole key; the key itself is stored nowhere.
    secret_hash   bytea       not null,
    created_at    timestamptz not null default now(),
    last_used_at  timestamptz,
    last_encoder  text,
    revoked_at    timestamptz,
    blocked_until timestamptz
);

create index channel_stream_key_channel on channel_stream_key (channel_id);

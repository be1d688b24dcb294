create table live_publish_attempt (
    id          bigint generated always as identity primary key,
    -- Null when the key told nothing: then only the operator sees it, and whoever has the connect page open at that address.
    channel_id  bigint references channel (id) on delete cascade,
    occurred_at timestamptz not null,
    outcome     text        not null check (outcome in ('PUBLISHED', 'REFUSED', 'ENDED')),
    cause       text,
    key_name    text,
    key_prefix  text,
    encoder     text        not null,
    remote      text        not null
);

create index live_publish_attempt_channel on live_publish_attempt (channel_id, id desc);

create table live_broadcast (
    id           bigint generated always as identity primary key,
    channel_id   bigint      not null references channel (id) on delete cascade,
    engine_id    uuid        not null unique,
    title        text        not null,
    started_at   timestamptz not null,
    live_at      timestamptz,
    ended_at     timestamptz,
    peak_viewers int         not null default 0
);

create index live_broadcast_channel on live_broadcast (channel_id, started_at desc);
create index live_broadcast_open on live_broadcast (id) where ended_at is null;

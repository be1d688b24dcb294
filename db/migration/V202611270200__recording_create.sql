-- Broadcasts that are kept. What bytes there are stands in recording_span; the segments of a span are packed in one column.
create table recording (
    id           bigint generated always as identity primary key,
    public_id    text        not null unique check (public_id ~ '^[A-Za-z0-9_-]{11}$'),
    -- Null once the channel is deleted: what is left is removed soon.
    channel_id   bigint      references channel (id) on delete set null,
    broadcast_id bigint      references live_broadcast (id) on delete set null,
    -- The engine's name for the broadcast.
    engine_id    uuid        not null unique,
    folder       text        not null,
    state        text        not null check (state in ('RECORDING', 'READY', 'READY_WITH_GAPS')),
    visibility   text        not null default 'PUBLIC' check (visibility in ('PUBLIC', 'UNLISTED', 'PRIVATE')),
    title        text        not null default '',
    description  text        not null default '',
    category_id  bigint      references channel_category (id) on delete set null,
    language     text,
    mature       boolean     not null default false,
    started_at   timestamptz not null,
    ended_at     timestamptz,
    duration_ms  bigint      not null default 0,
    bytes        bigint      not null default 0,
    views        bigint      not null default 0,
    expires_at   timestamptz,
    pinned       boolean     not null default false,
    deleted_at   timestamptz,
    deleted_by   bigint      references account (id) on delete set null
);

create index recording_of_channel on recording (channel_id, started_at desc) where deleted_at is null;
create index recording_recent on recording (started_at desc) where deleted_at is null and visibility = 'PUBLIC';
create index recording_unfinished on recording (id) where state = 'RECORDING';
create index recording_due on recording (expires_at) where not pinned;
create index recording_deleted on recording (deleted_at) where deleted_at is not null;

create table recording_track (
    recording_id   bigint not null references recording (id) on delete cascade,
    track          text   not null check (track ~ '^[va][0-9]{1,3}$'),
    format         int    not null,
    codec          text   not null,
    timescale      int    not null,
    width          int    not null,
    height         int    not null,
    initialization bytea  not null,
    primary key (recording_id, track, format)
);

create table recording_span (
    recording_id     bigint  not null references recording (id) on delete cascade,
    track            text    not null,
    ordinal          int     not null,
    format           int     not null,
    discontinuity    boolean not null,
    start_ms         bigint  not null,
    base_decode_time bigint  not null,
    duration_ms      bigint  not null,
    bytes            bigint  not null,
    segments         bytea   not null,
    closed           boolean not null,
    primary key (recording_id, track, ordinal)
);

create index recording_span_open on recording_span (recording_id) where not closed;

create table recording_gap (
    recording_id bigint not null references recording (id) on delete cascade,
    at_ms        bigint not null,
    lost_ms      bigint not null,
    cause        text   not null check (cause in ('ENCODER', 'PROCESS', 'DISK', 'SLOW', 'PAUSED', 'DAMAGED')),
    primary key (recording_id, at_ms, cause)
);

-- A moment that somebody marked, or that the description changed at.
create table recording_chapter (
    recording_id bigint      not null references recording (id) on delete cascade,
    at           timestamptz not null,
    title        text        not null,
    primary key (recording_id, at)
);

-- Objects of the store that nothing refers to any more, until they are gone.
create table recording_garbage (
    id     bigint generated always as identity primary key,
    object text        not null,
    since  timestamptz not null default now()
);

-- What a channel's recordings take: changed in the transaction that changes them.
create table recording_usage (
    channel_id bigint primary key references channel (id) on delete cascade,
    bytes      bigint not null default 0
);

-- What a channel's owner decided; no row: as the site says.
create table recording_channel (
    channel_id     bigint primary key references channel (id) on delete cascade,
    recorded       boolean,
    keep_days      int check (keep_days between 1 and 3650),
    rewind_minutes int check (rewind_minutes between 0 and 100000),
    visibility     text check (visibility in ('PUBLIC', 'UNLISTED', 'PRIVATE')),
    downloads      boolean
);

-- Where a person was in a video.
create table recording_position (
    account_id   bigint      not null references account (id) on delete cascade,
    recording_id bigint      not null references recording (id) on delete cascade,
    position_ms  bigint      not null,
    seen_at      timestamptz not null,
    primary key (account_id, recording_id)
);

-- A broadcast outlives its process: what the next one has to know to go on with it.
alter table live_broadcast
    add column epoch bigint not null default 1,
    add column key_id bigint,
    add column resume_until timestamptz,
    add column media_sequence bigint not null default 0,
    add column discontinuity_sequence bigint not null default 0,
    add column recorded boolean not null default true;

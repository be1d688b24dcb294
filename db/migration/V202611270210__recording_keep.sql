-- What it takes to keep recordings, and to let them go.

-- Its spans are being taken away, set by set: nothing brings it back.
alter table recording add column removing boolean not null default false;
create index recording_removing on recording (id) where removing;
-- When its owner was told that it goes soon.
alter table recording add column warned_at timestamptz;
-- A broadcast whose recording was ended too early goes on in another one: nothing is lost for that.
alter table recording drop constraint recording_engine_id_key;
create index recording_engine on recording (engine_id);
create index recording_broadcast on recording (broadcast_id);
create index recording_ready on recording (channel_id, started_at) where state <> 'RECORDING' and not pinned;

-- Objects are taken away in the order that they came.
create unique index recording_garbage_object on recording_garbage (object);

-- Which store these rows are about: files of any other are left alone.
create table recording_store (
    only_one boolean     primary key default true check (only_one),
    id       uuid        not null,
    since    timestamptz not null default now(),
    -- The last sweep for files and rows that do not fit each other.
    swept_at timestamptz,
    files    bigint      not null default 0,
    unknown  bigint      not null default 0,
    missing  bigint      not null default 0,
    -- Unknown files were too many to be moved without somebody's word.
    refused  boolean     not null default false
);

-- Until when a broadcast was certainly on air, noted every few seconds.
alter table live_broadcast add column alive_at timestamptz;
create index live_broadcast_open_channel on live_broadcast (channel_id) where ended_at is null;

-- What was said of the broadcast that comes next, and of no other; null: as always.
alter table recording_channel add column next_recorded boolean;

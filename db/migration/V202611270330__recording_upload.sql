-- A file that becomes a video: received piece by piece, then taken in. Its bytes lie in the data directory.
create table recording_upload (
    id         bigint generated always as identity primary key,
    public_id  text        not null unique check (public_id ~ '^[A-Za-z0-9_-]{22}$'),
    channel_id bigint      not null references channel (id) on delete cascade,
    -- Who sends it.
    account_id bigint      references account (id) on delete set null,
    file_name  text        not null,
    title      text        not null,
    bytes      bigint      not null check (bytes > 0),
    received   bigint      not null default 0,
    state      text        not null check (state in ('RECEIVING', 'WAITING', 'IMPORTING', 'DONE', 'FAILED', 'CANCELLED')),
    percent    int         not null default 0,
    -- How often it was begun to be taken in: a process may die of it.
    attempts   int         not null default 0,
    -- The engine's word for what stands against it, and the codec where it is about one.
    refusal    text,
    codec      text,
    -- The video that it becomes, and where its bytes are.
    recording  text,
    folder     text,
    created_at timestamptz not null,
    changed_at timestamptz not null
);

create index recording_upload_channel on recording_upload (channel_id, created_at desc);
create index recording_upload_open on recording_upload (id) where state in ('RECEIVING', 'WAITING', 'IMPORTING');

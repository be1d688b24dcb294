-- A piece of a video with a name of its own. It is a reference until what it refers to goes: then its bytes are copied into a recording
-- of the kind CLIP.
create table recording_clip (
    id            bigint generated always as identity primary key,
    public_id     text        not null unique check (public_id ~ '^[A-Za-z0-9_-]{11}$'),
    -- What it is of; null once that is gone.
    recording_id  bigint      references recording (id) on delete set null,
    -- Who made it; null once they are gone.
    account_id    bigint      references account (id) on delete set null,
    -- In media time of what it is of.
    from_ms       bigint      not null check (from_ms >= 0),
    to_ms         bigint      not null check (to_ms > from_ms),
    title         text        not null,
    made_at       timestamptz not null,
    views         bigint      not null default 0,
    -- What holds its own bytes; null while it is a reference.
    own_recording bigint      references recording (id) on delete set null,
    deleted_at    timestamptz,
    deleted_by    bigint      references account (id) on delete set null
);

create index recording_clip_of_recording on recording_clip (recording_id) where own_recording is null;
-- What is deleted looks for what refers to it.
create index recording_clip_any_recording on recording_clip (recording_id);
create index recording_clip_own on recording_clip (own_recording) where own_recording is not null;
create index recording_clip_account on recording_clip (account_id, made_at);
create index recording_clip_deleted on recording_clip (deleted_at) where deleted_at is not null;

-- Who was counted, for a day, as for videos.
create table recording_clip_view (
    clip_id bigint not null references recording_clip (id) on delete cascade,
    day     date   not null,
    viewer  bytea  not null,
    primary key (clip_id, day, viewer)
);

create index recording_clip_view_day on recording_clip_view (day);

-- Whether viewers make clips of a channel's broadcasts; null: as the site says.
alter table recording_channel add column clips boolean;

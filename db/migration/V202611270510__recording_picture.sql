-- A picture of each recording, and of each clip, for pages and lists: made of its own bytes. Goes with it, and when a trim changes what it shows.
create table recording_picture (
    -- Its address holds it: a picture that takes another's place has another address.
    number       bigint generated always as identity primary key,
    recording_id bigint unique references recording (id) on delete cascade,
    clip_id      bigint unique references recording_clip (id) on delete cascade,
    -- Null: there can be none.
    jpeg         bytea check (length(jpeg) <= 1048576),
    made_at      timestamptz not null default now(),
    check (num_nonnulls(recording_id, clip_id) = 1)
);

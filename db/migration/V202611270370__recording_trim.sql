-- A video that was trimmed: what it was before is kept like one that was deleted, under a name that nobody sees.
alter table recording drop constraint recording_kind_check;
alter table recording
    add constraint recording_kind_check check (kind in ('LIVE', 'UPLOAD', 'CLIP', 'ORIGINAL')),
    add column original_id bigint references recording (id) on delete set null,
    -- How much of the original's beginning is gone, in media time.
    add column trimmed_ms bigint not null default 0;
create index recording_original on recording (original_id) where original_id is not null;
-- Files are looked for by the folder that they are in.
create index recording_folder on recording (folder);

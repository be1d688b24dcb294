-- How much of the original's beginning the video had lost when a comment was written, as recording.trimmed_ms: what it says of times counts from
-- there.
alter table chat_video_comment add column trimmed_ms bigint not null default 0;
update chat_video_comment v set trimmed_ms = r.trimmed_ms from recording r join recording o on o.id = r.original_id
    where v.recording_id = r.id and r.trimmed_ms > 0 and v.written_at >= o.deleted_at;

-- What was said while a video was on air: read by the minute, as the picture gets there.
create index chat_message_replay on chat_message (channel_id, written_at, seq) where removed_at is null;

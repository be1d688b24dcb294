-- Who was given the key and is not on air yet: run is who is, until they are.
alter table channel_stream_key add column next_run uuid;

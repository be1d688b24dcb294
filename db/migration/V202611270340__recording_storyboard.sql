-- How many small pictures of a span lie beside it on one sheet; null: nobody tried yet.
alter table recording_span add column pictures int;
create index recording_span_pictures on recording_span (recording_id, ordinal) where closed and pictures is null and track = 'v0';

-- Spans that lie in a bucket, beside the disk or in place of it.
alter table recording_span
    -- Written down as whole.
    add column closed_at timestamptz default now(),
    -- Something of it may be in the bucket from then on, whatever became of the try.
    add column put_at timestamptz,
    -- The bucket has all of it: it was asked.
    add column archived_at timestamptz,
    add column sha256 bytea check (octet_length(sha256) = 32),
    -- The disk has it.
    add column local boolean not null default true,
    add constraint recording_span_somewhere check (local or archived_at is not null);

create index recording_span_waiting on recording_span (closed_at) where closed and archived_at is null;
create index recording_span_leaving on recording_span (archived_at) where local and archived_at is not null;
create index recording_span_archived on recording_span (archived_at) include (bytes, local) where archived_at is not null;

alter table recording_garbage
    -- The disk may have it.
    add column local boolean not null default true,
    -- The bucket may have it.
    add column archived boolean not null default false;

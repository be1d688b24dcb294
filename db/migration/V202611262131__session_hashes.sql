-- The table holds the hash of an id: whoever reads it gets into no session. Those that are open go on.
alter table spring_session
    alter column session_id type text using encode(sha256(convert_to(trim(session_id), 'UTF8')), 'hex');

-- What the site signs with what it hands to browsers; one key for each purpose.
create table security_key (
    purpose text        primary key,
    value   bytea       not null check (length(value) = 32),
    made_at timestamptz not null default now()
);

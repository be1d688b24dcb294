-- What must happen after a decision, written down in its transaction; docs/adr/0047-one-durable-queue.md.
create table delivery (
    id         bigint generated always as identity primary key,
    kind       text        not null check (length(kind) <= 64),
    -- Whom or what it is about, as the console shows it: a name, never a mail address or a secret.
    target     text        not null check (length(target) <= 200),
    -- Larger ones are refused before they get here; as PostgreSQL writes it, JSON may be longer than it came.
    body       jsonb       not null check (octet_length(body::text) <= 131072),
    state      text        not null default 'WAITING' check (state in ('WAITING', 'DONE', 'DROPPED', 'PARKED')),
    attempts   integer     not null default 0,
    next_at    timestamptz not null,
    last_error text check (length(last_error) <= 300),
    -- What was asked for once is not asked for again while its row is kept.
    dedup_key  text unique check (length(dedup_key) <= 200),
    made_at    timestamptz not null default now(),
    done_at    timestamptz
);

create index delivery_open on delivery (state, id) where state in ('WAITING', 'PARKED');
create index delivery_done on delivery (done_at) where done_at is not null;

-- When each is tried next and who is at it, and what is done every so often: db-scheduler's table, its columns as that wants them.
create table delivery_task (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    primary key (task_name, task_instance)
);

create index delivery_task_due on delivery_task (execution_time);
create index delivery_task_heartbeat on delivery_task (last_heartbeat);

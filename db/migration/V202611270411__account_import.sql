-- Accounts that an admin brings in from a file: checked first, then made one by one. What a line says is forgotten once it is done.
create table account_import (
    id            bigint generated always as identity primary key,
    file_name     text        not null check (length(file_name) <= 100),
    state         text        not null check (state in ('CHECKED', 'RUNNING', 'DONE')),
    -- Whether those that have an address are written to.
    mails         boolean     not null default false,
    -- Of a password that nobody knows: who still has it has chosen none.
    password_hash text,
    created_at    timestamptz not null,
    done_at       timestamptz,
    links_at      timestamptz
);

create table account_import_line (
    import_id    bigint  not null references account_import on delete cascade,
    number       int     not null,
    username     text    not null,
    email        text    not null,
    display_name text    not null,
    language     text    not null,
    role         text    not null,
    state        text    not null check (state in ('NEW', 'EXISTS', 'INVALID', 'MADE')),
    -- The key of a text.
    reason       text    not null default '',
    mailed       boolean not null default false,
    account_id   bigint  references account (id) on delete cascade,
    primary key (import_id, number)
);

create index account_import_line_account on account_import_line (account_id) where account_id is not null;

alter table account
    add column language     text check (language in ('en', 'zh-CN')),
    add column theme        text check (theme in ('auto', 'light', 'dark')),
    add column verified_at  timestamptz,
    -- WAITING: an admin has yet to accept it.
    add column standing     text not null default 'ACTIVE' check (standing in ('ACTIVE', 'WAITING', 'REJECTED')),
    add column join_reason  text not null default '' check (length(join_reason) <= 500),
    add column delete_after timestamptz;

create index account_waiting on account (id) where standing = 'WAITING';
create index account_delete_after on account (delete_after) where delete_after is not null;

-- How people join. One row.
create table account_policy (
    one_row boolean primary key default true check (one_row),
    sign_up text    not null default 'OPEN' check (sign_up in ('OPEN', 'APPROVAL', 'INVITE', 'CLOSED'))
);

insert into account_policy default values;

create table account_invite (
    id         bigint generated always as identity primary key,
    -- SHA-256 of the secret in the link.
    token_hash bytea       not null unique,
    label      text        not null check (length(label) <= 50),
    uses_left  int         not null check (uses_left between 0 and 1000),
    expires_at timestamptz not null,
    created_at timestamptz not null,
    revoked_at timestamptz
);

-- Links that were sent by mail: to verify an address, to choose a new password.
create table account_mail_token (
    token_hash bytea       primary key,
    account_id bigint      not null references account (id) on delete cascade,
    purpose    text        not null check (purpose in ('VERIFY', 'RESET')),
    email      text        not null,
    expires_at timestamptz not null,
    created_at timestamptz not null
);

create index account_mail_token_account on account_mail_token (account_id);

-- Tokens for programs that act as an account.
create table account_access_token (
    id           bigint generated always as identity primary key,
    account_id   bigint      not null references account (id) on delete cascade,
    name         text        not null check (length(name) between 1 and 50),
    prefix       text        not null unique,
    secret_hash  bytea       not null,
    created_at   timestamptz not null,
    last_used_at timestamptz,
    revoked_at   timestamptz
);

create index account_access_token_account on account_access_token (account_id);

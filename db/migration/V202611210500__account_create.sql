create table account (
    id                bigint generated always as identity primary key,
    username          text        not null,
    -- What the name looks like: two accounts never share it.
    username_skeleton text        not null,
    email             text        not null,
    password_hash     text        not null,
    role              text        not null default 'USER' check (role in ('USER', 'ADMIN')),
    suspended_at      timestamptz,
    suspended_reason  text,
    created_at        timestamptz not null default now()
);

create unique index account_username on account (lower(username));
create unique index account_username_skeleton on account (username_skeleton);
create unique index account_email on account (lower(email));

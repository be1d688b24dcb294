create table channel (
    id          bigint generated always as identity primary key,
    account_id  bigint      not null unique references account (id) on delete cascade,
    name        text        not null unique,
    title       text        not null default '' check (length(title) <= 100),
    description text        not null default '' check (length(description) <= 2000),
    created_at  timestamptz not null default now()
);

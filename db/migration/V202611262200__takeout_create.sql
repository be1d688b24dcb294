-- What an account asked to be written out for it, at most one at a time.
create table takeout (
    account_id bigint      primary key references account (id) on delete cascade,
    asked_at   timestamptz not null,
    file       text        unique,
    bytes      bigint,
    done_at    timestamptz,
    constraint takeout_whole check ((done_at is null) = (file is null) and (file is null) = (bytes is null))
);

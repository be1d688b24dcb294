-- Browsers that an account was signed in with: SHA-256 of what their cookie holds.
create table account_device (
    account_id bigint      not null references account (id) on delete cascade,
    nonce_hash bytea       not null,
    first_seen timestamptz not null,
    last_seen  timestamptz not null,
    primary key (account_id, nonce_hash)
);

create index account_device_nonce on account_device (nonce_hash);
create index account_device_last_seen on account_device (last_seen);

-- What signs those cookies, made here once by the database's own strong random numbers (244 random bits). It lets nobody in: it only
-- spares the database a look-up for cookies that somebody made up.
create table account_device_key (
    one_row boolean primary key default true check (one_row),
    secret  bytea   not null check (length(secret) = 32)
);

insert into account_device_key (secret) values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

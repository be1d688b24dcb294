-- What proves somebody beside a password.

-- As which an authenticator knows somebody: random, so that it says nothing about them.
create table signin_handle (
    account_id bigint primary key references account (id) on delete cascade,
    handle     bytea  not null unique check (length(handle) = 32)
);

create table signin_passkey (
    id            bigint generated always as identity primary key,
    account_id    bigint      not null references account (id) on delete cascade,
    credential_id bytea       not null unique check (length(credential_id) <= 1023),
    -- Attested credential data (WebAuthn 3, 6.5.1): the authenticator's kind, the id, the public key.
    credential    bytea       not null,
    -- For which host it is good; another host cannot ask for it.
    host          text        not null,
    name          text        not null check (length(name) between 1 and 50),
    counter       bigint      not null,
    backed_up     boolean     not null,
    transports    text[]      not null,
    created_at    timestamptz not null,
    last_used_at  timestamptz
);

create index signin_passkey_account on signin_passkey (account_id);

create table signin_app (
    account_id bigint primary key references account (id) on delete cascade,
    -- Encrypted with the key in the site's folder.
    secret     bytea       not null,
    -- The number of the last code that was taken: it and those before it are taken no more.
    last_step  bigint      not null,
    created_at timestamptz not null
);

create table signin_recovery_code (
    account_id bigint not null references account (id) on delete cascade,
    position   int    not null check (position between 0 and 9),
    hash       text   not null,
    used_at    timestamptz,
    primary key (account_id, position)
);

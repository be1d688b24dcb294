-- The channels whose stream is fetched.
create table camera (
    channel_id   bigint      primary key references channel (id) on delete cascade,
    -- As it is shown: without secrets.
    address      text        not null check (length(address) <= 1000),
    user_name    text        not null check (length(user_name) <= 200),
    has_password boolean     not null,
    -- The whole address and the password, encrypted with the site's key.
    sealed       bytea       not null,
    always_on    boolean     not null,
    udp          boolean     not null,
    made_at      timestamptz not null,
    changed_at   timestamptz not null,
    -- When media came last.
    last_seen    timestamptz,
    -- Why the last attempt failed; null when it did not.
    failure      text
);

-- Its newest picture, for whoever may see the channel while nothing comes.
create table camera_snapshot (
    channel_id bigint      primary key references camera (channel_id) on delete cascade,
    taken_at   timestamptz not null,
    jpeg       bytea       not null
);

-- Who may name addresses in private networks, beside the admins.
create table camera_right (
    account_id bigint      primary key references account (id) on delete cascade,
    given_at   timestamptz not null
);

-- Links by which people come onto a channel's list of guests.
create table audience_invite (
    id              bigint generated always as identity primary key,
    channel_id      bigint      not null references channel (id) on delete cascade,
    -- What its maker calls it; empty for one that was mailed.
    label           text        not null check (length(label) <= 60),
    -- SHA-256 of the secret in the link.
    secret_hash     bytea       not null unique,
    uses            int         not null check (uses between 1 and 1000),
    used            int         not null default 0 check (used between 0 and uses),
    asks_name       boolean     not null,
    without_account boolean     not null,
    -- For the one guest whose row names it.
    mailed          boolean     not null default false,
    made_at         timestamptz not null,
    expires_at      timestamptz not null,
    revoked_at      timestamptz
);

create index audience_invite_channel on audience_invite (channel_id, id);

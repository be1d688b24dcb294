alter table account drop constraint account_role_check;
alter table account
    add constraint account_role_check check (role in ('USER', 'STREAMER', 'MODERATOR', 'ADMIN', 'OWNER')),
    -- Null while suspended: without end.
    add column suspended_until     timestamptz,
    add column stream_suspended_at timestamptz,
    add column stream_suspended_until timestamptz;

-- Whoever set the site up owns it.
update account set role = 'OWNER' where id = (select min(id) from account where role = 'ADMIN');

create index account_suspended on account (suspended_until) where suspended_at is not null;
create index account_role on account (role) where role <> 'USER';
create index account_username_prefix on account (lower(username) text_pattern_ops);
create index account_email_prefix on account (lower(email) text_pattern_ops);

-- From where people logged in: to stop whoever comes back under another name. Kept for some days only.
create table account_address (
    account_id bigint      not null references account (id) on delete cascade,
    address    inet        not null,
    first_seen timestamptz not null,
    last_seen  timestamptz not null,
    primary key (account_id, address)
);

create index account_address_address on account_address (address);
create index account_address_last_seen on account_address (last_seen);

-- Networks that may neither sign up, log in, write nor publish.
create table account_address_ban (
    id        bigint generated always as identity primary key,
    network   cidr        not null,
    reason    text        not null default '',
    made_by   text        not null,
    made_at   timestamptz not null,
    until     timestamptz,
    lifted_at timestamptz
);

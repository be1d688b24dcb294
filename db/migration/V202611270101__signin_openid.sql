-- Other services that say who somebody is (OpenID Connect), and whose accounts there are whose here.

create table signin_openid_provider (
    -- It stands in the address that the service sends people back to, and is chosen before the row is made.
    id         int primary key check (id between 1 and 99999),
    name       text        not null check (length(name) between 1 and 40),
    issuer     text        not null unique check (length(issuer) between 1 and 300),
    client_id  text        not null check (length(client_id) between 1 and 300),
    -- Encrypted with the key in the site's folder; null for a client that has none.
    secret     bytea,
    enabled    boolean     not null,
    position   int         not null,
    -- What was fetched before that is fetched anew.
    changed_at timestamptz not null
);

-- By issuer and not by the row above: a service that is taken off and set up again knows its people.
create table signin_openid_link (
    id           bigint generated always as identity primary key,
    account_id   bigint      not null references account (id) on delete cascade,
    issuer       text        not null,
    subject      text        not null check (length(subject) between 1 and 255),
    -- As whom the person is known there, for themselves to see.
    name         text        not null check (length(name) <= 254),
    created_at   timestamptz not null,
    last_used_at timestamptz,
    unique (issuer, subject)
);

create index signin_openid_link_account on signin_openid_link (account_id);

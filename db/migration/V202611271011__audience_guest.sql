-- Who is on a channel's list: an account, a browser, or a mail address that nobody has come by yet.
create table audience_guest (
    id           bigint generated always as identity primary key,
    channel_id   bigint      not null references channel (id) on delete cascade,
    -- By which they came, or are to come; null for whom the channel's owner named.
    invite_id    bigint      references audience_invite (id) on delete set null,
    account_id   bigint      references account (id) on delete cascade,
    mail         text        check (length(mail) <= 254),
    mailed_at    timestamptz,
    name         text        not null check (length(name) <= 60),
    -- SHA-256 of what the browser's cookie holds. One browser may be a guest of several channels.
    browser_hash bytea,
    made_at      timestamptz not null,
    seen_at      timestamptz,
    removed_at   timestamptz,
    -- Links that were there when they were removed do not bring them back.
    barred       boolean     not null default false,
    check (account_id is null or browser_hash is null)
);

create index audience_guest_channel on audience_guest (channel_id, id);
create index audience_guest_invite on audience_guest (invite_id) where invite_id is not null;
create index audience_guest_of_account on audience_guest (account_id) where account_id is not null;
create index audience_guest_of_browser on audience_guest (browser_hash) where browser_hash is not null;
create index audience_guest_removed on audience_guest (removed_at) where removed_at is not null;
create index audience_guest_mailed on audience_guest (lower(mail), mailed_at) where mail is not null;
create unique index audience_guest_account on audience_guest (channel_id, account_id) where removed_at is null;
create unique index audience_guest_browser on audience_guest (channel_id, browser_hash) where removed_at is null;
create unique index audience_guest_mail on audience_guest (channel_id, lower(mail)) where removed_at is null;

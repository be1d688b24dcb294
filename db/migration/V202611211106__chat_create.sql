create table chat_room (
    channel_id       bigint  primary key references channel (id) on delete cascade,
    writers          text    not null default 'EVERYONE' check (writers in ('EVERYONE', 'VERIFIED', 'FOLLOWERS', 'NOBODY')),
    follow_minutes   int     not null default 0 check (follow_minutes between 0 and 43200),
    slow_seconds     int     not null default 0 check (slow_seconds between 0 and 300),
    links            text    not null default 'ALLOWED' check (links in ('ALLOWED', 'HELD', 'BLOCKED')),
    allow_duplicates boolean not null default false
);

create table chat_message (
    channel_id bigint      not null references channel (id) on delete cascade,
    -- Grows by one in each channel: the place to go on from after a cut.
    seq        bigint      not null,
    -- Null when the account is gone; the line stays.
    account_id bigint      references account (id) on delete set null,
    -- Chosen by the page that sent it: a line that is sent again after a cut is still one line.
    client_id  uuid        not null,
    text       text        not null,
    reply_to   bigint,
    written_at timestamptz not null,
    removed_at timestamptz,
    primary key (channel_id, seq)
);

create unique index chat_message_client on chat_message (account_id, client_id);

-- Lines that wait for the channel's people.
create table chat_held (
    id         bigint generated always as identity primary key,
    channel_id bigint      not null references channel (id) on delete cascade,
    account_id bigint      not null references account (id) on delete cascade,
    client_id  uuid        not null,
    text       text        not null,
    reply_to   bigint,
    held_at    timestamptz not null
);

create unique index chat_held_client on chat_held (account_id, client_id);
create index chat_held_channel on chat_held (channel_id, id);

create table chat_moderator (
    channel_id bigint      not null references channel (id) on delete cascade,
    account_id bigint      not null references account (id) on delete cascade,
    since      timestamptz not null default now(),
    primary key (channel_id, account_id)
);

create table chat_emote (
    channel_id bigint not null references channel (id) on delete cascade,
    code       text   not null check (code ~ '^[a-z0-9]{2,20}$'),
    picture    text   not null references picture_file (name) on delete cascade,
    primary key (channel_id, code)
);

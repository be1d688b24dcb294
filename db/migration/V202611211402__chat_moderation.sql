alter table chat_moderator
    add column rights text[] not null default '{DELETE,TIMEOUT,BAN,UNBAN}';

alter table chat_room
    add column pinned_seq   bigint,
    -- Numbers go on from here when lines are forgotten: none is ever given twice.
    add column last_seq     bigint  not null default 0,
    -- The shield against raids: on until that time.
    add column shield_until timestamptz,
    add column shield_since timestamptz,
    add column shield_hours int     not null default 24 check (shield_hours between 1 and 720),
    add column auto_shield  boolean not null default true;

-- What a channel's people did: its owner's log, and what a user card shows.
create table chat_action (
    id         bigint generated always as identity primary key,
    channel_id bigint      not null references channel (id) on delete cascade,
    -- Null when the site did it by itself.
    actor_id   bigint      references account (id) on delete set null,
    actor      text        not null,
    kind       text        not null,
    target_id  bigint      references account (id) on delete set null,
    target     text        not null default '',
    excerpt    text        not null default '',
    reason     text        not null default '',
    until      timestamptz,
    at         timestamptz not null,
    undone_at  timestamptz
);

create index chat_action_channel on chat_action (channel_id, id desc);
create index chat_action_target on chat_action (channel_id, target_id, id desc);

create table chat_sanction (
    id         bigint generated always as identity primary key,
    channel_id bigint      not null references channel (id) on delete cascade,
    -- Null while nobody has that name.
    account_id bigint      references account (id) on delete cascade,
    username   text        not null,
    kind       text        not null check (kind in ('TIMEOUT', 'BAN')),
    -- Null: until it is lifted.
    until      timestamptz,
    -- Ends with the broadcast.
    broadcast  boolean     not null default false,
    reason     text        not null default '',
    action_id  bigint      references chat_action (id) on delete set null,
    made_at    timestamptz not null,
    lifted_at  timestamptz
);

create unique index chat_sanction_one on chat_sanction (channel_id, username) where lifted_at is null;
create index chat_sanction_username on chat_sanction (username) where account_id is null;

alter table chat_message add column removed_action bigint references chat_action (id) on delete set null;

create index chat_message_author on chat_message (account_id, written_at desc);
create index chat_message_time on chat_message (written_at desc, channel_id desc, seq desc);
create index chat_message_removed on chat_message (removed_action) where removed_action is not null;
create index chat_message_text on chat_message using gin (text gin_trgm_ops);

-- Words that stop a line: of a channel, or of the whole site where the channel is null.
create table chat_word (
    id         bigint generated always as identity primary key,
    channel_id bigint      references channel (id) on delete cascade,
    word       text        not null check (length(word) between 1 and 100),
    effect     text        not null check (effect in ('HOLD', 'BLOCK')),
    made_at    timestamptz not null
);

create unique index chat_word_once on chat_word (channel_id, word) nulls not distinct;

alter table chat_held add column reason text not null default 'links';

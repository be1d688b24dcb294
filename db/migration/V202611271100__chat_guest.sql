-- A guest of a channel who has no account talks as others do. The name stays with what they said when they are forgotten.
alter table chat_room add column guests boolean not null default true;

alter table chat_message
    add column guest_id   bigint references audience_guest (id) on delete set null,
    add column guest_name text check (length(guest_name) <= 60),
    add constraint chat_message_talker check (account_id is null or guest_name is null),
    add constraint chat_message_guest check (guest_id is null or guest_name is not null);

create unique index chat_message_guest_client on chat_message (guest_id, client_id) where guest_id is not null;

alter table chat_held_message
    alter column account_id drop not null,
    add column guest_id   bigint references audience_guest (id) on delete cascade,
    add column guest_name text check (length(guest_name) <= 60),
    add constraint chat_held_message_talker check (num_nonnulls(account_id, guest_id) = 1),
    add constraint chat_held_message_guest check ((guest_id is null) = (guest_name is null));

create unique index chat_held_message_guest_client on chat_held_message (guest_id, client_id) where guest_id is not null;

-- The user name of a guest is one that no account can have: guest:42.
alter table chat_sanction
    add column guest_id   bigint references audience_guest (id) on delete cascade,
    add column guest_name text check (length(guest_name) <= 60),
    add constraint chat_sanction_talker check (account_id is null or guest_id is null),
    add constraint chat_sanction_guest check ((guest_id is null) = (guest_name is null));

create index chat_sanction_of_guest on chat_sanction (guest_id) where guest_id is not null;

-- The target of a guest is what they called themselves, and is read as that.
alter table chat_action
    add column target_guest_id bigint references audience_guest (id) on delete set null,
    add column target_guest    boolean not null default false;

create index chat_action_of_guest on chat_action (target_guest_id, id desc) where target_guest_id is not null;

-- What an act in a room took away, so that its undoing gives exactly that back.
alter table chat_action
    -- What was pinned before this act changed it, and by which act.
    add column pin_before        bigint,
    add column pin_before_action bigint references chat_action (id) on delete set null,
    -- Lines that waited and were dropped; forgotten when nothing can be undone any more.
    add column held              jsonb,
    -- What a banned moderator might do.
    add column rights            text[];

alter table chat_room add column pin_action bigint references chat_action (id) on delete set null;

-- The act that ended or replaced a sanction.
alter table chat_sanction add column lifted_action bigint references chat_action (id) on delete set null;

create index chat_action_pin_before on chat_action (pin_before_action) where pin_before_action is not null;
create index chat_action_held on chat_action (at) where held is not null;
create index chat_room_pin_action on chat_room (pin_action) where pin_action is not null;
create index chat_sanction_lifted_action on chat_sanction (lifted_action) where lifted_action is not null;

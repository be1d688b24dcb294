-- Up to this number messages were written for fewer than the channel is shown to since: the room's history does not show them.
alter table chat_room add column floor_seq bigint not null default 0;

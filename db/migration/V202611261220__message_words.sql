-- What people write is a message, everywhere.
alter table moderation_case drop constraint moderation_case_kind_check;
update moderation_case set kind = 'MESSAGE' where kind = 'COMMENT';
alter table moderation_case
    add constraint moderation_case_kind_check check (kind in ('MESSAGE', 'CHANNEL', 'LIVE', 'USER'));

update moderation_case
set evidence = (evidence::jsonb - 'lines' || jsonb_build_object('messages', evidence::jsonb -> 'lines'))::text
where evidence::jsonb ? 'lines';

alter table moderation_effect drop constraint moderation_effect_kind_check;
update moderation_effect set kind = 'MESSAGE' where kind = 'COMMENT';
alter table moderation_effect
    add constraint moderation_effect_kind_check
        check (kind in ('SUSPENSION', 'STREAMING', 'ADDRESS_BAN', 'MESSAGE', 'CHANNEL', 'KEY_BLOCK'));

update site_setting set name = 'message-days' where name = 'comment-days';

alter table chat_held rename to chat_held_message;
alter index chat_held_client rename to chat_held_message_client;
alter index chat_held_channel rename to chat_held_message_channel;

-- Notices tell more than that a channel is live.
alter table notification_notice
    alter column channel_id drop not null,
    alter column broadcast_id drop not null,
    add column kind text not null default 'LIVE',
    add column text text not null default '',
    add column link text not null default '';

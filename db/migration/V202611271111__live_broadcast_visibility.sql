-- The fewest that a broadcast was for while it ran. Of those before, nobody knows more than what the channel is now.
alter table live_broadcast
    add column visibility text not null default 'PUBLIC'
        check (visibility in ('PUBLIC', 'UNLISTED', 'REGISTERED', 'FOLLOWERS', 'INVITED', 'PASSWORD', 'PRIVATE'));
update live_broadcast b set visibility = c.visibility from channel c where c.id = b.channel_id and c.visibility <> 'PUBLIC';
create index live_broadcast_narrower on live_broadcast (channel_id, visibility) where visibility <> 'PUBLIC';

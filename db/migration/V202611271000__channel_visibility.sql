-- Who may see a channel's broadcasts.
alter table channel
    add column visibility text not null default 'PUBLIC'
        check (visibility in ('PUBLIC', 'UNLISTED', 'REGISTERED', 'FOLLOWERS', 'INVITED', 'PASSWORD', 'PRIVATE'));
alter table recording
    drop constraint recording_visibility_check,
    add check (visibility in ('PUBLIC', 'UNLISTED', 'REGISTERED', 'FOLLOWERS', 'INVITED', 'PASSWORD', 'PRIVATE'));
alter table recording_channel
    drop constraint recording_channel_visibility_check,
    add check (visibility in ('PUBLIC', 'UNLISTED', 'REGISTERED', 'FOLLOWERS', 'INVITED', 'PASSWORD', 'PRIVATE'));

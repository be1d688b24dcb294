-- A clip has a visibility of its own; whoever sees it sees what it was made of as well.
alter table recording_clip
    add column visibility text not null default 'PUBLIC'
        check (visibility in ('PUBLIC', 'UNLISTED', 'REGISTERED', 'FOLLOWERS', 'INVITED', 'PASSWORD', 'PRIVATE'));
update recording_clip k set visibility = r.visibility from recording r where r.id = coalesce(k.own_recording, k.recording_id);

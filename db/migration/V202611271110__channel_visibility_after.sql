-- What a channel's visibility goes back to when its broadcast is over; null where it stays.
alter table channel
    add column visibility_after text
        check (visibility_after in ('PUBLIC', 'UNLISTED', 'REGISTERED', 'FOLLOWERS', 'INVITED', 'PASSWORD', 'PRIVATE'));

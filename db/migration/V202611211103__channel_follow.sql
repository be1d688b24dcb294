create table channel_follow (
    account_id  bigint      not null references account (id) on delete cascade,
    channel_id  bigint      not null references channel (id) on delete cascade,
    followed_at timestamptz not null default now(),
    primary key (account_id, channel_id)
);

create index channel_follow_channel on channel_follow (channel_id, followed_at desc);

-- The count lives beside what it counts, also when an account goes and its rows with it.
create function channel_follow_count() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        update channel set followers = followers + 1 where id = new.channel_id;
    else
        update channel set followers = followers - 1 where id = old.channel_id;
    end if;
    return null;
end
$$;

create trigger channel_follow_count after insert or delete on channel_follow
    for each row execute function channel_follow_count();

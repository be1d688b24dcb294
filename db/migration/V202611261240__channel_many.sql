-- An account has its own channel, which bears its name, and may have others beside it.
alter table channel
    add column own           boolean not null default true,
    -- What the name looks like, as UsernameRules says it: user names and names of channels are one name space, and every account has a
    -- channel of its name, so that all names are here.
    add column name_skeleton text    not null generated always as (
        replace(replace(translate(lower(name), '01i_', 'oll-'), 'rn', 'm'), 'vv', 'w')) stored;

alter table channel drop constraint channel_account_id_key;
create unique index channel_own on channel (account_id) where own;
create index channel_account_id on channel (account_id);
create unique index channel_name_skeleton on channel (name_skeleton);

-- How many others one account may have, where that is not what its role says.
create table channel_allowance (
    account_id bigint primary key references account (id) on delete cascade,
    channels   int    not null check (channels between 0 and 100)
);

-- Names of channels that are no more. Nobody gets one for a while: its followers and links would lead to somebody else.
create table channel_resting_name (
    name_skeleton text        primary key,
    name          text        not null,
    account_id    bigint      references account (id) on delete set null,
    until         timestamptz not null
);

create index channel_resting_name_account on channel_resting_name (account_id);

-- Also when the account goes, and its channels with it.
create function channel_rest_name() returns trigger language plpgsql as $$
begin
    delete from channel_resting_name where until < now();
    insert into channel_resting_name (name_skeleton, name, account_id, until)
    select old.name_skeleton, old.name, (select id from account where id = old.account_id), now() + interval '90 days'
    on conflict (name_skeleton) do nothing;
    return null;
end
$$;

create trigger channel_rest_name after delete on channel
    for each row when (not old.own) execute function channel_rest_name();

-- After the row is in, because that waits for whoever takes a channel of this name away at this moment.
create function channel_refuse_resting_name() returns trigger language plpgsql as $$
begin
    if exists (select from channel_resting_name where name_skeleton = new.name_skeleton and until > now()) then
        raise unique_violation using message = 'the name of a channel rests';
    end if;
    return null;
end
$$;

create trigger channel_refuse_resting_name after insert on channel
    for each row execute function channel_refuse_resting_name();

-- A name without what is only hung on: anna_, _anna and 0anna are anna. The same as UsernameRules.core; not unique, for names that are there already.
alter table channel add column name_core text generated always as (
    replace(replace(translate(regexp_replace(regexp_replace(lower(name), '^[0_-]+|[_-]+$', '', 'g'), '[_-]+', '-', 'g'),
        '01i_', 'oll-'), 'rn', 'm'), 'vv', 'w')) stored;
create index channel_name_core on channel (name_core);

alter table channel_resting_name add column name_core text generated always as (
    replace(replace(translate(regexp_replace(regexp_replace(lower(name), '^[0_-]+|[_-]+$', '', 'g'), '[_-]+', '-', 'g'),
        '01i_', 'oll-'), 'rn', 'm'), 'vv', 'w')) stored;
create index channel_resting_name_core on channel_resting_name (name_core);

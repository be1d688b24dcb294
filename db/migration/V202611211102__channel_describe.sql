alter table channel
    add column display_name     text        not null default '' check (length(display_name) <= 30),
    -- What the display name looks like: no two channels share it.
    add column display_skeleton text unique,
    add column avatar           text references picture_file (name) on delete set null,
    add column banner           text references picture_file (name) on delete set null,
    add column category_id      bigint references channel_category (id) on delete set null,
    add column tags             text[]      not null default '{}' check (cardinality(tags) <= 10),
    add column language         text        not null default '' check (length(language) <= 10),
    add column mature           boolean     not null default false,
    add column followers        int         not null default 0 check (followers >= 0),
    add column last_live_at     timestamptz;

create index channel_category_id on channel (category_id);
create index channel_tags on channel using gin (tags);

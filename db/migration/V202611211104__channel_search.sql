create extension if not exists pg_trgm;

-- One row for each channel, kept by the site whenever its owner edits it.
create table channel_search (
    channel_id bigint   primary key references channel (id) on delete cascade,
    -- Name, display name, title and tags in small letters: for what is spelled nearly so.
    spelling   text     not null,
    -- The same as words, and Chinese as pairs of characters: for what is meant.
    words      tsvector not null
);

create index channel_search_spelling on channel_search using gin (spelling gin_trgm_ops);
create index channel_search_words on channel_search using gin (words);

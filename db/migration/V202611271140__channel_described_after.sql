-- What is said of a channel's broadcasts goes back with its visibility: as it was when that was chosen.
alter table channel
    add column title_after       text,
    add column category_after_id bigint references channel_category (id) on delete set null,
    add column tags_after        text[],
    add column language_after    text,
    add column mature_after      boolean;

create index channel_category_after_id on channel (category_after_id) where category_after_id is not null;

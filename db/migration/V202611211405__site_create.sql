-- What admins set in the web; a name that is missing has its default.
create table site_setting (
    name       text primary key,
    value      text        not null check (length(value) <= 2000),
    changed_at timestamptz not null
);

create table site_announcement (
    id        bigint generated always as identity primary key,
    text_en   text        not null check (length(text_en) between 1 and 300),
    text_zh   text        not null check (length(text_zh) between 1 and 300),
    made_at   timestamptz not null,
    ends_at   timestamptz,
    ended_at  timestamptz
);

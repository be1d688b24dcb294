-- Uploaded pictures, as they were encoded anew. Small by rule, so they live with everything else that a backup holds.
create table picture_file (
    -- Random and our own: part of an address, and the address never changes its content.
    name         text        primary key,
    account_id   bigint      references account (id) on delete cascade,
    kind         text        not null check (kind in ('AVATAR', 'BANNER', 'EMOTE', 'CATEGORY')),
    content_type text        not null,
    bytes        bytea       not null check (length(bytes) <= 1048576),
    created_at   timestamptz not null default now()
);

create index picture_file_account on picture_file (account_id);

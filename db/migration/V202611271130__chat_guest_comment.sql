-- A guest of a channel who has no account writes below its videos as others do. The name stays with what they wrote when they are forgotten.
alter table chat_video_comment
    alter column account_id drop not null,
    add column guest_id   bigint references audience_guest (id) on delete set null,
    add column guest_name text check (length(guest_name) <= 60),
    add column taken_back boolean not null default false,
    add constraint chat_video_comment_talker check (num_nonnulls(account_id, guest_name) = 1),
    add constraint chat_video_comment_guest check (guest_id is null or guest_name is not null);

create index chat_video_comment_of_guest on chat_video_comment (guest_id, written_at desc) where guest_id is not null;

-- What somebody removed themselves they may say again: of a guest removed_by cannot tell.
update chat_video_comment set taken_back = true where removed_at is not null and removed_by = account_id;

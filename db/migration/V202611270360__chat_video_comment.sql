-- What people write below a video, as long as the video and they are there.
create table chat_video_comment (
    id           bigint generated always as identity primary key,
    recording_id bigint      not null references recording (id) on delete cascade,
    account_id   bigint      not null references account (id) on delete cascade,
    text         text        not null check (char_length(text) between 1 and 4000),
    written_at   timestamptz not null,
    removed_at   timestamptz,
    removed_by   bigint      references account (id) on delete set null
);

create index chat_video_comment_shown on chat_video_comment (recording_id, id desc) where removed_at is null;
create index chat_video_comment_of_account on chat_video_comment (account_id, written_at desc);
create index chat_video_comment_removed_by on chat_video_comment (removed_by) where removed_by is not null;

-- Whether people write below a channel's videos.
alter table chat_room
    add column video_comments boolean not null default true;

create table channel_category (
    id       bigint generated always as identity primary key,
    slug     text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    name_en  text not null check (length(name_en) between 1 and 40),
    name_zh  text not null check (length(name_zh) between 1 and 40),
    picture  text references picture_file (name) on delete set null,
    position int  not null default 0
);

-- What a new site offers; its admins change them.
insert into channel_category (slug, name_en, name_zh, position)
values ('talk', 'Talk', '聊天', 10),
       ('games', 'Games', '游戏', 20),
       ('music', 'Music', '音乐', 30),
       ('art', 'Art & crafts', '艺术与手作', 40),
       ('learning', 'Learning', '学习', 50),
       ('technology', 'Technology', '科技', 60),
       ('sports', 'Sports', '体育', 70),
       ('events', 'Events', '活动', 80),
       ('outdoors', 'Outdoors', '户外', 90),
       ('radio', 'Radio', '电台', 100);

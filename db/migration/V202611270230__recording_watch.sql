-- What its broadcast was tagged with, and the last category that a chapter was made for.
alter table recording
    add column tags text[] not null default '{}',
    add column chaptered_category_id bigint references channel_category (id) on delete set null,
    -- Staff took it from view: whoever runs the channel does not put it back.
    add column withheld boolean not null default false;

-- Who was counted, for a day: no name, and nothing that can be traced back to one.
create table recording_view (
    recording_id bigint not null references recording (id) on delete cascade,
    day          date   not null,
    viewer       bytea  not null,
    primary key (recording_id, day, viewer)
);

create index recording_view_day on recording_view (day);

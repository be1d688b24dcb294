-- What the decider was when they decided: an appeal is answered by nobody below that. Null for older decisions: what they are now counts.
alter table moderation_case add column decided_role text;

-- Who made what lasts, and what they were then: nobody below takes it back. A suspension is told by its beginning; a channel has one row.
create table moderation_measure (
    kind    text        not null check (kind in ('SUSPENSION', 'STREAMING', 'CHANNEL')),
    ref     bigint      not null,
    at      timestamptz not null,
    made_by bigint      references account (id) on delete set null,
    role    text        not null,
    primary key (kind, ref, at)
);
create index moderation_measure_maker on moderation_measure (made_by);

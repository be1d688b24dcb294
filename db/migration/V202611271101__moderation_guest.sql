-- A guest of a channel who has no account can report what they see there; and what a guest said can be reported.
alter table moderation_report
    add column reporter_guest_id bigint references audience_guest (id) on delete set null,
    -- The channel's name: it is read when nobody knows the guest any more.
    add column guest_of          text,
    add constraint moderation_report_guest check (reporter_guest_id is null or guest_of is not null);

create unique index moderation_report_of_guest on moderation_report (case_id, reporter_guest_id) where reporter_guest_id is not null;
create index moderation_report_guest on moderation_report (reporter_guest_id) where reporter_guest_id is not null;

-- As a guest calls themselves; the subject is then what stands in the place of a user name.
alter table moderation_case add column subject_guest text check (length(subject_guest) <= 60);

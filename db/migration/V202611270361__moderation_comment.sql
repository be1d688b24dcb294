-- A comment below a video can be reported, and removed by a decision.
alter table moderation_case drop constraint moderation_case_kind_check;
alter table moderation_case
    add constraint moderation_case_kind_check check (kind in ('MESSAGE', 'CHANNEL', 'LIVE', 'USER', 'VIDEO', 'COMMENT')),
    add column comment_id bigint;

drop index moderation_case_open;
create unique index moderation_case_open on moderation_case (kind, subject, channel, seq, video, comment_id) nulls not distinct
    where state <> 'DECIDED';

alter table moderation_effect drop constraint moderation_effect_kind_check;
alter table moderation_effect
    add constraint moderation_effect_kind_check
        check (kind in ('SUSPENSION', 'STREAMING', 'ADDRESS_BAN', 'MESSAGE', 'CHANNEL', 'KEY_BLOCK', 'VIDEO', 'COMMENT'));

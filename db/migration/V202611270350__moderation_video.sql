-- A video can be reported, and taken from view by a decision.
alter table moderation_case drop constraint moderation_case_kind_check;
alter table moderation_case
    add constraint moderation_case_kind_check check (kind in ('MESSAGE', 'CHANNEL', 'LIVE', 'USER', 'VIDEO')),
    add column video text;

drop index moderation_case_open;
create unique index moderation_case_open on moderation_case (kind, subject, channel, seq, video) nulls not distinct
    where state <> 'DECIDED';

alter table moderation_effect drop constraint moderation_effect_kind_check;
alter table moderation_effect
    add constraint moderation_effect_kind_check
        check (kind in ('SUSPENSION', 'STREAMING', 'ADDRESS_BAN', 'MESSAGE', 'CHANNEL', 'KEY_BLOCK', 'VIDEO'));

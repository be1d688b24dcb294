-- What a decision did, so that a won appeal takes back exactly that and nothing that others did.
create table moderation_effect (
    id            bigint generated always as identity primary key,
    case_id       bigint      not null references moderation_case (id) on delete cascade,
    kind          text        not null
        check (kind in ('SUSPENSION', 'STREAMING', 'ADDRESS_BAN', 'COMMENT', 'CHANNEL', 'KEY_BLOCK')),
    -- The ban, the room's act, the channel or the key; null for an account's suspension, which its beginning tells.
    ref           bigint,
    -- When a suspension began, or a block of a key ends.
    at            timestamptz,
    -- The suspension that it took the place of.
    before_at     timestamptz,
    before_reason text,
    before_until  timestamptz
);

create index moderation_effect_case on moderation_effect (case_id);
create index moderation_effect_ref on moderation_effect (kind, ref);

-- Decisions that were made before this was written down, as far as the time tells what they did.
insert into moderation_effect (case_id, kind, at)
select c.id, 'SUSPENSION', a.suspended_at from moderation_case c join account a on a.id = c.subject_account_id
where c.decision in ('SUSPEND_ACCOUNT', 'BAN_ADDRESS') and c.appeal_decision is distinct from 'OVERTURNED'
  and a.suspended_at between c.decided_at and c.decided_at + interval '10 seconds';

insert into moderation_effect (case_id, kind, at)
select c.id, 'STREAMING', a.stream_suspended_at from moderation_case c join account a on a.id = c.subject_account_id
where c.decision = 'SUSPEND_STREAMING' and c.appeal_decision is distinct from 'OVERTURNED'
  and a.stream_suspended_at between c.decided_at and c.decided_at + interval '10 seconds';

insert into moderation_effect (case_id, kind, ref)
select c.id, 'ADDRESS_BAN', b.id from moderation_case c join account d on d.id = c.decided_by
join account_address_ban b on b.made_by = d.username and b.reason = c.decision_reason and b.lifted_at is null
where c.decision = 'BAN_ADDRESS' and c.appeal_decision is distinct from 'OVERTURNED'
  and b.made_at between c.decided_at and c.decided_at + interval '10 seconds';

insert into moderation_effect (case_id, kind, ref)
select c.id, 'COMMENT', t.id from moderation_case c
join chat_message m on m.channel_id = c.channel_id and m.seq = c.seq and m.removed_at is not null
join chat_action t on t.id = m.removed_action and t.reason = c.decision_reason
where c.kind = 'COMMENT' and c.decision = 'HIDE' and c.appeal_decision is distinct from 'OVERTURNED'
  and t.at between c.decided_at and c.decided_at + interval '10 seconds';

insert into moderation_effect (case_id, kind, ref)
select c.id, 'CHANNEL', h.id from moderation_case c join channel h on h.name = c.subject
where c.kind <> 'COMMENT' and c.decision = 'HIDE' and c.appeal_decision is distinct from 'OVERTURNED'
  and h.hidden_at between c.decided_at and c.decided_at + interval '10 seconds';

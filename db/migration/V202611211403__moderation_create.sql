-- Something that people reported, with what was to be seen at that moment. Reports of one thing are one case.
create table moderation_case (
    id                 bigint generated always as identity primary key,
    kind               text        not null check (kind in ('COMMENT', 'CHANNEL', 'LIVE', 'USER')),
    subject_account_id bigint      references account (id) on delete set null,
    subject            text        not null,
    channel_id         bigint      references channel (id) on delete set null,
    channel            text        not null,
    seq                bigint,
    excerpt            text        not null default '',
    -- The comment's neighbours, title and figures, as JSON.
    evidence           text        not null default '{}',
    thumbnail          bytea,
    -- How many files of the last half minute are kept.
    segments           int         not null default 0,
    state              text        not null default 'NEW' check (state in ('NEW', 'CLAIMED', 'DECIDED')),
    opened_at          timestamptz not null,
    claimed_by         bigint      references account (id) on delete set null,
    decided_at         timestamptz,
    decided_by         bigint      references account (id) on delete set null,
    decision           text,
    decision_reason    text        not null default '',
    appeal             text,
    appealed_at        timestamptz,
    appeal_decision    text check (appeal_decision in ('UPHELD', 'OVERTURNED')),
    appeal_answer      text        not null default '',
    appeal_decided_at  timestamptz
);

create unique index moderation_case_open on moderation_case (kind, subject, channel, seq) nulls not distinct
    where state <> 'DECIDED';
create index moderation_case_subject on moderation_case (subject_account_id, id desc);
create index moderation_case_decided on moderation_case (decided_at);

create table moderation_report (
    id          bigint generated always as identity primary key,
    case_id     bigint      not null references moderation_case (id) on delete cascade,
    reporter_id bigint      references account (id) on delete set null,
    reason      text        not null,
    text        text        not null default '' check (length(text) <= 1000),
    at          timestamptz not null,
    unique (case_id, reporter_id)
);

create index moderation_report_reporter on moderation_report (reporter_id, id desc);

create table moderation_strike (
    id         bigint generated always as identity primary key,
    account_id bigint      not null references account (id) on delete cascade,
    case_id    bigint      not null unique references moderation_case (id) on delete cascade,
    at         timestamptz not null,
    expires_at timestamptz not null
);

create index moderation_strike_account on moderation_strike (account_id, expires_at);


alter table channel add column hidden_at timestamptz;
create index live_broadcast_started on live_broadcast (id desc, channel_id);

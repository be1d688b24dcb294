-- An address is one account's from when its owner opened the link in a mail to it. Until then it is what somebody typed: several may say
-- it, and a form that refused the second would tell that there is a first.
drop index account_email;

create unique index account_email_verified on account (lower(email)) where verified_at is not null;
create index account_email_any on account (lower(email), id);

alter table account_mail_token drop constraint account_mail_token_purpose_check;
alter table account_mail_token
    add constraint account_mail_token_purpose_check check (purpose in ('VERIFY', 'RESET', 'CHANGE', 'UNDO'));

-- Addresses of an account beside the one it has: the one it is to have, and those it had, for as long as they can take that back.
create table account_other_email (
    id         bigint generated always as identity primary key,
    account_id bigint      not null references account (id) on delete cascade,
    email      text        not null check (length(email) <= 254),
    purpose    text        not null check (purpose in ('CHANGE', 'UNDO')),
    expires_at timestamptz not null,
    created_at timestamptz not null
);

create index account_other_email_account on account_other_email (account_id);

-- Rows of the log hold a pseudonym in the place of a name. Whose it is stands here until the account goes; then nobody knows.
create table audit_person (
    pseudonym  text   primary key,
    account_id bigint not null references account (id) on delete cascade,
    name       text   not null,
    unique (account_id, name)
);
create index audit_person_name on audit_person (name);

-- What somebody who leaves wants done with their comments in rooms of others.
create table account_farewell (
    account_id bigint  primary key references account (id) on delete cascade,
    comments   boolean not null
);

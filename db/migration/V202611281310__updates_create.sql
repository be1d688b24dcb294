-- Whether there is a newer version: what the operator's address answered. One row.
create table updates_site (
    id smallint primary key default 1 check (id = 1),
    -- SHA-256 of the address that was asked; a secret may stand in the address itself.
    asked_for varchar(64),
    asked_at timestamptz,
    next_at timestamptz,
    -- Of the last answer; null where it was good.
    trouble varchar(20),
    -- Of the last good answer.
    version varchar(64),
    notes varchar(500),
    -- The version whose notice somebody put away.
    dismissed varchar(64)
);

insert into updates_site default values;

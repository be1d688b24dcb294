-- Whether nothing is kept to be seen of a broadcast: staff took its picture down, or it was not for everybody.
alter table live_broadcast add column picture_withheld boolean not null default false;

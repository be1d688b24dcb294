-- One notice can tell of so many things.
alter table notification_notice
    add column number int;

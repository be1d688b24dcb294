-- Raised whenever one is changed by way of its entity; what is written on the way of a stream never touches it.
alter table account add column version int not null default 0;
alter table channel add column version int not null default 0;
alter table channel_category add column version int not null default 0;
alter table channel_stream_key add column version int not null default 0;

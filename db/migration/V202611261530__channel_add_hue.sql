-- The colour of a channel, told from its avatar when that is uploaded: a step of 15 degrees around the circle of hues. Without one a
-- page takes a hue from the name.
alter table channel add column hue int check (hue between 0 and 23);

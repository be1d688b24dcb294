-- The logo of the site is a picture as well: nobody's, like those of categories.
alter table picture_file drop constraint picture_file_kind_check;
alter table picture_file add constraint picture_file_kind_check
    check (kind in ('AVATAR', 'BANNER', 'EMOTE', 'CATEGORY', 'SITE'));

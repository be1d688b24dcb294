-- Whoever comes by another service may have no password.
alter table account alter column password_hash drop not null;

-- The order of a certificate that is under way: whoever goes on after a killed process downloads what was ordered, in place of ordering anew.
create table https_order (
    id smallint primary key default 1 check (id = 1),
    domain varchar(253) not null,
    directory varchar(500) not null,
    -- Its address at the directory, and the key that the certificate is for, sealed with the site's key.
    location varchar(500) not null,
    sealed_key bytea not null check (octet_length(sealed_key) between 1 and 4000),
    made_at timestamptz not null
);

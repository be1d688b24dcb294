-- Certificates that the site gets by itself (ACME). One row says where it stands; keys are sealed with the site's key.
create table https_site (
    id smallint primary key default 1 check (id = 1),
    -- What the console says; the setting comes first.
    domain varchar(253),
    -- The directory's terms: those that it asks for, and those that a person agreed to.
    terms_asked varchar(500),
    terms_agreed varchar(500),
    terms_agreed_at timestamptz,
    -- The last try. While one runs, until when it may.
    -- What it was for: the domain and the directory.
    tried_for varchar(800),
    working_until timestamptz,
    tried_at timestamptz,
    next_at timestamptz,
    failures int not null default 0,
    -- When validations were refused, the newest last, a handful: directories allow few in an hour.
    refused timestamptz[] not null default '{}',
    way varchar(8),
    tried_way varchar(8),
    trouble varchar(20),
    trouble_type varchar(200),
    trouble_detail varchar(1000),
    trouble_seen varchar(45),
    trouble_resolved varchar(250),
    trouble_until timestamptz,
    -- Since when nothing failed; null before the first certificate and after a failure.
    healthy_since timestamptz,
    -- What a directory may ask for now at port 80 (RFC 8555 §8.3), whichever process it asks.
    token varchar(128),
    answer varchar(300),
    answer_until timestamptz
);

insert into https_site default values;

create table https_account (
    directory varchar(500) primary key,
    sealed_key bytea not null check (octet_length(sealed_key) between 1 and 4000),
    location varchar(500),
    made_at timestamptz not null
);

create table https_certificate (
    id bigint generated always as identity primary key,
    domain varchar(253) not null,
    directory varchar(500) not null,
    chain text not null check (octet_length(chain) <= 65536),
    sealed_key bytea not null check (octet_length(sealed_key) between 1 and 4000),
    valid_from timestamptz not null,
    valid_until timestamptz not null,
    made_at timestamptz not null
);

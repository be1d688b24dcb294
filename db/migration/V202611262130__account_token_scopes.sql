-- What a token may do, and until when.
alter table account_access_token
    add column scopes     text,
    add column expires_at timestamptz;

-- Those from before may do what they could: there was nothing for admins in the API. They go on until they are revoked.
update account_access_token set scopes = 'READ,CHAT,CHANNEL,MODERATE';

alter table account_access_token alter column scopes set not null;

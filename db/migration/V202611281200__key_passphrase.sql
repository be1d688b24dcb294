-- What SRT is encrypted with by whoever brings the key, sealed with the site's key; null for keys that leave it to the server.
alter table channel_stream_key add column sealed_passphrase bytea check (octet_length(sealed_passphrase) between 1 and 200);

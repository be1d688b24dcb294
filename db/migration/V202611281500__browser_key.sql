-- What a browser goes on air with: one key for each channel, in no list, whose secret is made anew for each time and is worth nothing after it.
alter table channel_stream_key add column browser boolean not null default false;
-- Until when its secret lets somebody begin; null once somebody did.
alter table channel_stream_key add column begins_until timestamptz;
-- Who goes on air with it: the same as long as one page comes back to its broadcast, another one when another page took over.
alter table channel_stream_key add column run uuid;

create unique index channel_stream_key_browser on channel_stream_key (channel_id) where browser and revoked_at is null;

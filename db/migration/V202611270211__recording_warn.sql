-- When its owner was told that there is little room left.
alter table recording_usage add column warned_at timestamptz;

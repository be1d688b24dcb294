alter table recording add column kind text not null default 'LIVE' check (kind in ('LIVE', 'UPLOAD', 'CLIP'));

-- What staff did. Names are those of then, so that a row outlives the accounts it speaks of; no address is ever in it.
create table audit_entry (
    id                 bigint generated always as identity primary key,
    at                 timestamptz not null,
    actor_id           bigint,
    actor              text        not null,
    action             text        not null,
    subject            text        not null default '',
    subject_account_id bigint,
    reason             text        not null default '',
    details            text        not null default ''
);

create index audit_entry_actor on audit_entry (actor, id desc);
create index audit_entry_action on audit_entry (action, id desc);
create index audit_entry_subject on audit_entry (subject_account_id, id desc);

-- Append-only: the site's own role may not change what is written. A superuser passes over rights, not over the trigger.
do $$
begin
    execute format('revoke update, delete, truncate on audit_entry from public, %I', current_user);
end
$$;

create function audit_entry_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end
$$;

create trigger audit_entry_append_only before update or delete or truncate on audit_entry
    for each statement execute function audit_entry_refuse();

-- Sessions that are older than any may be are looked for each minute, and looks at private data within the last hour with each look.
create index spring_session_creation on spring_session (creation_time);
create index audit_entry_look on audit_entry (actor, action, subject, at);

drop table audit_entries;
drop function open_to_platform(regclass, text);
drop function audit_table(regclass, text[]);
drop function make_tenant_table(regclass, text, text[], boolean);
drop function make_append_only(regclass);
drop function refuse_change();
drop function audit_row();
drop aggregate jsonb_merge(jsonb);
drop function setting_uuid(text);
drop function current_tenant();
alter default privileges grant execute on functions to public;
revoke usage on schema public from mandi_app, mandi_platform;
-- The roles stay: they belong to the whole server, and other databases may use them.

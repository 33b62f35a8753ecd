-- Who gave the secrets of an account at the authority, and when. The secrets themselves are never shown, so this is all that can be said of them.
alter table einvoice_accounts add column secrets_set_at timestamptz not null default now();
alter table einvoice_accounts add column secrets_set_by_name text not null default '' check (length(secrets_set_by_name) <= 120);
comment on column einvoice_accounts.secrets_set_at is 'When client secret or password were given last.';
comment on column einvoice_accounts.secrets_set_by_name is 'Who gave them; empty: the sandbox did when it enrolled the taxpayer.';
update einvoice_accounts set secrets_set_at = updated_at;
select audit_new_columns('einvoice_accounts', '{secrets_set_at,secrets_set_by_name}');

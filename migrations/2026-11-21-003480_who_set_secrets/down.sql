alter table einvoice_accounts drop column secrets_set_by_name, drop column secrets_set_at;

drop function companies_with_unsent_einvoices(uuid, integer);
drop table einvoice_looks;

-- Whether somebody has said from when on the company e-invoices: an empty day alone does not tell "need not" from "nobody has said".
alter table accounting_settings add column is_duty_known boolean not null default false;
comment on column accounting_settings.is_duty_known is 'Whether somebody has said from which day on the company has to e-invoice, or that it need not.';
update accounting_settings set is_duty_known = true where einvoice_from is not null;

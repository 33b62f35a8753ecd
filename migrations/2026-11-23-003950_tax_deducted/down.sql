drop table tax_deductions;
alter table payments drop constraint payments_tds_has_section;
alter table payments drop constraint payments_method_check;
alter table payments add constraint payments_method_check check (method in ('cash', 'cheque', 'upi', 'neft', 'gateway'));
comment on column payments.method is 'cash, cheque, upi, neft or gateway.';
comment on column payments.reference is 'Number of the cheque, or the bank''s reference (UTR).';
drop table own_withholding_rules;
drop table withholding_rules;

drop index sandbox.invoices_by_bill;
revoke usage on all sequences in schema sandbox from mandi_platform;
drop sequence sandbox.eway_bill_numbers;
delete from sandbox.moods where gstin <> '' or operation <> '';
alter table sandbox.moods drop constraint moods_pkey;
alter table sandbox.moods drop column operation, drop column gstin;
alter table sandbox.moods add primary key (who);
alter table sandbox.calls drop column document;
alter table sandbox.taxpayers drop column turnover;

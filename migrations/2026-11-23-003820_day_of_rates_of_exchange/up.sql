-- The rate of exchange of an export is that of a day (rule 34). A note has the rate of what it corrects, and its day.
alter table documents add column fx_on date check (fx_on is null or (currency is not null and fx_on <= document_date));
comment on column documents.fx_on is 'Of which day that rate is.';

-- As before: half a rupee, whatever the document.
comment on column documents.round_off is 'To the rupee, in rupees.';
alter table documents drop constraint documents_round_off_check;
alter table documents add constraint documents_round_off_check check (round_off between -0.50 and 0.50);

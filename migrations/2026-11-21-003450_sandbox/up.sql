-- The sandboxes' books, continued: moods for one taxpayer or one kind of call, what a call was about, who has a window, numbers of e-way bills.
alter table sandbox.taxpayers add column turnover numeric(18, 2) not null default 0 check (turnover >= 0);
comment on column sandbox.taxpayers.turnover is 'Aggregate turnover in rupees: from ten crore on, documents older than 30 days are refused.';

alter table sandbox.calls add column document text;
comment on column sandbox.calls.document is 'What the call was about, e.g. INV MH/26-27/00101.';

alter table sandbox.moods add column gstin text not null default '';
alter table sandbox.moods add column operation text not null default ''
    check (operation in ('', 'sign_in', 'generate', 'find', 'cancel', 'eway_bill', 'taxpayer', 'pay'));
alter table sandbox.moods drop constraint moods_pkey;
alter table sandbox.moods add primary key (who, gstin, operation);
comment on column sandbox.moods.gstin is 'The only taxpayer, or account at the gateway, that meets this mood; empty for all.';
comment on column sandbox.moods.operation is 'The only kind of call that meets this mood; empty for all. The narrowest mood counts.';

create sequence sandbox.eway_bill_numbers start with 391000000001;
comment on sequence sandbox.eway_bill_numbers is 'Numbers of e-way bills: twelve digits.';
grant usage on all sequences in schema sandbox to mandi_platform;

create index invoices_by_bill on sandbox.invoices (ewb_no) where ewb_no is not null;

-- Tax at source: the rules of the law as dated rows, a company's own, and what customers deducted from what they paid.

create table withholding_rules (
    id integer generated always as identity primary key,
    kind text not null check (kind in ('tds', 'tcs')),
    tax text not null check (tax in ('income_tax', 'gst')),
    section text not null check (section ~ '^[0-9A-Z()/]{1,20}$'),
    about text not null check (length(about) between 1 and 300),
    rate numeric(6,3) not null check (rate > 0 and rate <= 100),
    base text not null check (base in ('taxable', 'total')),
    threshold numeric(14,2) check (threshold > 0),
    threshold_of text check (threshold_of in ('year', 'contract')),
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    source text not null check (length(source) between 1 and 200),
    is_certain boolean not null default true,
    unique (kind, tax, section, valid_from),
    constraint withholding_rules_threshold check ((threshold is null) = (threshold_of is null)),
    constraint withholding_rules_base check (kind = 'tcs' or base = 'taxable')
);
comment on table withholding_rules is 'Tax that is deducted (TDS) or collected (TCS) at source, by section and date, as the law says.';
comment on column withholding_rules.id is 'The rule.';
comment on column withholding_rules.kind is 'tds (the buyer deducts it from what it pays) or tcs (the seller collects it with the bill).';
comment on column withholding_rules.tax is 'income_tax or gst.';
comment on column withholding_rules.section is 'The section as papers name it; of both Acts where a new one took its place.';
comment on column withholding_rules.about is 'What it is deducted from or collected on, and by whom.';
comment on column withholding_rules.rate is 'Per cent.';
comment on column withholding_rules.base is 'taxable (the value without GST) or total (with it).';
comment on column withholding_rules.threshold is 'Rupees up to which nothing is deducted; null where there is no limit.';
comment on column withholding_rules.threshold_of is 'year (of what one buys from the other in a financial year, only what is above counts) or contract (all of a contract above counts).';
comment on column withholding_rules.valid_from is 'First day.';
comment on column withholding_rules.valid_to is 'Last day; null while it is in force.';
comment on column withholding_rules.source is 'Where it is written.';
comment on column withholding_rules.is_certain is 'False where the row is still to be checked against the law''s own text.';
insert into withholding_rules (kind, tax, section, about, rate, base, threshold, threshold_of, valid_from, valid_to, source, is_certain) values
    ('tds', 'income_tax', '194Q', 'Purchase of goods, by a buyer with a turnover above ₹10 crore in the year before', 0.1, 'taxable', 5000000, 'year', '2021-07-01', '2026-03-31', 'Income-tax Act 1961, section 194Q', true),
    ('tds', 'income_tax', '393/194Q', 'Purchase of goods, by a buyer with a turnover above ₹10 crore in the year before', 0.1, 'taxable', 5000000, 'year', '2026-04-01', null, 'Income-tax Act 2025, section 393, in the place of section 194Q', true),
    ('tds', 'gst', '51', 'Supplies to government, local authorities and notified buyers: CGST 1% and SGST 1%, or IGST 2%', 2, 'taxable', 250000, 'contract', '2018-10-01', null, 'CGST Act 2017, section 51; Notification 50/2018-CT', true),
    ('tcs', 'income_tax', '206C(1H)', 'Sale of goods, by a seller with a turnover above ₹10 crore in the year before', 0.075, 'total', 5000000, 'year', '2020-10-01', '2021-03-31', 'Income-tax Act 1961, section 206C(1H), as lowered until 31 March 2021', true),
    ('tcs', 'income_tax', '206C(1H)', 'Sale of goods, by a seller with a turnover above ₹10 crore in the year before', 0.1, 'total', 5000000, 'year', '2021-04-01', '2025-03-31', 'Income-tax Act 1961, section 206C(1H); ended by the Finance Act 2025', true),
    ('tcs', 'income_tax', '206C(1)', 'Sale of scrap', 1, 'total', null, null, '2021-04-01', '2026-03-31', 'Income-tax Act 1961, section 206C(1)', true),
    ('tcs', 'income_tax', '394/206C(1)', 'Sale of scrap', 2, 'total', null, null, '2026-04-01', null, 'Income-tax Act 2025, section 394, in the place of section 206C(1)', false);
grant select on withholding_rules to mandi_app, mandi_platform;

create table own_withholding_rules (
    tenant_id uuid not null references companies,
    id uuid not null,
    customer_id uuid,
    tax text not null check (tax in ('income_tax', 'gst')),
    section text not null check (section ~ '^[0-9A-Z()/]{1,20}$'),
    rate numeric(6,3) not null check (rate > 0 and rate <= 100),
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    reason text not null check (length(reason) between 1 and 300),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
-- One begins on a day, of one customer or of all.
create unique index own_withholding_rules_once on own_withholding_rules (tenant_id, tax, section, customer_id, valid_from) nulls not distinct;
create index own_withholding_rules_by_customer on own_withholding_rules (tenant_id, customer_id);
comment on table own_withholding_rules is 'A company''s own rates of tax that customers deduct at source, e.g. by a certificate of a lower rate; they come before those of the law.';
comment on column own_withholding_rules.tenant_id is 'The company.';
comment on column own_withholding_rules.id is 'The rate.';
comment on column own_withholding_rules.customer_id is 'The customer for which it counts; null for all.';
comment on column own_withholding_rules.tax is 'income_tax or gst.';
comment on column own_withholding_rules.section is 'The section as papers name it.';
comment on column own_withholding_rules.rate is 'Per cent of the value without GST.';
comment on column own_withholding_rules.valid_from is 'First day.';
comment on column own_withholding_rules.valid_to is 'Last day; null while it is in force.';
comment on column own_withholding_rules.reason is 'Why, e.g. the number of the certificate.';
comment on column own_withholding_rules.created_at is 'When it was made.';
comment on column own_withholding_rules.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('own_withholding_rules');

-- A deduction settles bills as a payment does: it is one, by which no money moves, with what the law wants to know beside it.
alter table payments drop constraint payments_method_check;
alter table payments add constraint payments_method_check check (method in ('cash', 'cheque', 'upi', 'neft', 'gateway', 'tds'));
alter table payments add constraint payments_tds_has_section check (method <> 'tds' or reference is not null);
comment on column payments.method is 'cash, cheque, upi, neft, gateway or tds: tax that the customer deducted, by which no money moves.';
comment on column payments.reference is 'Number of the cheque, the bank''s reference (UTR), or the section by which tax was deducted.';

create table tax_deductions (
    tenant_id uuid not null references companies,
    id uuid not null,
    customer_id uuid not null,
    received_with uuid,
    tax text not null check (tax in ('income_tax', 'gst')),
    section text not null check (section ~ '^[0-9A-Z()/]{1,20}$'),
    rate numeric(6,3) not null check (rate > 0 and rate <= 100),
    taxable numeric(14,2) not null check (taxable >= 0),
    amount numeric(14,2) not null check (amount > 0),
    deducted_on date not null,
    certificate text check (length(certificate) between 1 and 60),
    certificate_on date,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, id) references payments (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, received_with) references payments (tenant_id, id),
    constraint tax_deductions_certificate check ((certificate is null) = (certificate_on is null))
);
create index tax_deductions_by_day on tax_deductions (tenant_id, deducted_on desc, id desc);
create index tax_deductions_outstanding on tax_deductions (tenant_id, deducted_on desc, id desc) where certificate is null;
create index tax_deductions_by_customer on tax_deductions (tenant_id, customer_id, deducted_on desc);
create index tax_deductions_by_money on tax_deductions (tenant_id, received_with) where received_with is not null;
create index tax_deductions_by_certificate on tax_deductions (tenant_id, upper(certificate)) where certificate is not null;
comment on table tax_deductions is 'What payments by method tds say to the tax office: section, rate, and the customer''s certificate once it is here.';
comment on column tax_deductions.tenant_id is 'The company.';
comment on column tax_deductions.id is 'The payment by which it settles bills.';
comment on column tax_deductions.customer_id is 'The customer.';
comment on column tax_deductions.received_with is 'The money that came with it; null where none did.';
comment on column tax_deductions.tax is 'income_tax or gst.';
comment on column tax_deductions.section is 'The section, as it was named on the day.';
comment on column tax_deductions.rate is 'Per cent, as the rule of the day had it.';
comment on column tax_deductions.taxable is 'The value without GST of what was paid with it, in rupees; where that is not known, the amount itself.';
comment on column tax_deductions.amount is 'The payment''s, in rupees.';
comment on column tax_deductions.deducted_on is 'The payment''s day.';
comment on column tax_deductions.certificate is 'Number of the certificate (Form 16A, GSTR-7A); null until it is here.';
comment on column tax_deductions.certificate_on is 'The certificate''s date.';
comment on column tax_deductions.created_at is 'When it was recorded.';
comment on column tax_deductions.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('tax_deductions', 'customer_id');
select buyers_only_read('tax_deductions');

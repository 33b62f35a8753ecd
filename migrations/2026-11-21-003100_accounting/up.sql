-- Tax documents: invoices, bills of supply, credit and debit notes, their lines, their numbers; and what orders and shipments know of them.

-- ── Columns added to tables that are there ───────────────────────────────────────────────────────────────────────
-- Rows that are there get the value of a new column without a trigger, so the audit would no longer tell all of them.
create function audit_new_columns(target regclass, names text[]) returns void language plpgsql as $$
begin
    execute format(
        'insert into audit_entries (tenant_id, table_name, row_id, action, cause, before, after)
           select tenant_id, %L, id, ''update'', ''migration'',
                  (select jsonb_object_agg(n, null) from unnest($1) n), (select jsonb_object_agg(n, to_jsonb(t) -> n) from unnest($1) n) from %s t',
        target::text, target) using names;
end $$;
comment on function audit_new_columns(regclass, text[]) is 'For migrations: tells the audit what rows that are there have in columns that were just added.';

alter table gst_registrations add column taxpayer_type text not null default 'regular'
    check (taxpayer_type in ('regular', 'composition', 'sez_unit', 'sez_developer', 'casual'));
comment on column gst_registrations.taxpayer_type is 'How it stands under GST: regular, composition, sez_unit, sez_developer or casual.';
select audit_new_columns('gst_registrations', '{taxpayer_type}');

alter table customers drop constraint customers_kind_check;
alter table customers add constraint customers_kind_check
    check (kind in ('registered', 'composition', 'unregistered', 'sez', 'overseas', 'deemed_export', 'uin'));
comment on column customers.kind is 'How it stands under GST: registered, composition, unregistered, sez, overseas, deemed_export or uin.';
alter table customers add constraint customers_kind_has_gstin check (kind not in ('deemed_export', 'uin') or gstin is not null);
alter table customers add constraint customers_overseas_without_gstin check (kind <> 'overseas' or gstin is null);
alter table customer_addresses add column country text not null default 'IN' check (country ~ '^[A-Z]{2}$');
alter table customer_addresses add constraint customer_addresses_abroad check ((country = 'IN') = (state_code <> '96'));
comment on column customer_addresses.country is 'Country, ISO 3166; abroad has state 96 and PIN code 999999.';
select audit_new_columns('customer_addresses', '{country}');

alter table tax_rates add column cess_per_unit numeric(14,3) not null default 0 check (cess_per_unit >= 0);
alter table tax_rates add column treatment text not null default 'taxable' check (treatment in ('taxable', 'nil', 'exempt', 'non_gst'));
alter table tax_rates add constraint tax_rates_untaxed_is_zero check (treatment = 'taxable' or (rate = 0 and cess_rate = 0 and cess_per_unit = 0));
comment on column tax_rates.cess_per_unit is 'Specific cess, rupees for a unit.';
comment on column tax_rates.treatment is 'taxable, nil, exempt or non_gst.';
alter table own_tax_rates add column cess_per_unit numeric(14,3) not null default 0 check (cess_per_unit >= 0);
alter table own_tax_rates add column treatment text not null default 'taxable' check (treatment in ('taxable', 'nil', 'exempt', 'non_gst'));
alter table own_tax_rates add constraint own_tax_rates_untaxed_is_zero check (treatment = 'taxable' or (rate = 0 and cess_rate = 0 and cess_per_unit = 0));
comment on column own_tax_rates.cess_per_unit is 'Specific cess, rupees for a unit.';
comment on column own_tax_rates.treatment is 'taxable, nil, exempt or non_gst.';
select audit_new_columns('own_tax_rates', '{cess_per_unit,treatment}');
-- A notified rate of nothing is nil-rated until somebody says exempt.
update tax_rates set treatment = 'nil' where rate = 0 and cess_rate = 0;

-- As rates_on, with everything that a tax document freezes. The rules of precedence are the same, and a check of `mandi verify` asks both.
create function tax_on(hsn text[], conditions text[], day date)
    returns table (code text, condition text, rate numeric, cess_rate numeric, cess_per_unit numeric, treatment text)
    language plpgsql stable security definer rows 30 set search_path = pg_catalog, public, pg_temp
    as $$
#variable_conflict use_column
begin
    return query
        select wanted.code, wanted.condition, found.rate, found.cess_rate, found.cess_per_unit, found.treatment
            from (select distinct u.code, u.condition from unnest(hsn, conditions) u(code, condition)) wanted
            cross join lateral (
                select r.* from (
                    select o.rate, o.cess_rate, o.cess_per_unit, o.treatment, o.hsn_prefix, 0 as general, 0 as other, o.valid_from from own_tax_rates o
                        where o.tenant_id = current_tenant() and wanted.code like o.hsn_prefix || '%'
                          and o.valid_from <= day and (o.valid_to is null or o.valid_to >= day)
                    union all
                    select t.rate, t.cess_rate, t.cess_per_unit, t.treatment, t.hsn_prefix, 1, (t.condition <> wanted.condition)::int, t.valid_from from tax_rates t
                        where t.hsn_prefix = any (array[left(wanted.code, 2), left(wanted.code, 4), left(wanted.code, 6), wanted.code])
                          and t.condition in ('', wanted.condition) and t.valid_from <= day and (t.valid_to is null or t.valid_to >= day)
                ) r order by r.general, length(r.hsn_prefix) desc, r.other, r.valid_from desc limit 1
            ) found;
end $$;
comment on function tax_on is 'Rate, cess and treatment of each code on a day, for this transaction''s company.';
grant execute on function tax_on to mandi_app;

-- Units that are billed and still in the house count against the credit as a bill, and no longer as an order.
alter table order_lines add column billed_qty numeric(14,3) not null default 0;
alter table order_lines add constraint order_lines_billed check (billed_qty >= 0 and billed_qty <= picking_qty);
comment on column order_lines.billed_qty is 'Of the units that shipments have packed, what is billed already.';
comment on column orders.open_amount is 'What of it is still to be billed, with tax, in rupees.';
comment on column customer_accounts.open_amount is 'What of them is still to be billed, with tax, in rupees.';
comment on column customer_accounts.balance is 'What the customer owes by the ledger, in rupees; below zero is the customer''s money.';
select audit_new_columns('order_lines', '{billed_qty}');

alter table shipments add column papers text not null default 'invoice' check (papers in ('invoice', 'challan'));
alter table shipments add column challan_reason text check (challan_reason in ('approval', 'unknown_quantity', 'job_work', 'sample', 'other', 'before_invoices'));
alter table shipments add column invoice_id uuid;
comment on column shipments.papers is 'With what it leaves: its invoice, or a delivery challan (rule 55).';
comment on column shipments.challan_reason is 'Why it leaves with a challan: approval, unknown_quantity, job_work, sample, other, or before_invoices (before Mandi wrote any).';
comment on column shipments.invoice_id is 'The invoice or bill of supply for it, while that stands.';
comment on column shipments.challan_no is 'Number of the delivery challan, once it left with one.';
update shipments set papers = 'challan', challan_reason = 'before_invoices' where challan_no is not null;
alter table shipments add constraint shipments_challan_has_reason check ((papers = 'challan') = (challan_reason is not null));
alter table shipments drop constraint shipments_out_have_papers;
alter table shipments add constraint shipments_out_have_papers check (status not in ('out', 'delivered', 'returned') or (
    out_at is not null and vehicle_id is not null and driver_id is not null
    -- What came back may lose its invoice: it is credited or cancelled.
    and case papers when 'challan' then challan_no is not null else invoice_id is not null or status = 'returned' end));
create index shipments_by_invoice on shipments (tenant_id, invoice_id) where invoice_id is not null;
create index shipments_to_bill on shipments (tenant_id, id desc) where status = 'packed' and papers = 'invoice' and invoice_id is null;
select audit_new_columns('shipments', '{papers,challan_reason,invoice_id}');

alter table shipment_lines add column returned_qty numeric(14,3) not null default 0;
alter table shipment_lines add column invoiced_qty numeric(14,3) not null default 0;
alter table shipment_lines add column credited_qty numeric(14,3) not null default 0;
update shipment_lines l set returned_qty = l.packed_qty from shipments s
    where s.tenant_id = l.tenant_id and s.id = l.shipment_id and s.status = 'returned' and l.packed_qty > 0;
alter table shipment_lines add constraint shipment_lines_returned check (returned_qty >= 0 and returned_qty <= coalesce(packed_qty, 0));
alter table shipment_lines add constraint shipment_lines_credited check (credited_qty >= 0 and credited_qty <= invoiced_qty);
alter table shipment_lines add constraint shipment_lines_invoiced_were_sent check (invoiced_qty - credited_qty <= coalesce(packed_qty, 0) - returned_qty);
comment on column shipment_lines.returned_qty is 'Units that left and came back.';
comment on column shipment_lines.invoiced_qty is 'Units on invoices that stand, free ones too; counted by the trigger of document_lines.';
comment on column shipment_lines.credited_qty is 'Units on credit notes that stand; counted by the same trigger.';
select audit_new_columns('shipment_lines', '{returned_qty,invoiced_qty,credited_qty}');

-- ── The steps ────────────────────────────────────────────────────────────────────────────────────────────────────
create or replace function may_step(machine text, was text, becomes text) returns boolean
    language sql immutable parallel safe
    as $$
        select was = becomes or (machine, was, becomes) in (
            ('order', 'draft', 'to_approve'), ('order', 'draft', 'cancelled'),
            ('order', 'to_approve', 'confirmed'), ('order', 'to_approve', 'cancelled'),
            ('order', 'confirmed', 'closed'), ('order', 'confirmed', 'cancelled'),
            ('shipment', 'picking', 'packed'), ('shipment', 'picking', 'cancelled'),
            ('shipment', 'packed', 'picking'), ('shipment', 'packed', 'out'), ('shipment', 'packed', 'cancelled'),
            ('shipment', 'out', 'delivered'), ('shipment', 'out', 'returned'),
            ('document', 'issued', 'cancelled'))
    $$;

-- ── What a company says once ─────────────────────────────────────────────────────────────────────────────────────
create table accounting_settings (
    tenant_id uuid not null references companies,
    id uuid not null,
    round_off text not null default 'rupee' check (round_off in ('rupee', 'none')),
    einvoice_from date,
    bank_name text check (length(bank_name) between 1 and 100),
    bank_account text check (bank_account ~ '^[0-9A-Z]{5,18}$'),
    bank_ifsc text check (bank_ifsc ~ '^[A-Z]{4}0[A-Z0-9]{6}$'),
    upi_id text check (upi_id ~ '^[A-Za-z0-9._-]{2,64}@[A-Za-z0-9]{2,64}$'),
    terms text check (length(terms) between 1 and 1000),
    age_buckets integer[] not null default '{30,60,90}' check (cardinality(age_buckets) between 1 and 6 and 0 < all (age_buckets)),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id),
    check ((bank_account is null) = (bank_ifsc is null))
);
comment on table accounting_settings is 'How a company bills and where it is paid; one row, or none while nobody has said anything.';
comment on column accounting_settings.tenant_id is 'The company.';
comment on column accounting_settings.id is 'The row.';
comment on column accounting_settings.round_off is 'Totals of documents: to the rupee, or none.';
comment on column accounting_settings.einvoice_from is 'First day on which the PAN has to e-invoice; null is not liable.';
comment on column accounting_settings.bank_name is 'Bank and branch, as printed.';
comment on column accounting_settings.bank_account is 'Account number.';
comment on column accounting_settings.bank_ifsc is 'IFSC of the branch.';
comment on column accounting_settings.upi_id is 'UPI address for the payment code.';
comment on column accounting_settings.terms is 'Small print of invoices.';
comment on column accounting_settings.age_buckets is 'Days past due at which the buckets of receivables end, rising.';
comment on column accounting_settings.created_at is 'When it was made.';
comment on column accounting_settings.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('accounting_settings');

create table turnovers (
    tenant_id uuid not null references companies,
    id uuid not null,
    year text not null check (year ~ '^20[0-9]{2}-[0-9]{2}$'),
    amount numeric(16,2) not null check (amount >= 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, year)
);
comment on table turnovers is 'Aggregate turnover of the PAN by financial year: digits of HSN and the reporting window follow from it. No row: not recorded, the strictest rule counts.';
comment on column turnovers.tenant_id is 'The company.';
comment on column turnovers.id is 'The row.';
comment on column turnovers.year is 'Financial year, e.g. 2025-26.';
comment on column turnovers.amount is 'In rupees.';
comment on column turnovers.created_at is 'When it was made.';
comment on column turnovers.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('turnovers');

create table undertakings (
    tenant_id uuid not null references companies,
    id uuid not null,
    registration_id uuid not null,
    number text not null check (length(number) between 1 and 40),
    valid_from date not null,
    valid_to date not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, registration_id, number),
    foreign key (tenant_id, registration_id) references gst_registrations (tenant_id, id),
    check (valid_to >= valid_from)
);
comment on table undertakings is 'Letters of undertaking: supplies to SEZ and abroad without payment of tax need one that covers the day.';
comment on column undertakings.tenant_id is 'The company.';
comment on column undertakings.id is 'The undertaking.';
comment on column undertakings.registration_id is 'The registration that gave it.';
comment on column undertakings.number is 'Its number (ARN).';
comment on column undertakings.valid_from is 'First day.';
comment on column undertakings.valid_to is 'Last day.';
comment on column undertakings.created_at is 'When it was made.';
comment on column undertakings.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('undertakings');

-- ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────
create table document_series (
    tenant_id uuid not null references companies,
    id uuid not null,
    registration_id uuid not null,
    kind text not null check (kind in ('invoice', 'bill_of_supply', 'credit_note', 'debit_note', 'commercial_note')),
    code text not null default '' check (code ~ '^[A-Z0-9]{0,10}$'),
    template text not null,
    is_default boolean not null default true,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, registration_id, kind, code),
    unique (tenant_id, id, registration_id, kind),
    foreign key (tenant_id, registration_id) references gst_registrations (tenant_id, id),
    constraint document_series_template check (template ~ '^[A-Z1-9]([A-Z0-9/-]|\{FY\}|\{FY4\})*\{SEQ:[1-9]\}$'),
    constraint document_series_fits check (
        length(regexp_replace(replace(replace(template, '{FY4}', '2627'), '{FY}', '26-27'), '\{SEQ:[1-9]\}', '')) + substring(template from '\{SEQ:([1-9])\}')::integer <= 16),
    check (is_active or not is_default)
);
create unique index document_series_one_default on document_series (tenant_id, registration_id, kind) where is_default;
-- Numbers are addresses too, with hyphens for slashes; invoices and bills of supply share theirs.
create unique index document_series_no_twins on document_series (tenant_id, replace(template, '/', '-'));
comment on table document_series is 'Series of numbers of tax documents: one or more for each registration and kind (rule 46).';
comment on column document_series.tenant_id is 'The company.';
comment on column document_series.id is 'The series.';
comment on column document_series.registration_id is 'The registration.';
comment on column document_series.kind is 'invoice, bill_of_supply, credit_note, debit_note or commercial_note.';
comment on column document_series.code is 'What tells several of one kind apart; empty is the usual one.';
comment on column document_series.template is 'How a number looks, e.g. MH/{FY}/{SEQ:5}: {FY} is 26-27, {FY4} is 2627. Sixteen characters at most.';
comment on column document_series.is_default is 'The one that new documents take unless told otherwise.';
comment on column document_series.is_active is 'Whether it can be chosen.';
comment on column document_series.created_at is 'When it was made.';
comment on column document_series.updated_at is 'Last change; guards against lost edits.';
select make_tenant_table('document_series');

create table document_counters (
    tenant_id uuid not null references companies,
    series_id uuid not null,
    year text not null check (year ~ '^20[0-9]{2}-[0-9]{2}$'),
    last integer not null check (last > 0),
    last_day date not null,
    primary key (tenant_id, series_id, year),
    foreign key (tenant_id, series_id) references document_series (tenant_id, id)
);
comment on table document_counters is 'The last number of each series in each financial year. Without gaps: it moves in the transaction that writes the document.';
comment on column document_counters.tenant_id is 'The company.';
comment on column document_counters.series_id is 'The series.';
comment on column document_counters.year is 'Financial year, e.g. 2026-27.';
comment on column document_counters.last is 'The last number that was taken.';
comment on column document_counters.last_day is 'The date of its document; a later number never has an earlier date.';
select make_tenant_table('document_counters', null, '{}', false);

create function financial_year(day date) returns text
    language sql immutable parallel safe
    as $$ select f::text || '-' || lpad(((f + 1) % 100)::text, 2, '0') from (select extract(year from day)::integer - (extract(month from day) < 4)::integer) y(f) $$;
comment on function financial_year(date) is 'The financial year of a day: 2026-27.';
grant execute on function financial_year(date) to mandi_app, mandi_platform;

-- Whoever takes a number holds its series until the transaction ends, so it is taken in the last statement.
create function take_document_number(series uuid, day date, out number text, out url_no text, out year text, out sequence integer)
    language plpgsql volatile
    as $$
declare
    its document_series;
    fy text := financial_year(day);
begin
    select s.* into strict its from document_series s where s.tenant_id = current_tenant() and s.id = series;
    insert into document_counters as c (tenant_id, series_id, year, last, last_day) values (current_tenant(), series, fy, 1, day)
        on conflict on constraint document_counters_pkey do update set last = c.last + 1, last_day = day where c.last_day <= day
        returning c.last into sequence;
    if sequence is null then
        raise exception 'a document of this series has a later date' using errcode = 'check_violation', constraint = 'documents_in_order_of_dates';
    end if;
    year := fy;
    number := replace(replace(its.template, '{FY4}', substr(fy, 3, 2) || right(fy, 2)), '{FY}', substr(fy, 3));
    number := regexp_replace(number, '\{SEQ:[1-9]\}', lpad(sequence::text, greatest(substring(its.template from '\{SEQ:([1-9])\}')::integer, length(sequence::text)), '0'));
    if length(number) > 16 then
        raise exception 'series % is full', its.template using errcode = 'check_violation', constraint = 'document_series_full';
    end if;
    url_no := replace(number, '/', '-');
end $$;
comment on function take_document_number(uuid, date) is 'The next number of a series of this transaction''s company on a day, as printed and as in addresses.';
grant execute on function take_document_number(uuid, date) to mandi_app;

-- ── Documents ────────────────────────────────────────────────────────────────────────────────────────────────────
create table documents (
    tenant_id uuid not null references companies,
    id uuid not null,
    kind text not null check (kind in ('invoice', 'bill_of_supply', 'credit_note', 'debit_note', 'commercial_note')),
    gst_type text,
    status text not null default 'issued' check (status in ('issued', 'cancelled')),
    registration_id uuid not null,
    series_id uuid not null,
    year text not null,
    sequence integer not null check (sequence > 0),
    number text not null check (number ~ '^[A-Z1-9][A-Z0-9/-]{0,15}$'),
    url_no text not null check (url_no = replace(number, '/', '-')),
    document_date date not null,
    due_on date,
    customer_id uuid not null,
    order_id uuid,
    shipment_id uuid,
    original_id uuid,
    reason text check (reason in ('return', 'price', 'deficiency', 'discount', 'other')),
    reason_note text check (length(reason_note) between 1 and 500),
    supplier_gstin text not null check (supplier_gstin ~ '^[0-9]{2}[0-9A-Z]{13}$'),
    supplier_type text not null,
    buyer_kind text not null check (buyer_kind in ('registered', 'composition', 'unregistered', 'sez', 'overseas', 'deemed_export', 'uin')),
    buyer_gstin text check (buyer_gstin ~ '^[0-9]{2}[0-9A-Z]{13}$'),
    supply_type text not null check (supply_type in ('B2B', 'SEZWP', 'SEZWOP', 'EXPWP', 'EXPWOP', 'DEXP', 'B2C')),
    place_of_supply text not null check (place_of_supply ~ '^[0-9]{2}$'),
    place_reason text check (length(place_reason) between 1 and 300),
    is_inter_state boolean not null,
    half text check (half in ('SGST', 'UTGST')),
    is_reverse_charge boolean not null default false,
    undertaking_id uuid,
    currency text check (currency ~ '^[A-Z]{3}$'),
    fx_rate numeric(14,6) check (fx_rate > 0),
    fx_source text check (length(fx_source) between 1 and 100),
    po_number text,
    parties jsonb not null check (jsonb_typeof(parties) = 'object'),
    discount numeric(14,2) not null default 0 check (discount >= 0),
    taxable numeric(14,2) not null check (taxable >= 0),
    cgst numeric(14,2) not null default 0 check (cgst >= 0),
    sgst numeric(14,2) not null default 0,
    igst numeric(14,2) not null default 0 check (igst >= 0),
    cess numeric(14,2) not null default 0 check (cess >= 0),
    late_discount numeric(14,2) not null default 0 check (late_discount >= 0),
    other_charges numeric(14,2) not null default 0 check (other_charges >= 0),
    round_off numeric(14,2) not null default 0 check (round_off between -0.50 and 0.50),
    total numeric(14,2) not null check (total >= 0),
    total_fc numeric(14,2),
    item_count integer not null check (item_count > 0),
    main_hsn text not null,
    issued_at timestamptz not null,
    issued_by uuid references users,
    issued_by_name text not null default '' check (length(issued_by_name) <= 120),
    cancelled_at timestamptz,
    cancelled_by_name text check (length(cancelled_by_name) <= 120),
    cancel_code smallint check (cancel_code between 1 and 4),
    cancel_reason text check (length(cancel_reason) between 1 and 100),
    -- The key under which the authority registers it, and under which we find it again (gst.md 4.8).
    irn text generated always as (case when gst_type is not null then encode(sha256(decode(supplier_gstin || year || gst_type || number, 'escape')), 'hex') end) stored,
    primary key (tenant_id, id),
    unique (tenant_id, id, kind),
    unique (tenant_id, series_id, year, sequence),
    unique (tenant_id, kind, year, url_no),
    foreign key (tenant_id, registration_id) references gst_registrations (tenant_id, id),
    foreign key (tenant_id, series_id, registration_id, kind) references document_series (tenant_id, id, registration_id, kind),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, order_id) references orders (tenant_id, id),
    foreign key (tenant_id, shipment_id) references shipments (tenant_id, id),
    foreign key (tenant_id, original_id) references documents (tenant_id, id),
    foreign key (tenant_id, undertaking_id) references undertakings (tenant_id, id),
    constraint documents_gst_type check (gst_type is not distinct from case kind when 'invoice' then 'INV' when 'credit_note' then 'CRN' when 'debit_note' then 'DBN' end),
    constraint documents_year check (year = financial_year(document_date)),
    constraint documents_heads_are_equal check (cgst = sgst),
    constraint documents_one_kind_of_head check (case when is_inter_state then cgst = 0 and half is null else igst = 0 and half is not null end),
    constraint documents_total check (total = taxable + case when is_reverse_charge then 0 else cgst + sgst + igst + cess end - late_discount + other_charges + round_off),
    constraint documents_untaxed check (kind not in ('bill_of_supply', 'commercial_note') or (cgst = 0 and igst = 0 and cess = 0)),
    constraint documents_notes_have_original check ((kind in ('credit_note', 'debit_note', 'commercial_note')) = (original_id is not null)),
    constraint documents_notes_have_reason check (kind not in ('credit_note', 'debit_note', 'commercial_note') or reason is not null),
    constraint documents_bills_are_due check (kind not in ('invoice', 'bill_of_supply', 'debit_note') or due_on >= document_date),
    constraint documents_buyer check ((buyer_gstin is null) = (buyer_kind in ('unregistered', 'overseas'))),
    constraint documents_supply check (case buyer_kind when 'sez' then supply_type in ('SEZWP', 'SEZWOP') when 'overseas' then supply_type in ('EXPWP', 'EXPWOP')
        when 'deemed_export' then supply_type = 'DEXP' when 'unregistered' then supply_type = 'B2C' else supply_type = 'B2B' end),
    constraint documents_without_payment check (supply_type not in ('SEZWOP', 'EXPWOP') or (igst = 0 and cess = 0)),
    constraint documents_reverse_charge check (not is_reverse_charge or supply_type in ('B2B', 'SEZWP', 'SEZWOP')),
    check ((currency is null) = (fx_rate is null) and (currency is null) = (total_fc is null)),
    check ((status = 'cancelled') = (cancelled_at is not null and cancel_code is not null and cancel_reason is not null))
);
create unique index documents_by_gst_key on documents (tenant_id, registration_id, year, gst_type, number) where gst_type is not null;
-- One standing bill of a shipment: the second of two clerks is refused here.
create unique index documents_one_bill_of_a_shipment on documents (tenant_id, shipment_id) where status = 'issued' and kind in ('invoice', 'bill_of_supply');
create index documents_by_date on documents (tenant_id, kind, document_date desc, id desc);
create index documents_by_customer on documents (tenant_id, customer_id, document_date desc, id desc);
create index documents_by_order on documents (tenant_id, order_id) where order_id is not null;
create index documents_by_shipment on documents (tenant_id, shipment_id);
create index documents_by_original on documents (tenant_id, original_id) where original_id is not null;
create index documents_by_undertaking on documents (tenant_id, undertaking_id) where undertaking_id is not null;
create index documents_by_series on documents (tenant_id, series_id, registration_id, kind);
create index documents_by_registration on documents (tenant_id, registration_id, document_date);
create index documents_by_number on documents (tenant_id, number);
create index documents_by_irn on documents (tenant_id, irn) where irn is not null;
create index documents_by_total on documents (tenant_id, kind, total, id);
create index documents_by_issuer on documents (issued_by);
comment on table documents is 'Tax documents, as issued: nothing of them changes but that they are cancelled. Amounts are never negative; the kind says which way they count.';
comment on column documents.tenant_id is 'The company.';
comment on column documents.id is 'The document; its entry in the ledger has the same id.';
comment on column documents.kind is 'invoice, bill_of_supply, credit_note, debit_note or commercial_note (a credit without GST).';
comment on column documents.gst_type is 'As returns and e-invoices call it: INV, CRN, DBN; null where they don''t know it.';
comment on column documents.status is 'issued or cancelled. A cancelled one keeps its number.';
comment on column documents.registration_id is 'The registration that supplies.';
comment on column documents.series_id is 'The series of its number.';
comment on column documents.year is 'Financial year of its date, e.g. 2026-27.';
comment on column documents.sequence is 'Which number of its series in that year.';
comment on column documents.number is 'The number as printed.';
comment on column documents.url_no is 'The number as in addresses.';
comment on column documents.document_date is 'The date printed on it, in India.';
comment on column documents.due_on is 'When it has to be paid.';
comment on column documents.customer_id is 'The customer.';
comment on column documents.order_id is 'The order, if it is of one.';
comment on column documents.shipment_id is 'The shipment, if it is of one.';
comment on column documents.original_id is 'For a note: the document that it corrects.';
comment on column documents.reason is 'For a note: return, price, deficiency, discount or other.';
comment on column documents.reason_note is 'For a note: why, in words.';
comment on column documents.supplier_gstin is 'GSTIN of the registration, as printed.';
comment on column documents.supplier_type is 'How the registration stood under GST.';
comment on column documents.buyer_kind is 'How the buyer stood under GST.';
comment on column documents.buyer_gstin is 'GSTIN of the buyer; null is URP.';
comment on column documents.supply_type is 'As e-invoices call it; B2C has none.';
comment on column documents.place_of_supply is 'GST state code; 96 is abroad.';
comment on column documents.place_reason is 'Why the place is another than the rules say, where somebody set it.';
comment on column documents.is_inter_state is 'Whether it bears IGST.';
comment on column documents.half is 'What the second half of an intra-state tax is: SGST or UTGST.';
comment on column documents.is_reverse_charge is 'Whether the buyer pays the tax: it is shown and not part of the total.';
comment on column documents.undertaking_id is 'The letter of undertaking, without payment of tax.';
comment on column documents.currency is 'Currency of the prices; null is rupees.';
comment on column documents.fx_rate is 'Rupees for one of it.';
comment on column documents.fx_source is 'Where that rate is from.';
comment on column documents.po_number is 'The customer''s own number.';
comment on column documents.parties is 'Seller, buyer, delivery and dispatch address, bank, terms and transport, as printed.';
comment on column documents.discount is 'Sum of the discounts before tax, for information, in rupees.';
comment on column documents.taxable is 'Sum of the lines before tax, in rupees.';
comment on column documents.cgst is 'Central tax, in rupees.';
comment on column documents.sgst is 'State or union territory tax, in rupees.';
comment on column documents.igst is 'Integrated tax, in rupees.';
comment on column documents.cess is 'Cess, on the value and by unit, in rupees.';
comment on column documents.late_discount is 'Discount after tax, in rupees.';
comment on column documents.other_charges is 'Charges without tax, in rupees.';
comment on column documents.round_off is 'To the rupee, in rupees.';
comment on column documents.total is 'What is owed or given back, in rupees.';
comment on column documents.total_fc is 'The same in the currency of the prices.';
comment on column documents.item_count is 'Number of lines.';
comment on column documents.main_hsn is 'HSN of the line with the highest taxable value.';
comment on column documents.issued_at is 'When it was issued.';
comment on column documents.issued_by is 'Who issued it; null when the system did.';
comment on column documents.issued_by_name is 'That person''s name then.';
comment on column documents.cancelled_at is 'When it was cancelled.';
comment on column documents.cancelled_by_name is 'Who cancelled it.';
comment on column documents.cancel_code is 'Why, as the authority counts: 1 duplicate, 2 data entry mistake, 3 order cancelled, 4 others.';
comment on column documents.cancel_reason is 'Why, in words.';
comment on column documents.irn is 'SHA-256 of GSTIN, year, type and number: the authority gives the same.';
select make_tenant_table('documents', 'customer_id');
select buyers_only_read('documents');
create trigger steps before update of status on documents for each row execute function keep_to_the_steps('document');

alter table shipments add foreign key (tenant_id, invoice_id) references documents (tenant_id, id);

create table document_lines (
    tenant_id uuid not null references companies,
    id uuid not null,
    document_id uuid not null,
    kind text not null,
    customer_id uuid not null,
    position integer not null check (position between 1 and 1000),
    order_line_id uuid,
    shipment_line_id uuid,
    original_line_id uuid,
    product_id uuid,
    sku text not null default '',
    name text not null check (length(name) between 1 and 300),
    name_hi text check (length(name_hi) between 1 and 300),
    hsn text not null check (hsn ~ '^([0-9]{4}|[0-9]{6}|[0-9]{8})$'),
    is_service boolean not null generated always as (left(hsn, 2) = '99') stored,
    unit text check (unit ~ '^[A-Z]{3}$'),
    pack_size numeric(14,3) not null default 1 check (pack_size > 0),
    pack_name text,
    quantity numeric(14,3) not null check (quantity >= 0),
    free_quantity numeric(14,3) not null default 0 check (free_quantity >= 0),
    price numeric(14,4) not null check (price >= 0),
    includes_tax boolean not null default false,
    net_price numeric(15,3) not null check (net_price >= 0),
    gross numeric(14,2) not null check (gross >= 0),
    line_discount numeric(14,2) not null default 0 check (line_discount >= 0),
    shared_discount numeric(14,2) not null default 0 check (shared_discount >= 0),
    discount numeric(14,2) not null default 0 check (discount >= 0),
    treatment text not null check (treatment in ('taxable', 'nil', 'exempt', 'non_gst')),
    tax_rate numeric(6,3) not null check (tax_rate between 0 and 100),
    cess_rate numeric(6,3) not null default 0 check (cess_rate between 0 and 500),
    cess_per_unit numeric(14,3) not null default 0 check (cess_per_unit >= 0),
    taxable numeric(14,2) not null check (taxable >= 0),
    cgst numeric(14,2) not null default 0 check (cgst >= 0),
    sgst numeric(14,2) not null default 0,
    igst numeric(14,2) not null default 0 check (igst >= 0),
    cess numeric(14,2) not null default 0 check (cess >= 0),
    cess_fixed numeric(14,2) not null default 0 check (cess_fixed >= 0),
    total numeric(14,2) not null check (total >= 0),
    created_at timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, document_id, position),
    -- Lines come first and their document last, because its number is taken last. The kind travels in the key: lines count by it.
    foreign key (tenant_id, document_id, kind) references documents (tenant_id, id, kind) deferrable initially deferred,
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, order_line_id) references order_lines (tenant_id, id),
    foreign key (tenant_id, shipment_line_id) references shipment_lines (tenant_id, id),
    foreign key (tenant_id, original_line_id) references document_lines (tenant_id, id),
    foreign key (tenant_id, product_id) references products (tenant_id, id),
    constraint document_lines_goods_have_unit check (left(hsn, 2) = '99' or unit is not null),
    constraint document_lines_value check (taxable = gross - discount),
    constraint document_lines_heads_are_equal check (cgst = sgst and (igst = 0 or cgst = 0)),
    constraint document_lines_total check (total in (taxable + cgst + sgst + igst + cess + cess_fixed, taxable)),
    constraint document_lines_untaxed check (treatment = 'taxable' or (tax_rate = 0 and cgst = 0 and igst = 0 and cess = 0 and cess_fixed = 0)),
    constraint document_lines_notes_have_original check ((kind in ('credit_note', 'debit_note', 'commercial_note')) = (original_line_id is not null)),
    constraint document_lines_debit_no_goods check (kind <> 'debit_note' or shipment_line_id is null)
);
create index document_lines_by_document on document_lines (tenant_id, document_id, kind, position);
create index document_lines_by_customer on document_lines (tenant_id, customer_id);
create index document_lines_by_order_line on document_lines (tenant_id, order_line_id) where order_line_id is not null;
create index document_lines_by_shipment_line on document_lines (tenant_id, shipment_line_id) where shipment_line_id is not null;
create index document_lines_by_original on document_lines (tenant_id, original_line_id) where original_line_id is not null;
create index document_lines_by_product on document_lines (tenant_id, product_id) where product_id is not null;
comment on table document_lines is 'A line of a tax document, with its rate and its tax head by head, frozen.';
comment on column document_lines.tenant_id is 'The company.';
comment on column document_lines.id is 'The line.';
comment on column document_lines.document_id is 'The document.';
comment on column document_lines.kind is 'The document''s kind.';
comment on column document_lines.customer_id is 'The customer.';
comment on column document_lines.position is 'Its place on the document.';
comment on column document_lines.order_line_id is 'The order''s line.';
comment on column document_lines.shipment_line_id is 'The shipment''s line whose units it bills or takes back; null for a note on the price alone.';
comment on column document_lines.original_line_id is 'For a note: the line that it corrects.';
comment on column document_lines.product_id is 'The product.';
comment on column document_lines.sku is 'Its code then.';
comment on column document_lines.name is 'Its name then.';
comment on column document_lines.name_hi is 'Its name then in Hindi, if it had one.';
comment on column document_lines.hsn is 'Its HSN or SAC then.';
comment on column document_lines.is_service is 'Whether it is a service: its code begins with 99.';
comment on column document_lines.unit is 'Unit, as GST codes it; services may have none.';
comment on column document_lines.pack_size is 'Units in a pack then.';
comment on column document_lines.pack_name is 'What a pack was called then, or null.';
comment on column document_lines.quantity is 'Units billed.';
comment on column document_lines.free_quantity is 'Units given free beside them.';
comment on column document_lines.price is 'Price of a unit as agreed, in the document''s currency.';
comment on column document_lines.includes_tax is 'Whether that price holds the tax.';
comment on column document_lines.net_price is 'Price of a unit before tax, in rupees, as e-invoices want it.';
comment on column document_lines.gross is 'Quantity at the price before tax and discount, in rupees.';
comment on column document_lines.line_discount is 'Discount of the line as agreed: with tax where the price holds it.';
comment on column document_lines.shared_discount is 'Its share of a discount on the whole document before tax, in the same way.';
comment on column document_lines.discount is 'Both, before tax, in rupees.';
comment on column document_lines.treatment is 'taxable, nil, exempt or non_gst.';
comment on column document_lines.tax_rate is 'GST, per cent.';
comment on column document_lines.cess_rate is 'Cess on the value, per cent.';
comment on column document_lines.cess_per_unit is 'Specific cess, rupees for a unit.';
comment on column document_lines.taxable is 'Taxable value, in rupees.';
comment on column document_lines.cgst is 'Central tax, in rupees.';
comment on column document_lines.sgst is 'State or union territory tax, in rupees.';
comment on column document_lines.igst is 'Integrated tax, in rupees.';
comment on column document_lines.cess is 'Cess on the value, in rupees.';
comment on column document_lines.cess_fixed is 'Specific cess, in rupees.';
comment on column document_lines.total is 'All of it; without tax under reverse charge. In rupees.';
comment on column document_lines.created_at is 'When it was issued.';
select make_tenant_table('document_lines', 'customer_id', '{}', false);
select make_append_only('document_lines');
select buyers_only_read('document_lines');

-- ── What keeps them as they are ──────────────────────────────────────────────────────────────────────────────────
create function keep_as_issued() returns trigger language plpgsql as $$
declare
    free text[] := array['status', 'cancelled_at', 'cancelled_by_name', 'cancel_code', 'cancel_reason', 'irn'];
begin
    if tg_op = 'DELETE' then
        if demo_lets_go(old.tenant_id, tg_relid) then return old; end if;
        raise exception 'document % is issued: it can''t be deleted', old.number using errcode = 'restrict_violation', constraint = 'documents_as_issued';
    end if;
    -- The generated column is not worked out yet in a trigger before the row, so it is left out of the comparison.
    if old.status = 'cancelled' or to_jsonb(new) - free <> to_jsonb(old) - free then
        raise exception 'document % is issued: it can''t be changed', old.number using errcode = 'restrict_violation', constraint = 'documents_as_issued';
    end if;
    return new;
end $$;
comment on function keep_as_issued() is 'The trigger that keeps issued documents as they are: they can be cancelled, once, and nothing else.';
create trigger as_issued before update or delete on documents for each row execute function keep_as_issued();
create trigger as_issued_truncate before truncate on documents for each statement execute function refuse_change();
revoke truncate on documents from mandi_app, mandi_platform;

-- Lines are there first, so the document can be compared with them when it comes.
create function add_up() returns trigger language plpgsql as $$
declare
    s record;
begin
    select count(*)::integer as lines, sum(taxable) as taxable, sum(cgst) as cgst, sum(sgst) as sgst, sum(igst) as igst, sum(cess + cess_fixed) as cess, sum(discount) as discount,
           bool_and(total = case when new.is_reverse_charge then taxable else taxable + cgst + sgst + igst + cess + cess_fixed end) as are_right
        into s from document_lines l where l.tenant_id = new.tenant_id and l.document_id = new.id;
    if (new.item_count, new.taxable, new.cgst, new.sgst, new.igst, new.cess, new.discount) is distinct from (s.lines, s.taxable, s.cgst, s.sgst, s.igst, s.cess, s.discount) or not s.are_right then
        raise exception 'document % is not the sum of its lines', new.number using errcode = 'check_violation', constraint = 'documents_add_up';
    end if;
    return null;
end $$;
comment on function add_up() is 'The trigger that refuses a document that is not the sum of its lines.';
create trigger add_up after insert on documents for each row execute function add_up();

-- Units billed and taken back, counted where they were packed; the CHECKs there refuse too many.
create function count_billed() returns trigger language plpgsql as $$
begin
    update shipment_lines l set invoiced_qty = l.invoiced_qty + a.invoiced, credited_qty = l.credited_qty + a.credited, updated_at = a.at
        from (
            select n.tenant_id, n.shipment_line_id, max(n.created_at) as at,
                   coalesce(sum(n.quantity + n.free_quantity) filter (where n.kind in ('invoice', 'bill_of_supply')), 0) as invoiced,
                   coalesce(sum(n.quantity + n.free_quantity) filter (where n.kind in ('credit_note', 'commercial_note')), 0) as credited
                from added n where n.shipment_line_id is not null group by 1, 2
        ) a where l.tenant_id = a.tenant_id and l.id = a.shipment_line_id;
    return null;
end $$;
comment on function count_billed() is 'The trigger that counts billed and credited units on the lines of shipments.';
create trigger count_billed after insert on document_lines referencing new table as added for each statement execute function count_billed();

create function uncount_billed() returns trigger language plpgsql as $$
begin
    update shipment_lines l set invoiced_qty = l.invoiced_qty - a.invoiced, credited_qty = l.credited_qty - a.credited, updated_at = new.cancelled_at
        from (
            select n.shipment_line_id,
                   coalesce(sum(n.quantity + n.free_quantity) filter (where n.kind in ('invoice', 'bill_of_supply')), 0) as invoiced,
                   coalesce(sum(n.quantity + n.free_quantity) filter (where n.kind in ('credit_note', 'commercial_note')), 0) as credited
                from document_lines n where n.tenant_id = new.tenant_id and n.document_id = new.id and n.shipment_line_id is not null group by 1
        ) a where l.tenant_id = new.tenant_id and l.id = a.shipment_line_id;
    return null;
end $$;
comment on function uncount_billed() is 'The trigger that gives back the units of a document that is cancelled.';
create trigger uncount_billed after update of status on documents for each row when (old.status = 'issued' and new.status = 'cancelled') execute function uncount_billed();

-- A shipment knows its bill, and loses it when that is cancelled; one that has left can't lose it (`shipments_out_have_papers`).
create function name_the_bill() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        update shipments s set invoice_id = new.id, updated_at = new.issued_at where s.tenant_id = new.tenant_id and s.id = new.shipment_id;
    else
        update shipments s set invoice_id = null, updated_at = new.cancelled_at where s.tenant_id = new.tenant_id and s.id = new.shipment_id and s.invoice_id = new.id;
    end if;
    return null;
end $$;
comment on function name_the_bill() is 'The trigger that tells a shipment which invoice or bill of supply is its own.';
create trigger name_the_bill after insert on documents for each row when (new.shipment_id is not null and new.kind in ('invoice', 'bill_of_supply')) execute function name_the_bill();
create trigger lose_the_bill after update of status on documents for each row
    when (old.status = 'issued' and new.status = 'cancelled' and new.shipment_id is not null and new.kind in ('invoice', 'bill_of_supply')) execute function name_the_bill();

-- ── Finding them ─────────────────────────────────────────────────────────────────────────────────────────────────
create function search_documents(words text) returns setof uuid
    language plpgsql stable security definer rows 100 set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    as $$
declare
    plain text := upper(trim(translate(words, '%_\', '')));
begin
    if plain = '' or setting_uuid('customer_id') is not null then return; end if;
    return query
        select d.id from documents d where d.tenant_id = current_tenant() and d.number in (plain, replace(plain, '-', '/'))
        union
        select d.id from documents d where d.tenant_id = current_tenant() and d.irn = lower(plain)
        union
        select d.id from documents d join document_counters c on c.tenant_id = d.tenant_id and c.series_id = d.series_id and c.year = d.year
            where d.tenant_id = current_tenant() and plain ~ '^[0-9]{1,6}$' and d.series_id = c.series_id and d.year = c.year and d.sequence = case when plain ~ '^[0-9]{1,6}$' then plain::integer end
        union
        select d.id from documents d join orders o on o.tenant_id = d.tenant_id and o.id = d.order_id where d.tenant_id = current_tenant() and o.number = plain
        union
        select d.id from documents d where d.tenant_id = current_tenant() and d.customer_id in (select search_customers(words));
end $$;
comment on function search_documents(text) is 'Ids of this transaction''s company''s documents whose number, IRN or order this is, or whose customer these words find; figures alone are the number within its series.';
grant execute on function search_documents(text) to mandi_app;

alter table files drop constraint files_purpose_check;
alter table files add constraint files_purpose_check check (purpose in ('logo', 'export', 'picture', 'import', 'proof', 'document'));
comment on column files.purpose is 'What it is for: logo, export, picture, import, proof or document.';
alter table saved_views drop constraint saved_views_list_check;
alter table saved_views add constraint saved_views_list_check
    check (list in ('people', 'invitations', 'audit', 'orders', 'products', 'customers', 'stock', 'shipments', 'invoices', 'credit-notes', 'debit-notes', 'e-invoices', 'payments', 'receivables'));
comment on column saved_views.list is 'Which list: people, invitations, audit, orders, products, customers, stock, shipments, invoices, credit-notes, debit-notes, e-invoices, payments or receivables.';
comment on column order_events.kind is 'placed, held, released, confirmed, line_cancelled, picking, packed, invoiced, out, delivered, returned, credited, paid, closed, cancelled, note.';

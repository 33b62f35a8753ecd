comment on column order_events.kind is 'placed, held, released, confirmed, line_cancelled, picking, packed, out, delivered, returned, closed, cancelled, note.';
delete from saved_views where list in ('invoices', 'credit-notes', 'debit-notes', 'e-invoices', 'payments', 'receivables');
comment on column saved_views.list is 'Which list: people, invitations, audit, orders, products, customers, stock or shipments.';
alter table saved_views drop constraint saved_views_list_check;
alter table saved_views add constraint saved_views_list_check
    check (list in ('people', 'invitations', 'audit', 'orders', 'products', 'customers', 'stock', 'shipments'));
update files set purpose = 'export' where purpose = 'document';
comment on column files.purpose is 'What it is for: logo, export, picture (of a product), import (a file to be read), proof (of a delivery).';
alter table files drop constraint files_purpose_check;
alter table files add constraint files_purpose_check check (purpose in ('logo', 'export', 'picture', 'import', 'proof'));
drop function search_documents(text);
-- What left with its invoice keeps that number, or its own: papers had one number then.
update shipments s set challan_no = coalesce((select d.number from documents d where d.tenant_id = s.tenant_id and d.id = s.invoice_id), s.number)
    where s.challan_no is null and s.status in ('out', 'delivered', 'returned');
alter table shipments drop constraint shipments_tenant_id_invoice_id_fkey;
drop table document_lines;
drop table documents;
drop function name_the_bill();
drop function uncount_billed();
drop function count_billed();
drop function add_up();
drop function keep_as_issued();
drop function take_document_number(uuid, date);
drop table document_counters;
drop table document_series;
drop function financial_year(date);
drop table undertakings;
drop table turnovers;
drop table accounting_settings;
create or replace function may_step(machine text, was text, becomes text) returns boolean
    language sql immutable parallel safe
    as $$
        select was = becomes or (machine, was, becomes) in (
            ('order', 'draft', 'to_approve'), ('order', 'draft', 'cancelled'),
            ('order', 'to_approve', 'confirmed'), ('order', 'to_approve', 'cancelled'),
            ('order', 'confirmed', 'closed'), ('order', 'confirmed', 'cancelled'),
            ('shipment', 'picking', 'packed'), ('shipment', 'picking', 'cancelled'),
            ('shipment', 'packed', 'picking'), ('shipment', 'packed', 'out'), ('shipment', 'packed', 'cancelled'),
            ('shipment', 'out', 'delivered'), ('shipment', 'out', 'returned'))
    $$;
alter table shipment_lines drop column returned_qty, drop column invoiced_qty, drop column credited_qty;
alter table shipments drop constraint shipments_out_have_papers;
alter table shipments drop column papers, drop column challan_reason, drop column invoice_id;
alter table shipments add constraint shipments_out_have_papers check (status not in ('out', 'delivered', 'returned') or (out_at is not null and challan_no is not null and vehicle_id is not null and driver_id is not null));
comment on column shipments.challan_no is 'Number of the delivery challan, once out.';
comment on column customer_accounts.balance is 'What is owed by bills, in rupees.';
comment on column customer_accounts.open_amount is 'What of them is still to be shipped, with tax, in rupees.';
comment on column orders.open_amount is 'What of it is still to be shipped, with tax, in rupees.';
alter table order_lines drop column billed_qty;
drop function tax_on(text[], text[], date);
alter table own_tax_rates drop column cess_per_unit, drop column treatment;
alter table tax_rates drop column cess_per_unit, drop column treatment;
alter table customer_addresses drop column country;
update customers set kind = case kind when 'overseas' then 'unregistered' else 'registered' end where kind in ('overseas', 'deemed_export', 'uin');
alter table customers drop constraint customers_overseas_without_gstin;
alter table customers drop constraint customers_kind_has_gstin;
alter table customers drop constraint customers_kind_check;
alter table customers add constraint customers_kind_check check (kind in ('registered', 'composition', 'unregistered', 'sez'));
comment on column customers.kind is 'How it stands under GST: registered, composition, unregistered or sez.';
alter table gst_registrations drop column taxpayer_type;
drop function audit_new_columns(regclass, text[]);

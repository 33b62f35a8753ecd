//! `mandi verify`: every check sees its own fault, by name, and nothing else does.

use crate::support::openssl::{hex, modulus, rsa_key, signed};
use crate::support::postgres::{self, Urls};
use crate::support::{connect, populate};
use diesel::connection::SimpleConnection;
use mandi::app::checks;
use mandi::platform::db::migrate;
use mandi::platform::verify::{self, Finding};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// A bill of that retailer's, of one line of ten at 40.00 before 5 % within the state: id, number in its series, date; and what follows.
macro_rules! bill {
    ($id:literal, $sequence:literal, $date:literal, $more:literal) => {
        concat!(
            "insert into document_series (tenant_id, id, registration_id, kind, template)
               select '00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-000000000c01', '00000000-0000-7000-8000-0000000000a1', 'invoice', 'INV/{FY}/{SEQ:5}'
                 where not exists (select from document_series);
             insert into document_counters (tenant_id, series_id, year, last, last_day)
               values ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-000000000c01', '2026-27', ", $sequence, ", '", $date, "')
               on conflict on constraint document_counters_pkey do update set last = excluded.last, last_day = excluded.last_day;
             insert into documents (tenant_id, id, kind, gst_type, registration_id, series_id, year, sequence, number, url_no, document_date, due_on, customer_id, supplier_gstin,
                                    supplier_type, buyer_kind, supply_type, place_of_supply, is_inter_state, half, parties, taxable, cgst, sgst, total, item_count, main_hsn, issued_at)
               values ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-000000000c", $id, "', 'invoice', 'INV', '00000000-0000-7000-8000-0000000000a1',
                       '00000000-0000-7000-8000-000000000c01', '2026-27', ", $sequence, ", 'INV/26-27/0000", $sequence, "', 'INV-26-27-0000", $sequence, "', '", $date, "', '", $date, "',
                       '00000000-0000-7000-8000-0000000000d1', '33AAACA1234A1ZK', 'regular', 'unregistered', 'B2C', '33', false, 'SGST', '{}', 400, 10, 10, 420, 1, '100630', now());
             insert into document_lines (tenant_id, id, document_id, kind, customer_id, position, name, hsn, unit, quantity, price, net_price, gross, treatment, tax_rate, taxable, cgst, sgst, total, created_at)
               values ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-000000000d", $id, "', '00000000-0000-7000-8000-000000000c", $id, "', 'invoice',
                       '00000000-0000-7000-8000-0000000000d1', 1, 'Rice', '100630', 'KGS', 10, 40, 40, 400, 'taxable', 5, 400, 10, 10, 420, now());
             insert into einvoices (tenant_id, id, customer_id, registration_id, document_date, status, why)
               values ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-000000000c", $id, "', '00000000-0000-7000-8000-0000000000d1',
                       '00000000-0000-7000-8000-0000000000a1', '", $date, "', 'not_required', 'The buyer has no GSTIN.');",
            $more
        )
    };
}

/// For each check the one row that breaks it, in the world of `support::populate`.
const BREAKERS: &[(&str, &str)] = &[
    (
        "walls.every_table_has_one",
        "alter table customers disable row level security",
    ),
    (
        "audit.is_append_only",
        "alter table employees disable trigger audit",
    ),
    (
        "audit.sees_what_is_new",
        "alter table products disable trigger audit_new",
    ),
    ("audit.is_complete", "update customers set city = 'Unseen'"),
    (
        "memberships.follow_people",
        "update memberships set role = 'viewer' where tenant_id is not null",
    ),
    (
        "companies.one_pan",
        "update companies set pan = 'ZZZZZ9999Z'",
    ),
    (
        "companies.one_primary_registration",
        "update gst_registrations set ended_on = '2026-03-31'",
    ),
    (
        "companies.have_an_owner",
        "update employees set role = 'manager'; update memberships set role = 'manager' where tenant_id is not null",
    ),
    (
        "companies.logo_is_kept",
        "insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs, expires_at)
           select id, '00000000-0000-7000-8000-0000000000f9', 'logo.png', 'image/png', 1, sha256('x'), 'logo', 'files.read', now() from companies;
         update companies set logo_file_id = '00000000-0000-7000-8000-0000000000f9'",
    ),
    (
        "tax.one_rate_a_day",
        "insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, valid_from, reason)
           select id, gen_random_uuid(), '0405', 5, '2026-01-01'::date + n, 'Ruling' from companies, generate_series(0, 1) n",
    ),
    (
        "tax.one_rate_at_source_a_day",
        "insert into own_withholding_rules (tenant_id, id, tax, section, rate, valid_from, reason)
           select id, gen_random_uuid(), 'income_tax', '194Q', 0.05, '2026-01-01'::date + n, 'Certificate' from companies, generate_series(0, 1) n",
    ),
    (
        "products.category_paths",
        "insert into categories (tenant_id, id, name, slug, path) select id, gen_random_uuid(), 'Oils', 'oils', 'Fats > Oils' from companies",
    ),
    (
        "products.pictures_are_kept",
        "insert into products (tenant_id, id, sku, name, hsn) select id, '00000000-0000-7000-8000-0000000000aa', 'EGG', 'Egg', '0407' from companies;
         insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs, expires_at)
           select id, '00000000-0000-7000-8000-0000000000ab', 'picture.png', 'image/png', 1, sha256('x'), 'picture', 'files.read', now() from companies;
         insert into product_pictures (tenant_id, id, product_id, small_file_id, large_file_id)
           select id, gen_random_uuid(), '00000000-0000-7000-8000-0000000000aa', '00000000-0000-7000-8000-0000000000ab', '00000000-0000-7000-8000-0000000000ab' from companies",
    ),
    (
        "pricing.everybody_has_one_list",
        "update price_lists set valid_to = '2030-01-01' where is_default",
    ),
    (
        "invitations.accepted_by_an_employee",
        "update invitations set status = 'accepted', accepted_at = now(), accepted_by = '00000000-0000-7000-8000-000000000002'",
    ),
    (
        "customers.invitation_connected",
        "update retailer_invitations set status = 'accepted', accepted_at = now(), accepted_by = '00000000-0000-7000-8000-000000000001'",
    ),
    (
        "customers.have_places_for_both",
        "update customer_addresses set is_billing = false",
    ),
    (
        "stock.ledger_equals_levels",
        "update stock_levels set on_hand = 11",
    ),
    (
        "stock.reserved_is_on_hand",
        "alter table stock_levels drop constraint stock_levels_no_oversell; update stock_levels set reserved = 11",
    ),
    (
        "stock.reservations_equal_levels",
        "update stock_levels set reserved = 4",
    ),
    (
        "tax.one_rate_a_day",
        "insert into tax_rates (hsn_prefix, condition, rate, valid_from, notification)
           select hsn_prefix, condition, rate, valid_from + 1, notification from tax_rates where valid_to is null limit 1",
    ),
    (
        "imports.every_row_counted",
        "insert into files (tenant_id, id, name, media_type, bytes, sha256, purpose, needs)
           select id, '00000000-0000-7000-8000-0000000000f8', 'goods.csv', 'text/csv', 1, sha256('x'), 'import', 'products.edit' from companies;
         insert into imports (tenant_id, id, kind, file_id, file_name, status, settings, rows_total, rows_done, created, refused, finished_at)
           select id, '00000000-0000-7000-8000-0000000000f7', 'products', '00000000-0000-7000-8000-0000000000f8', 'goods.csv', 'done', '{}', 2, 2, 1, 1, now() from companies",
    ),
    (
        "shipments.lines_have_moves",
        "insert into shipments (tenant_id, id, number, order_id, customer_id, warehouse_id)
           select id, '00000000-0000-7000-8000-0000000005a1', 'SH-26-00001', gen_random_uuid(), gen_random_uuid(), gen_random_uuid() from companies;
         insert into shipment_lines (tenant_id, id, shipment_id, order_line_id, customer_id, product_id, position, quantity)
           select id, '00000000-0000-7000-8000-0000000005b1', '00000000-0000-7000-8000-0000000005a1', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 1 from companies;
         insert into stock_moves (tenant_id, id, product_id, warehouse_id, kind, quantity, shipment_line_id, at)
           select id, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'shipment', -1, '00000000-0000-7000-8000-0000000005b1', now() from companies",
    ),
    (
        "shipments.equal_order_lines",
        "insert into order_lines (tenant_id, id, order_id, customer_id, position, product_id, sku, name, unit, hsn, quantity, open_qty, shipped_qty, price, tax_rate, taxable, total)
           select id, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid(), 'SOAP', 'Soap', 'PCS', '3401', 1, 0, 1, 10, 0, 10, 10 from companies",
    ),
    (
        "documents.add_up",
        bill!("11", "1", "2026-10-01", "update document_lines set gross = 401, taxable = 401, total = 421"),
    ),
    (
        "documents.tax_by_the_rules",
        bill!("11", "1", "2026-10-01", "update document_lines set cgst = 11, sgst = 11, total = 422"),
    ),
    // IGST instead of CGST and SGST, throughout: each sum is right.
    (
        "documents.heads_by_the_place",
        bill!("11", "1", "2026-10-01", "update documents set cgst = 0, sgst = 0, igst = 20, is_inter_state = true, half = null; update document_lines set cgst = 0, sgst = 0, igst = 20"),
    ),
    (
        "documents.value_by_the_price",
        bill!("11", "1", "2026-10-01", "update document_lines set quantity = 11"),
    ),
    // A note of 100.00 that gives 6 % of tax back, where 5 % were billed.
    (
        "documents.notes_by_the_rules",
        bill!(
            "11",
            "1",
            "2026-10-01",
            "insert into documents (tenant_id, id, kind, gst_type, registration_id, series_id, year, sequence, number, url_no, document_date, customer_id, original_id, reason, supplier_gstin,
                                    supplier_type, buyer_kind, supply_type, place_of_supply, is_inter_state, half, parties, taxable, cgst, sgst, total, item_count, main_hsn, issued_at)
               select tenant_id, gen_random_uuid(), 'credit_note', 'CRN', registration_id, gen_random_uuid(), year, 1, 'CN/26-27/00001', 'CN-26-27-00001', document_date, customer_id, id, 'price',
                      supplier_gstin, supplier_type, buyer_kind, supply_type, place_of_supply, false, half, '{}', 100, 3, 3, 106, 1, main_hsn, now() from documents;
             insert into document_lines (tenant_id, id, document_id, kind, customer_id, position, original_line_id, name, hsn, unit, quantity, price, net_price, gross, treatment, tax_rate, taxable, cgst, sgst, total, created_at)
               select l.tenant_id, gen_random_uuid(), d.id, 'credit_note', l.customer_id, 1, l.id, l.name, l.hsn, l.unit, 1, 0, 100, 100, l.treatment, 5, 100, 3, 3, 106, now()
                 from document_lines l, documents d where d.kind = 'credit_note'"
        ),
    ),
    (
        "documents.numbers_without_gap",
        bill!("11", "1", "2026-10-01", "update document_counters set last = 2"),
    ),
    (
        "documents.dates_in_order",
        concat!(bill!("11", "1", "2026-10-02", ""), bill!("12", "2", "2026-10-01", "")),
    ),
    (
        "documents.invoiced_were_sent",
        "insert into shipments (tenant_id, id, number, order_id, customer_id, warehouse_id)
           select id, '00000000-0000-7000-8000-0000000005a1', 'SH-26-00001', gen_random_uuid(), gen_random_uuid(), gen_random_uuid() from companies;
         insert into shipment_lines (tenant_id, id, shipment_id, order_line_id, customer_id, product_id, position, quantity, packed_qty, invoiced_qty)
           select id, '00000000-0000-7000-8000-0000000005b1', '00000000-0000-7000-8000-0000000005a1', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 1, 1, 1 from companies",
    ),
    (
        "documents.notes_within",
        bill!(
            "11",
            "1",
            "2026-10-01",
            "insert into documents (tenant_id, id, kind, gst_type, registration_id, series_id, year, sequence, number, url_no, document_date, customer_id, original_id, reason, supplier_gstin,
                                    supplier_type, buyer_kind, supply_type, place_of_supply, is_inter_state, half, parties, taxable, cgst, sgst, total, item_count, main_hsn, issued_at)
               select tenant_id, gen_random_uuid(), 'credit_note', 'CRN', registration_id, gen_random_uuid(), year, 1, 'CN/26-27/00001', 'CN-26-27-00001', document_date, customer_id, id, 'price',
                      supplier_gstin, supplier_type, buyer_kind, supply_type, place_of_supply, false, half, '{}', 500, 12.5, 12.5, 525, 1, main_hsn, now() from documents;
             insert into document_lines (tenant_id, id, document_id, kind, customer_id, position, original_line_id, name, hsn, unit, quantity, price, net_price, gross, treatment, tax_rate, taxable, cgst, sgst, total, created_at)
               select l.tenant_id, gen_random_uuid(), d.id, 'credit_note', l.customer_id, 1, l.id, l.name, l.hsn, l.unit, 1, 500, 500, 500, l.treatment, 5, 500, 12.5, 12.5, 525, now()
                 from document_lines l, documents d where d.kind = 'credit_note'"
        ),
    ),
    (
        "shipments.have_papers",
        "insert into shipments (tenant_id, id, number, order_id, customer_id, warehouse_id, invoice_id)
           select id, gen_random_uuid(), 'SH-26-00001', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid() from companies",
    ),
    (
        "orders.billed",
        "update order_lines set picking_qty = 1, billed_qty = 1",
    ),
    (
        "einvoices.every_liable_has_state",
        bill!("11", "1", "2026-10-01", "delete from einvoices"),
    ),
    (
        "einvoices.signatures_hold",
        "insert into documents (tenant_id, id, kind, gst_type, registration_id, series_id, year, sequence, number, url_no, document_date, customer_id, supplier_gstin, supplier_type, buyer_kind, buyer_gstin, supply_type, place_of_supply, is_inter_state, half, parties, taxable, total, item_count, main_hsn, issued_at)
           select id, '00000000-0000-7000-8000-0000000006a1', 'invoice', 'INV', gen_random_uuid(), gen_random_uuid(), '2026-27', 1, 'A/1', 'A-1', '2026-11-01', gen_random_uuid(), '33AAACA1234A1ZK', 'regular', 'registered', '33AAACB1234A1ZI', 'B2B', '33', false, 'SGST', '{}', 10, 10, 1, '1006', now() from companies;
         insert into einvoices (tenant_id, id, customer_id, registration_id, document_date, status, environment, ack_no, ack_at, signed_invoice, signed_qr, kid, is_verified)
           select id, '00000000-0000-7000-8000-0000000006a1', gen_random_uuid(), gen_random_uuid(), '2026-11-01', 'registered', 'sandbox', '1', now(), 'a.b.c', 'a.b.c', 'nobody', true from companies",
    ),
    (
        "einvoices.one_success",
        "insert into einvoice_attempts (tenant_id, id, document_id, operation, environment, started_at, finished_at, outcome)
           select id, gen_random_uuid(), '00000000-0000-7000-8000-0000000006a1', 'generate', 'sandbox', now(), now(), 'done' from companies, generate_series(1, 2)",
    ),
    (
        "einvoices.looked_up_before_sending_again",
        "insert into einvoice_attempts (tenant_id, id, document_id, operation, environment, started_at, finished_at, outcome)
           select id, gen_random_uuid(), '00000000-0000-7000-8000-0000000006a1', 'generate', 'sandbox', now(), now(), 'lost' from companies, generate_series(1, 2)",
    ),
    (
        "einvoices.looked_up_before_cancelling_again",
        "insert into einvoice_attempts (tenant_id, id, document_id, operation, environment, started_at, finished_at, outcome)
           select id, gen_random_uuid(), '00000000-0000-7000-8000-0000000006a1', 'cancel', 'sandbox', now(), now(), 'lost' from companies, generate_series(1, 2)",
    ),
    (
        "einvoices.books_follow",
        bill!("11", "1", "2026-10-01", "update einvoices set status = 'registered', why = 'Made up', environment = 'sandbox', ack_no = '1', ack_at = now(); update documents set status = 'cancelled', cancelled_at = now(), cancelled_by_name = 'Asha Owner', cancel_code = 1, cancel_reason = 'Twice'"),
    ),
    (
        "eway_bills.of_registered",
        bill!("11", "1", "2026-10-01", "insert into eway_bills (tenant_id, id, document_id, customer_id, status, number, made_at)
           select tenant_id, '00000000-0000-7000-8000-0000000006b1', id, customer_id, 'active', '391000000001', now() from documents"),
    ),
    (
        "eway_bills.looked_up_before_asking_again",
        "insert into einvoice_attempts (tenant_id, id, document_id, operation, environment, started_at, finished_at, outcome)
           select id, gen_random_uuid(), '00000000-0000-7000-8000-0000000006a1', 'cancel_eway_bill', 'sandbox', now(), now(), 'lost' from companies, generate_series(1, 2)",
    ),
    (
        "eway_vehicles.looked_up_before_asking_again",
        "insert into einvoice_attempts (tenant_id, id, document_id, eway_bill_id, eway_vehicle_id, operation, environment, started_at, finished_at, outcome)
           select id, gen_random_uuid(), '00000000-0000-7000-8000-0000000006a1', '00000000-0000-7000-8000-0000000006b1', '00000000-0000-7000-8000-0000000006c1', 'change_vehicle', 'sandbox', now(), now(), 'lost' from companies, generate_series(1, 2)",
    ),
    (
        "eway_vehicles.bills_name_the_last",
        bill!("11", "1", "2026-10-01", "insert into eway_bills (tenant_id, id, document_id, customer_id, status, vehicle_no, number, made_at, valid_until)
           select tenant_id, '00000000-0000-7000-8000-0000000006b1', id, customer_id, 'active', 'TN09AB1234', '391000000001', now(), now() from documents;
         insert into eway_vehicles (tenant_id, id, eway_bill_id, from_vehicle_no, vehicle_no, place, state_code, reason_code, remark, asked_by_name, asked_at, done_at)
           select tenant_id, '00000000-0000-7000-8000-0000000006c1', '00000000-0000-7000-8000-0000000006b1', 'TN09AB1234', 'TN09XY4321', 'Vellore', '33', 1, 'Broken axle', 'Asha Owner', now(), now() from documents"),
    ),
    (
        "sessions.end",
        "insert into sessions (key_hash, id, state, expires_at) values (sha256('x'), gen_random_uuid(), '{}', now() - interval '2 days')",
    ),
    (
        "orders.lines_add_up",
        "alter table order_lines drop constraint order_lines_add_up; update order_lines set shipped_qty = 1",
    ),
    (
        "orders.reservations_equal_open",
        "update reservations set quantity = 2",
    ),
    (
        "orders.sums_equal_lines",
        "update orders set taxable = 301, total = 316",
    ),
    ("orders.days_equal_orders", "update order_days set orders = 2"),
    (
        "orders.numbers_have_no_gap",
        "update number_series set last = last + 1",
    ),
    (
        "orders.ended_have_nothing_open",
        "update orders set status = 'closed', confirmed_at = now(), ended_at = now(), open_amount = 0",
    ),
    (
        "ledger.account_equals_orders",
        "update customer_accounts set open_orders = 2",
    ),
    (
        "ledger.entries_have_sources",
        "insert into payments (tenant_id, id, customer_id, direction, method, status, number, amount, paid_on, received_at)
           select tenant_id, '00000000-0000-7000-8000-0000000000c1', id, 'in', 'cash', 'received', 'RC-26-00001', 100, '2026-11-20', now() from customers",
    ),
    (
        "payments.once",
        "insert into gateway_accounts (tenant_id, id, gateway, key_id, key_secret_sealed, hook_secret_sealed)
           select tenant_id, '00000000-0000-7000-8000-0000000000c5', 'sandbox', 'key', '\\x00', '\\x00' from customers;
         insert into payments (tenant_id, id, customer_id, direction, method, status, amount, gateway_account_id, gateway_order)
           select tenant_id, '00000000-0000-7000-8000-0000000000c6', id, 'in', 'gateway', 'pending', 100, '00000000-0000-7000-8000-0000000000c5', 'order_1' from customers;
         insert into gateway_events (tenant_id, id, account_id, event_id, kind, body, signature, payment_id, received_at, applied_at, outcome)
           select tenant_id, '00000000-0000-7000-8000-0000000000c7', '00000000-0000-7000-8000-0000000000c5', 'evt_1', 'payment.captured', '\\x00', '', '00000000-0000-7000-8000-0000000000c6', now(), now(), 'applied' from customers",
    ),
    (
        "payments.deductions",
        "insert into gateway_accounts (tenant_id, id, gateway, key_id, key_secret_sealed, hook_secret_sealed)
           select tenant_id, '00000000-0000-7000-8000-0000000000c5', 'sandbox', 'key', '\\x00', '\\x00' from customers;
         insert into payments (tenant_id, id, customer_id, direction, method, status, amount, gateway_account_id, gateway_order)
           select tenant_id, '00000000-0000-7000-8000-0000000000c6', id, 'in', 'gateway', 'pending', 100, '00000000-0000-7000-8000-0000000000c5', 'order_1' from customers;
         insert into tax_deductions (tenant_id, id, customer_id, tax, section, rate, taxable, amount, deducted_on)
           select tenant_id, '00000000-0000-7000-8000-0000000000c6', id, 'gst', '51', 2, 5000, 100, '2026-11-20' from customers",
    ),
    (
        "ledger.unbilled_equals_shipments",
        "update customer_accounts set unbilled = 100",
    ),
    (
        "ledger.balance_equals_entries",
        "update customer_accounts set balance = 100",
    ),
    (
        "ledger.open_items",
        "insert into ledger_entries (tenant_id, id, customer_id, kind, entry_date, due_on, amount, reason, at)
           select tenant_id, '00000000-0000-7000-8000-0000000000c2', id, 'opening', '2026-11-20', '2026-11-20', 100, 'Old book', now() from customers;
         insert into ledger_months (tenant_id, customer_id, month, debits, entries) select tenant_id, id, '2026-11-01', 100, 1 from customers;
         update customer_accounts set balance = 100;
         insert into open_items (tenant_id, id, customer_id, side, entry_date, due_on, amount, settled)
           select tenant_id, '00000000-0000-7000-8000-0000000000c2', id, 'debit', '2026-11-20', '2026-11-20', 100, 40 from customers",
    ),
    (
        "ledger.instalments",
        "insert into instalment_plans (tenant_id, id, customer_id, document_id, amount, given_up, created_at)
           select tenant_id, '00000000-0000-7000-8000-0000000000cd', id, '00000000-0000-7000-8000-0000000000ce', 100, 0, now() from customers;
         insert into instalments (tenant_id, customer_id, plan_id, position, due_on, amount)
           select tenant_id, id, '00000000-0000-7000-8000-0000000000cd', 1, '2026-12-12', 99 from customers",
    ),
    (
        "ledger.days_of_open_items",
        "insert into open_items (tenant_id, id, customer_id, side, entry_date, due_on, amount, settled, first_on, last_on)
           select tenant_id, '00000000-0000-7000-8000-0000000000c8', id, 'debit', '2026-11-20', '2026-11-20', 100, 40, '2026-11-20', '2026-11-21' from customers",
    ),
    (
        "ledger.allocations_fit",
        "insert into open_items (tenant_id, id, customer_id, side, entry_date, due_on, amount)
           select tenant_id, i.id::uuid, c.id, i.side, '2026-11-20', '2026-11-20', 100 from customers c,
             (values ('00000000-0000-7000-8000-0000000000c3', 'credit'), ('00000000-0000-7000-8000-0000000000c4', 'debit')) i (id, side);
         insert into allocations (tenant_id, id, customer_id, credit_id, debit_id, amount, entry_date, cause, at)
           select tenant_id, gen_random_uuid(), id, '00000000-0000-7000-8000-0000000000c3', '00000000-0000-7000-8000-0000000000c4', 10, '2026-11-19', 'by_hand', now() from customers",
    ),
];

fn base() -> &'static Urls {
    static BASE: std::sync::OnceLock<Urls> = std::sync::OnceLock::new();
    BASE.get_or_init(|| {
        let urls = postgres::server().database("verify_base");
        migrate::migrate(&urls.owner, &urls.app).unwrap();
        populate(&urls);
        urls
    })
}

#[test]
fn sound_books_pass_every_check() {
    for finding in verify::run(&base().owner, &checks::all()).unwrap() {
        assert_eq!(finding.faults, [], "{}", finding.check.name);
    }
}

#[test]
fn a_database_that_lacks_migrations_is_to_be_migrated_first() {
    // given: one with nothing in it, and one that is a migration behind
    let empty = postgres::server().database("verify_empty");
    base();
    let behind = postgres::server().copy("verify_base", "verify_behind");
    connect(&behind.superuser)
        .batch_execute("delete from __diesel_schema_migrations where version = (select max(version) from __diesel_schema_migrations)")
        .unwrap();
    let asked = |urls: &Urls| {
        verify::run(&urls.owner, &checks::all())
            .map(|_| ())
            .map_err(|error| error.to_string())
    };

    // when, then
    let all = migrate::known();
    assert_eq!(
        asked(&empty),
        Err(format!(
            "Migrations are missing in this database: {all} of them. Run mandi migrate first."
        ))
    );
    assert_eq!(
        asked(&behind),
        Err(
            "Migrations are missing in this database: 1 of them. Run mandi migrate first."
                .to_owned()
        )
    );

    // and: nothing was written into the empty one
    migrate::migrate(&empty.owner, &empty.app).unwrap();
    assert_eq!(asked(&empty), Ok(()));
}

#[test]
fn each_check_sees_its_own_fault() {
    let all = checks::all();
    for check in &all {
        // A check that no test can break proves nothing.
        let Some((_, sql)) = BREAKERS.iter().find(|(name, _)| *name == check.name) else {
            panic!("the check {} has no line in BREAKERS", check.name)
        };
        // given
        base();
        let urls = postgres::server().copy(
            "verify_base",
            &format!("broken_{}", check.name.replace('.', "_")),
        );
        connect(&urls.superuser)
            .batch_execute(&format!("set session_replication_role = replica; {sql}"))
            .unwrap_or_else(|error| panic!("{}: {error}", check.name));

        // when
        let findings = verify::run(&urls.owner, &all).unwrap();

        // then
        let failed: Vec<&str> = findings
            .iter()
            .filter(|finding| !finding.faults.is_empty())
            .map(|finding| finding.check.name)
            .collect();
        assert!(
            failed.contains(&check.name),
            "{} did not see: {sql}",
            check.name
        );
        // and: what is the company's own is found among its own as well
        let of_company = verify::run_of(&urls.owner, &[*check], "annapurna").unwrap();
        let wrong = |findings: &[Finding]| -> BTreeSet<String> {
            findings
                .iter()
                .filter(|finding| finding.check.name == check.name)
                .flat_map(|finding| &finding.faults)
                .filter(|fault| fault.tenant.is_some())
                .map(|fault| fault.what.clone())
                .collect()
        };
        assert_eq!(
            wrong(&of_company.unwrap()),
            wrong(&findings),
            "{}",
            check.name
        );
    }
    for (name, _) in BREAKERS {
        assert!(
            all.iter().any(|check| check.name == *name),
            "no check is called {name}"
        );
    }
}

/// A document of 10.00 at the authority, with the signed texts that are given and the key they say, as verified.
fn registered(code: &str, invoice: &str, modulus: &[u8]) -> String {
    format!(
        "set session_replication_role = replica;
         insert into documents (tenant_id, id, kind, gst_type, registration_id, series_id, year, sequence, number, url_no, document_date, customer_id, supplier_gstin, supplier_type, buyer_kind, buyer_gstin, supply_type, place_of_supply, is_inter_state, half, parties, taxable, total, item_count, main_hsn, issued_at)
           select id, '00000000-0000-7000-8000-0000000006a1', 'invoice', 'INV', gen_random_uuid(), gen_random_uuid(), '2026-27', 1, 'A/1', 'A-1', '2026-11-01', gen_random_uuid(), '33AAACA1234A1ZK', 'regular', 'registered', '33AAACB1234A1ZI', 'B2B', '33', false, 'SGST', '{{}}', 10, 10, 1, '1006', now() from companies;
         insert into authority_keys (environment, kid, purpose, modulus, exponent) values ('sandbox', 'PINNED', 'signing', decode('{}', 'hex'), 65537);
         insert into einvoices (tenant_id, id, customer_id, registration_id, document_date, status, environment, ack_no, ack_at, signed_invoice, signed_qr, kid, is_verified)
           select id, '00000000-0000-7000-8000-0000000006a1', gen_random_uuid(), gen_random_uuid(), '2026-11-01', 'registered', 'sandbox', '1', now(), '{invoice}', '{code}', 'PINNED', true from companies",
        hex(modulus)
    )
}

#[test]
fn a_signature_that_does_not_hold_and_a_code_of_another_document_are_seen() {
    // given: what the authority would have signed of a document, under its key
    base();
    let key = rsa_key();
    let irn = hex(&Sha256::digest(b"33AAACA1234A1ZK2026-27INVA/1"));
    let code = json!({
        "SellerGstin": "33AAACA1234A1ZK", "BuyerGstin": "33AAACB1234A1ZI", "DocNo": "A/1", "DocTyp": "INV", "DocDt": "01/11/2026",
        "TotInvVal": 10, "ItemCnt": 1, "MainHsnCode": "1006", "Irn": irn, "IrnDt": "2026-11-01 12:00:00",
    });
    let sign = |data: &Value| signed(&key, &json!({"alg": "RS256", "kid": "PINNED"}), data);
    let (sound, invoice) = (sign(&code), sign(&json!({"Irn": irn})));
    let (words, signature) = sound.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let flipped = format!("{words}.{first}{}", &signature[1..]);
    let mut foreign = code.clone();
    foreign["TotInvVal"] = json!(11);
    let foreign = sign(&foreign);
    let check: Vec<_> = checks::all()
        .into_iter()
        .filter(|check| check.name == "einvoices.signatures_hold")
        .collect();

    // when, then: the sound one, and each of the others
    for (name, code, wrong) in [
        ("sound", &sound, None),
        ("flipped", &flipped, Some("the signature does not hold")),
        (
            "foreign",
            &foreign,
            Some("the code says something else than the document"),
        ),
    ] {
        let urls = postgres::server().copy("verify_base", &format!("verify_signed_{name}"));
        connect(&urls.superuser)
            .batch_execute(&registered(code, &invoice, &modulus(&key)))
            .unwrap();
        let found = verify::run(&urls.owner, &check).unwrap();
        let said: Vec<&str> = found[0].faults.iter().map(|fault| &*fault.what).collect();
        let wanted: Vec<String> = wrong
            .iter()
            .map(|wrong| format!("e-invoice of A/1: {wrong}"))
            .collect();
        assert_eq!(said, wanted, "{name}");
    }
}

#[test]
fn one_company_s_books_are_proved_among_many_that_are_wrong() {
    // given: forty faults of another company, one of Annapurna's
    base();
    let urls = postgres::server().copy("verify_base", "verify_of_one");
    connect(&urls.superuser)
        .batch_execute(
            "set session_replication_role = replica;
             insert into companies (id, slug, name, legal_name, pan) values
               ('00000000-0000-7000-8000-00000000000b', 'besides', 'Besides', 'Besides Private Limited', 'AAACB1234B'),
               ('00000000-0000-7000-8000-00000000000d', 'sound', 'Sound', 'Sound Private Limited', 'AAACD1234D');
             insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand)
               select '00000000-0000-7000-8000-00000000000b', gen_random_uuid(), gen_random_uuid(), 1 from generate_series(1, 40);
             update stock_levels set on_hand = 11 where product_id = '00000000-0000-7000-8000-000000000a01'",
        )
        .unwrap();
    let levels: Vec<_> = checks::all()
        .into_iter()
        .filter(|check| check.name == "stock.ledger_equals_levels")
        .collect();
    let found = |slug: &str| {
        let findings = verify::run_of(&urls.owner, &levels, slug).unwrap();
        findings.map(|findings| findings[0].faults.len())
    };

    // when, then: asked about all of them, twenty are told
    let all = verify::run(&urls.owner, &levels).unwrap();
    assert_eq!(all[0].faults.len(), 20);
    assert_eq!(found("annapurna"), Some(1));
    assert_eq!(found("besides"), Some(20));
    assert_eq!(found("sound"), Some(0));
    assert_eq!(found("nobody"), None);
}

#[test]
fn an_audit_entry_speaks_for_its_own_company_alone() {
    // given: two companies with one and the same customer, id and all, each in an audit of its own under another name
    base();
    let urls = postgres::server().copy("verify_base", "verify_two_of_one_id");
    let mut superuser = connect(&urls.superuser);
    superuser
        .batch_execute(
            r#"set session_replication_role = replica;
               insert into companies (id, slug, name, legal_name, pan)
                 values ('00000000-0000-7000-8000-00000000000b', 'besides', 'Besides', 'Besides Private Limited', 'AAACB1234B');
               create temp table other as select '{"tenant_id": "00000000-0000-7000-8000-00000000000b", "name": "Another shop"}'::jsonb as one;
               insert into customers select r.* from customers c, other, jsonb_populate_record(c, one) r;
               insert into audit_entries (tenant_id, table_name, row_id, action, after)
                 select c.tenant_id, 'customers', c.id, 'insert', to_jsonb(c) from customers c, other where c.tenant_id::text = one ->> 'tenant_id'"#,
        )
        .unwrap();
    let audit: Vec<_> = checks::all()
        .into_iter()
        .filter(|check| check.name == "audit.is_complete")
        .collect();
    let differ = |slug: &str| -> Vec<String> {
        let findings = verify::run_of(&urls.owner, &audit, slug).unwrap().unwrap();
        let told = findings[0].faults.iter().map(|fault| fault.what.clone());
        told.filter(|what| what.starts_with("customers ")).collect()
    };

    // when, then: neither is held against the other
    assert_eq!(differ("annapurna"), Vec::<String>::new());
    assert_eq!(differ("besides"), Vec::<String>::new());

    // and: what nobody was told of is found where it is
    superuser
        .batch_execute("update customers set city = 'Unseen' where name = 'Another shop'")
        .unwrap();
    assert_eq!(differ("annapurna"), Vec::<String>::new());
    assert_eq!(differ("besides").len(), 1);
}

#[test]
fn the_audit_check_knows_every_audited_table() {
    let sql = "select coalesce(string_agg(c.relname::text, ' ' order by c.relname), '') as what, null::uuid as tenant from pg_trigger t join pg_class c on c.oid = t.tgrelid where t.tgname = 'audit'";
    let tables = diesel::RunQueryDsl::get_result::<verify::Fault>(
        diesel::sql_query(sql),
        &mut connect(&base().owner),
    )
    .unwrap()
    .what;
    let all = checks::all();
    let check = all
        .iter()
        .find(|check| check.name == "audit.is_complete")
        .unwrap();
    for table in tables.split(' ') {
        assert!(
            check.sql.contains(&format!("from {table} t")),
            "audit.is_complete does not look at {table}"
        );
        assert!(
            mandi::companies::AUDITED_TABLES.contains(&table),
            "the audit log has no word for {table}"
        );
    }
}

#[test]
fn the_data_dictionary_is_true() {
    let page = mandi::platform::db::dictionary::write(&base().owner).unwrap();
    let kept = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/data-dictionary.md"
    ))
    .unwrap();
    assert!(
        kept == page,
        "docs/data-dictionary.md is old: run `mandi schema`"
    );
}

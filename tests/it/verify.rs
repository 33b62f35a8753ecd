//! `mandi verify`: every check sees its own fault, by name, and nothing else does.

use crate::support::postgres::{self, Urls};
use crate::support::{connect, populate};
use diesel::connection::SimpleConnection;
use mandi::app::checks;
use mandi::platform::db::migrate;
use mandi::platform::verify;

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
        "einvoices.every_liable_has_state",
        "insert into documents (tenant_id, id, kind, gst_type, registration_id, series_id, year, sequence, number, url_no, document_date, customer_id, supplier_gstin, supplier_type, buyer_kind, buyer_gstin, supply_type, place_of_supply, is_inter_state, half, parties, taxable, total, item_count, main_hsn, issued_at)
           select id, '00000000-0000-7000-8000-0000000006a1', 'invoice', 'INV', gen_random_uuid(), gen_random_uuid(), '2026-27', 1, 'A/1', 'A-1', '2026-11-01', gen_random_uuid(), '33AAACA1234A1ZK', 'regular', 'registered', '33AAACB1234A1ZI', 'B2B', '33', false, 'SGST', '{}', 10, 10, 1, '1006', now() from companies",
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
    }
    for (name, _) in BREAKERS {
        assert!(
            all.iter().any(|check| check.name == *name),
            "no check is called {name}"
        );
    }
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

//! Sums under long lists: all of it, or nothing is said; and every number of the dashboard is found behind it.

use super::{CUT, customers, orders_of, walk};
use crate::support::books::today;
use crate::support::trade::{a_note, an_invoice, confirmed, goods, shop_of};
use crate::support::{Page, Shop, Tenant, app, ask, run, tenant};
use chrono::{Days, NaiveDate};

/// How many rows a list says that it has, and what it says of them.
fn pager(tenant: &Tenant, path: &str) -> String {
    let page = tenant.owner.open(&tenant.path(path));
    page.texts(".pager [role=status]").concat()
}

/// More bills of a shop like its first, which is of ₹504.00: so many of yesterday, numbered from B000001 on.
fn many_bills(tenant: &Tenant, bill: &str, count: u32) {
    run(
        app(),
        &format!(
            "insert into document_lines (tenant_id, id, document_id, kind, customer_id, position, name, hsn, unit, quantity, price, net_price, gross, treatment, tax_rate, taxable, cgst, sgst, total, created_at)
               select l.tenant_id, gen_random_uuid(), md5('{0}' || n)::uuid, l.kind, l.customer_id, 1, l.name, l.hsn, l.unit, l.quantity, l.price, l.net_price, l.gross, l.treatment, l.tax_rate, l.taxable, l.cgst, l.sgst, l.total, l.created_at
                 from document_lines l cross join generate_series(1, {count}) n where l.tenant_id = '{0}' and l.document_id = '{bill}';
             insert into documents (tenant_id, id, kind, gst_type, registration_id, series_id, year, sequence, number, url_no, document_date, due_on, customer_id, supplier_gstin, supplier_type,
                                    buyer_kind, buyer_gstin, supply_type, place_of_supply, is_inter_state, half, parties, taxable, cgst, sgst, total, item_count, main_hsn, issued_at)
               select d.tenant_id, md5('{0}' || n)::uuid, d.kind, d.gst_type, d.registration_id, d.series_id, financial_year(d.document_date - 1), d.sequence + n, 'B' || lpad(n::text, 6, '0'), 'B' || lpad(n::text, 6, '0'),
                      d.document_date - 1, d.due_on, d.customer_id, d.supplier_gstin, d.supplier_type, d.buyer_kind, d.buyer_gstin, d.supply_type, d.place_of_supply, d.is_inter_state, d.half, d.parties,
                      d.taxable, d.cgst, d.sgst, d.total, 1, d.main_hsn, d.issued_at
                 from documents d cross join generate_series(1, {count}) n where d.tenant_id = '{0}' and d.id = '{bill}'",
            tenant.id
        ),
    );
}

/// A shop with one bill, and the first word of its name.
fn billed_shop(tenant: &Tenant) -> (Shop, String, String) {
    let shop = shop_of(tenant);
    let bill = an_invoice(tenant, &shop);
    run(
        app(),
        &format!(
            "update customers set name = 'Kohinoor Stores' where tenant_id = '{}' and id = '{}'",
            tenant.id, shop.customer
        ),
    );
    (shop, bill.id.to_string(), bill.number)
}

#[test]
fn ten_thousand_bills_are_not_added_up_in_part() {
    // given
    let tenant = tenant();
    let (_, bill, _) = billed_shop(&tenant);
    many_bills(&tenant, &bill, 10_000);
    let day = today(&tenant);
    let (yesterday, before) = (day - Days::new(1), day - Days::new(2));

    // when, then
    assert_eq!(pager(&tenant, "/invoices"), "10,000+ in all");
    assert_eq!(
        pager(&tenant, &format!("/invoices?to={yesterday}")),
        "10,000 in all · ₹50,40,000.00 together without cancelled"
    );
    assert_eq!(
        pager(&tenant, &format!("/invoices?from={day}")),
        "1 in all · ₹504.00 together without cancelled"
    );
    assert_eq!(pager(&tenant, &format!("/invoices?to={before}")), "");
    assert_eq!(pager(&tenant, "/invoices?q=kohinoor"), CUT);
    assert_eq!(pager(&tenant, "/credit-notes"), "");
    // and what was sold is added up, however much it is
    let sales = tenant.owner.open(&tenant.path("/reports/sales"));
    sales
        .shows(".pager", "10,000+ in all")
        .shows("#foot", "10,001 documents come to ₹50,40,504.00.");
    let found = tenant.owner.open(&tenant.path("/reports/sales?q=kohinoor"));
    found.shows(".pager", CUT);
    assert_eq!(found.count("#foot"), 0);
}

#[test]
fn bills_found_by_their_customer_are_the_newest_of_their_kind() {
    // given: 230 bills of a shop, and a note on the first of them
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let bill = an_invoice(&tenant, &shop);
    a_note(&tenant, &bill, true);
    many_bills(&tenant, &bill.id.to_string(), 230);
    let word = ask(
        app(),
        &format!(
            "select split_part(name, ' ', 1) as value from customers where tenant_id = '{}' and id = '{}'",
            tenant.id, shop.customer
        ),
    );

    // when
    let found = tenant
        .owner
        .open(&tenant.path(&format!("/invoices?q={word}")));

    // then: today's first, and 199 of yesterday's
    found
        .shows(".pager [role=status]", CUT)
        .shows_not(".pager", "together");
    let shown = walk(found);
    assert_eq!(shown.len(), 200);
    assert_eq!(shown[0], bill.number);
    // and its note is not hidden behind them
    assert_eq!(
        pager(&tenant, &format!("/credit-notes?q={word}")),
        "1 in all · ₹504.00 together without cancelled"
    );
    assert_eq!(
        pager(&tenant, "/invoices?q=B000007"),
        "1 in all · ₹504.00 together without cancelled"
    );
    let day = today(&tenant);
    assert_eq!(
        pager(&tenant, &format!("/invoices?q={word}&from={day}")),
        "1 in all · ₹504.00 together without cancelled"
    );
    assert_eq!(
        pager(
            &tenant,
            &format!("/reports/sales?q={word}&kind=credit_note")
        ),
        "1 in all"
    );
}

#[test]
fn ten_thousand_payments_are_added_up_for_a_period_alone() {
    // given
    let tenant = tenant();
    customers(&tenant, "Kohinoor", 1);
    run(
        app(),
        &format!(
            "insert into payments (tenant_id, id, customer_id, direction, method, status, number, amount, paid_on, received_at)
               select '{0}', gen_random_uuid(), md5('{0}Kohinoor1')::uuid, 'in', 'cash', 'received', 'RC-20-' || lpad(n::text, 5, '0'), 10, date '2020-06-01' + n % 10, now()
                 from generate_series(1, 10001) n",
            tenant.id
        ),
    );

    // when, then
    assert_eq!(pager(&tenant, "/payments"), "10,000+ in all");
    assert_eq!(
        pager(&tenant, "/payments?from=2020-06-01"),
        "10,000+ in all · ₹1,00,010.00 together"
    );
    assert_eq!(
        pager(&tenant, "/payments?to=2020-06-01"),
        "1,000 in all · ₹10,000.00 together"
    );
}

#[test]
fn ten_thousand_orders_of_some_days_are_added_up() {
    // given: a hundred a day, the newest today
    let tenant = tenant();
    customers(&tenant, "Kohinoor", 1);
    let day = today(&tenant);
    let days = (day - NaiveDate::from_ymd_opt(2020, 6, 1).unwrap()).num_days();
    orders_of(
        &tenant,
        "Kohinoor",
        &format!("select n, 1, (n % 100 - {days}) * 1440, 10 from generate_series(1, 10001) n"),
    );
    let ago = |days: u64| day - Days::new(days);

    // when, then: not all are counted, so none are added up
    assert_eq!(pager(&tenant, "/orders"), "1,000+ in all");
    assert_eq!(
        pager(&tenant, "/orders?count=all&status=closed"),
        "10,000+ in all"
    );
    // Orders of some days are, however many.
    assert_eq!(
        pager(&tenant, &format!("/orders?from={}&to={day}", ago(99))),
        "10,001 in all · ₹1,00,010.00 together"
    );
    let page = tenant.owner.open(&tenant.path("/"));
    page.shows("#c1", "3,001 orders in 30 days");
    let href = page.attributes("#c1 a", "href")[0].clone();
    tenant
        .owner
        .open(&href)
        .shows(".pager [role=status]", "3,001 in all · ₹30,010.00 together");
    // and beside another filter they are counted as before
    assert_eq!(
        pager(
            &tenant,
            &format!("/orders?from={}&to={day}&status=closed", ago(29))
        ),
        "1,000+ in all"
    );
}

#[test]
fn orders_to_ship_are_told_by_what_is_still_to_leave() {
    // given: an order of ₹504.00, of which eleven of twelve have left
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = confirmed(&tenant, &shop, &[(soap, "12")]);
    run(
        app(),
        &format!(
            "update order_lines l set open_qty = 1, shipped_qty = 11 from orders o where o.tenant_id = '{0}' and l.tenant_id = o.tenant_id and l.order_id = o.id and o.number = '{order}';
             update orders set open_amount = 42 where tenant_id = '{0}' and number = '{order}'",
            tenant.id
        ),
    );

    // when
    let page: Page = tenant.owner.open(&tenant.path("/"));

    // then
    page.shows("main", "₹42.00 still to leave");
    assert_eq!(
        pager(&tenant, "/orders?status=to_ship"),
        "1 in all · ₹42.00 still to leave"
    );
    assert_eq!(
        pager(&tenant, "/orders?status=confirmed"),
        "1 in all · ₹504.00 together"
    );
    assert_eq!(
        pager(&tenant, &format!("/orders?status=to_ship&q={order}")),
        "1 in all · ₹42.00 still to leave"
    );
}

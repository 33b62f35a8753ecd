//! Lists of a company that has much of something: what is counted has an end that is said, and what is searched says when there is more.

mod cut;
mod money;
mod newest;

use crate::support::trade::shop_of;
use crate::support::{Page, Tenant, app, ask, run, tenant};

const CUT: &str = "200+ in all; another word narrows it";

fn names(page: &Page) -> Vec<String> {
    page.texts("#list tbody th .go")
}

/// What every page of a list shows, from this one on, by "Next".
fn walk(mut page: Page) -> Vec<String> {
    let mut seen = names(&page);
    while page.count(".pager a[rel=next]") > 0 {
        page = page.click("Next");
        seen.extend(names(&page));
    }
    seen
}

/// Customers of a company, numbered, of the same first word: `Kappa 1` and so on.
fn customers(tenant: &Tenant, word: &str, count: u32) {
    run(
        app(),
        &format!(
            "insert into customers (tenant_id, id, code, name) select '{0}', md5('{0}{word}' || n)::uuid, upper('{word}') || '-' || n, '{word} ' || n from generate_series(1, {count}) n",
            tenant.id
        ),
    );
}

/// Orders of those customers, from a query of their number in the company (`n`), their customer's (`c`), minutes before noon of 1 June 2020 (`m`)
/// and rupees (`r`).
fn orders_of(tenant: &Tenant, word: &str, rows: &str) {
    run(
        app(),
        &format!(
            "insert into orders (tenant_id, id, number, customer_id, status, source, placed_at, confirmed_at, ended_at, warehouse_id, registration_id, place_of_supply, priced_on, taxable, total)
               select '{0}', gen_random_uuid(), 'SO-20-' || lpad(o.n::text, 5, '0'), md5('{0}{word}' || o.c)::uuid, 'closed', 'staff', t.at, t.at, t.at, w.id, w.registration_id, '33', t.at::date, o.r, o.r
                 from ({rows}) o(n, c, m, r) cross join lateral (select timestamptz '2020-06-01 12:00+05:30' - o.m * interval '1 minute' as at) t
                 join warehouses w on w.tenant_id = '{0}' and w.is_default",
            tenant.id
        ),
    );
}

/// Drafts of one of those customers, numbered from `DR-1` on, each younger than the one before.
fn drafts_of(tenant: &Tenant, word: &str, count: u32) {
    run(
        app(),
        &format!(
            "insert into orders (tenant_id, id, number, customer_id, status, source, warehouse_id, registration_id, priced_on, created_at)
               select '{0}', gen_random_uuid(), 'DR-' || n, md5('{0}{word}1')::uuid, 'draft', 'staff', w.id, w.registration_id, '2020-06-02', now() - interval '1 day' + n * interval '1 second'
                 from generate_series(1, {count}) n join warehouses w on w.tenant_id = '{0}' and w.is_default",
            tenant.id
        ),
    );
}

/// 230 products that are called "Rice 001" and so on, the last of them discontinued, and one that is called "Ricebran".
fn much_rice() -> Tenant {
    let tenant = tenant();
    run(
        app(),
        &format!(
            "insert into products (tenant_id, id, sku, name, hsn, status)
               select '{0}', gen_random_uuid(), 'R-' || n, 'Rice ' || lpad(n::text, 3, '0'), '1006', case when n = 230 then 'discontinued' else 'active' end
                 from generate_series(1, 230) n;
             insert into products (tenant_id, id, sku, name, hsn) values ('{0}', gen_random_uuid(), 'BRAN', 'Ricebran', '1006');
             analyze products",
            tenant.id
        ),
    );
    // Which two hundred of them a search looks at, says its plan: statistics that came in between two pages would change it.
    tenant
}

#[test]
fn a_list_counts_to_a_thousand_and_on_when_it_is_asked() {
    // given
    let tenant = tenant();
    run(
        app(),
        &format!(
            "insert into customers (tenant_id, id, code, name, city)
               select '{}', gen_random_uuid(), 'S-' || n, 'Shop ' || lpad(n::text, 4, '0'), case when n <= 30 then 'Madurai' end from generate_series(1, 1040) n",
            tenant.id
        ),
    );
    let list = |query: &str| {
        tenant
            .owner
            .open(&tenant.path(&format!("/customers{query}")))
    };

    // when
    let first = list("");

    // then
    first.shows(".pager [role=status]", "1,000+ in all");
    let second = first.click("Next");
    second.shows("tbody tr:first-child", "Shop 0026");
    let counted = first.click("Count all");
    counted.shows(".pager [role=status]", "1,040 in all");
    assert_eq!(counted.count(".pager a[href*=count]"), 1, "Next alone");
    let next = counted.click("Next");
    next.shows(".pager [role=status]", "1,040 in all");
    assert_eq!(names(&next), names(&second));

    // and who is found is counted at once
    let found = list("?q=madurai");
    found.shows(".pager [role=status]", "30 in all");
    assert_eq!(walk(found).len(), 30);
}

#[test]
fn a_search_shows_two_hundred_and_says_that_there_are_more() {
    // given
    let tenant = much_rice();
    let list = |query: &str| tenant.owner.open(&tenant.path(query));

    // when
    let first = list("/products?q=rice");

    // then: 25 a page, each once, there and back
    first.shows(".pager [role=status]", CUT);
    assert_eq!(names(&first).len(), 25);
    let second = first.click("Next");
    assert_eq!(names(&second.click("Previous")), names(&first));
    assert_eq!(second.click("Previous").count(".pager a[rel=prev]"), 0);
    let seen = walk(first);
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(seen, sorted, "by name, each once");
    assert_eq!(seen.len(), 200);
    assert!(
        !seen.contains(&"Ricebran".to_owned()),
        "whole words come before words that are only begun"
    );

    // and what is asked for more narrowly is all there
    for (query, count) in [
        ("q=rice+007", "1 in all"),
        ("q=ricebran", "1 in all"),
        ("q=rice&status=discontinued", "1 in all"),
        ("q=rice+2", "42 in all"),
    ] {
        list(&format!("/products?{query}")).shows(".pager [role=status]", count);
    }
    list("/products?q=rice&status=discontinued").shows("#list tbody", "Rice 230");

    // and a file holds all of it
    let (status, _, file) = tenant
        .owner
        .bytes(&tenant.path("/products/export?q=rice&format=csv"));
    assert_eq!(status, 200);
    assert_eq!(String::from_utf8(file).unwrap().lines().count(), 232);

    // and nobody can mean all of what nobody counted
    let everything = "all 200";
    list("/products?q=rice").shows_not("main", everything);

    // and stock says the same
    list("/stock?q=rice").shows(".pager [role=status]", CUT);
}

#[test]
fn a_neighbours_words_are_not_searched() {
    // given: the same words on both sides
    let (tenant, rival) = (much_rice(), much_rice());
    run(
        app(),
        &format!(
            "update products set name = 'Wheat' where tenant_id = '{}' and sku = 'R-1'",
            rival.id
        ),
    );

    // when, then
    rival
        .owner
        .open(&rival.path("/products?q=wheat"))
        .shows(".pager [role=status]", "1 in all");
    tenant
        .owner
        .open(&tenant.path("/products?q=wheat"))
        .shows("#list", "No products match");
}

/// 230 orders of a shop on three days, ₹10 each, the newest with the highest number.
fn many_orders(tenant: &Tenant) {
    let shop = shop_of(tenant);
    run(
        app(),
        &format!(
            "insert into orders (tenant_id, id, number, customer_id, status, source, placed_at, confirmed_at, ended_at, warehouse_id, registration_id, place_of_supply, priced_on, taxable, total)
               select '{0}', gen_random_uuid(), 'SO-20-' || lpad(n::text, 5, '0'), '{1}', 'closed', 'staff', t.at, t.at, t.at, w.id, w.registration_id, '33', t.at::date, 10, 10
                 from generate_series(1, 230) n cross join lateral (select timestamptz '2020-06-01 12:00+05:30' + n / 100 * interval '1 day' + n * interval '1 second' as at) t
                 join warehouses w on w.tenant_id = '{0}' and w.is_default",
            tenant.id, shop.customer
        ),
    );
}

#[test]
fn orders_found_by_their_customer_are_the_newest() {
    // given
    let tenant = tenant();
    many_orders(&tenant);
    let name = ask(
        app(),
        &format!(
            "select c.name as value from customers c join orders o on o.tenant_id = c.tenant_id and o.customer_id = c.id where c.tenant_id = '{}' limit 1",
            tenant.id
        ),
    );
    let word = name.split(' ').next().unwrap().to_lowercase();
    let list = |query: &str| tenant.owner.open(&tenant.path(&format!("/orders?{query}")));

    // when
    let found = list(&format!("q={word}"));

    // then
    found
        .shows(".pager [role=status]", CUT)
        .shows_not(".pager", "together")
        .shows("#list tbody tr:first-child", "SO-20-00230");
    let (mut rows, mut page) = (0, found);
    loop {
        rows += page.count("#list tbody tr");
        if page.count(".pager a[rel=next]") == 0 {
            break;
        }
        page = page.click("Next");
    }
    assert_eq!(rows, 200);
    page.shows("#list tbody tr:last-child", "SO-20-00031");

    // and beside a filter nothing is missed, and what is shown is added up
    list(&format!("q={word}&to=2020-06-01"))
        .shows(".pager [role=status]", "99 in all · ₹990.00 together");
    list("q=SO-20-00007").shows(".pager [role=status]", "1 in all · ₹10.00 together");
    list("from=2020-06-02").shows(".pager [role=status]", "131 in all · ₹1,310.00 together");
}

#[test]
fn the_orders_of_each_day_are_kept() {
    // given
    let tenant = tenant();
    many_orders(&tenant);
    let days = || {
        ask(
            app(),
            &format!(
                "select string_agg(day || ' ' || orders || ' ' || total, ', ' order by day) as value from order_days where tenant_id = '{}'",
                tenant.id
            ),
        )
    };
    assert_eq!(
        days(),
        "2020-06-01 99 990.00, 2020-06-02 100 1000.00, 2020-06-03 31 310.00"
    );
    let change = |what: &str| {
        run(
            app(),
            &what
                .replace("$t", &tenant.id.to_string())
                .replace("$one", "number = 'SO-20-00001'"),
        );
    };

    // when, then: an order comes to more, is moved to another day, goes
    change("update orders set taxable = 25, total = 25 where tenant_id = '$t' and $one");
    assert_eq!(
        days(),
        "2020-06-01 99 1005.00, 2020-06-02 100 1000.00, 2020-06-03 31 310.00"
    );
    change(
        "update orders set placed_at = placed_at + interval '2 days' where tenant_id = '$t' and $one",
    );
    assert_eq!(
        days(),
        "2020-06-01 98 980.00, 2020-06-02 100 1000.00, 2020-06-03 32 335.00"
    );
    change("delete from orders where tenant_id = '$t' and $one");
    assert_eq!(
        days(),
        "2020-06-01 98 980.00, 2020-06-02 100 1000.00, 2020-06-03 31 310.00"
    );
}

//! What a search finds by the customer is the newest of everybody whom its words find, and nothing that the list never shows.

use super::{CUT, customers, drafts_of, names, orders_of, walk};
use crate::support::{Tenant, app, ask, run, tenant};

fn found(tenant: &Tenant, query: &str) -> Vec<String> {
    let page = tenant.owner.open(&tenant.path(&format!("/orders?{query}")));
    page.shows(".pager [role=status]", CUT);
    walk(page)
}

/// The newest two hundred orders of the customers of a word, as the database sorts them.
fn newest(tenant: &Tenant, word: &str) -> Vec<String> {
    let all = ask(
        app(),
        &format!(
            "select string_agg(number, ' ' order by placed_at desc, id desc) as value from (
               select o.number, o.placed_at, o.id from orders o join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
                 where o.tenant_id = '{}' and o.placed_at is not null and c.name like '{word} %' order by o.placed_at desc, o.id desc limit 200) o",
            tenant.id
        ),
    );
    all.split(' ').map(str::to_owned).collect()
}

#[test]
fn the_newest_orders_are_those_of_all_customers_that_fit() {
    // given: customers of a word and their orders; what the name of each says is where the newest lie
    let worlds: [(&str, u32, &[&str]); 5] = [
        // One of many: 300 who ordered twice long ago, and one of them fifty times today.
        (
            "Kappa",
            300,
            &[
                "select n, n % 300 + 1, 5000 + n * 3, 10 from generate_series(1, 600) n",
                "select 1000 + n, 299, n * 5, 10 from generate_series(1, 50) n",
            ],
        ),
        // One of few: of 30 who ordered ten times, one ordered 150 times since.
        (
            "Sigma",
            30,
            &[
                "select n, n % 30 + 1, 5000 + n * 7, 10 from generate_series(1, 300) n",
                "select 1000 + n, 17, n * 3, 10 from generate_series(1, 150) n",
            ],
        ),
        // Two of ten, turn by turn, more than anybody was asked for at first.
        (
            "Delta",
            10,
            &[
                "select n, n % 10 + 1, 5000 + n, 10 from generate_series(1, 100) n",
                "select 1000 + n, 3 + n % 2, n, 10 from generate_series(1, 400) n",
            ],
        ),
        // So many customers that they are looked for among the newest orders.
        (
            "Omega",
            1100,
            &["select n, (n * 7) % 1100 + 1, n * 11, 10 from generate_series(1, 1500) n"],
        ),
        // And all of them have ordered long before somebody else, whose are more than are looked at.
        (
            "Lambda",
            1100,
            &["select n, (n * 7) % 1100 + 1, 9000 + n, 10 from generate_series(1, 1400) n"],
        ),
    ];
    for (word, count, rows) in worlds {
        let tenant = tenant();
        customers(&tenant, word, count);
        for rows in rows {
            orders_of(&tenant, word, rows);
        }
        if word == "Lambda" {
            customers(&tenant, "Other", 1);
            let theirs = "select 10000 + n, 1, n, 10 from generate_series(1, 4200) n";
            orders_of(&tenant, "Other", theirs);
        }

        // when
        let shown = found(&tenant, &format!("q={}", word.to_lowercase()));

        // then
        assert_eq!(shown, newest(&tenant, word), "{word}");
        assert_eq!(shown.len(), 200, "{word}");
    }
}

#[test]
fn drafts_do_not_take_the_place_of_orders() {
    // given: three orders of a customer, who has 210 drafts
    let tenant = tenant();
    customers(&tenant, "Theta", 1);
    orders_of(
        &tenant,
        "Theta",
        "select n, 1, n, 10 from generate_series(1, 3) n",
    );
    drafts_of(&tenant, "Theta", 210);
    let list = |query: &str| tenant.owner.open(&tenant.path(&format!("/orders?{query}")));

    // when, then
    let placed = list("q=theta");
    placed.shows(".pager [role=status]", "3 in all · ₹30.00 together");
    assert_eq!(
        names(&placed),
        ["SO-20-00001", "SO-20-00002", "SO-20-00003"]
    );
    // Drafts are found where they are asked for, the youngest first.
    let drafts = list("q=theta&status=draft");
    drafts.shows(".pager [role=status]", CUT);
    assert_eq!(names(&drafts)[0], "DR-210");

    // and whoever searches everywhere sees the orders
    let hits = tenant
        .owner
        .open(&tenant.path("/search?q=theta"))
        .attributes("#results a", "href");
    let orders: Vec<&String> = hits
        .iter()
        .filter(|href| href.contains("/orders/"))
        .collect();
    assert_eq!(orders.len(), 3, "{hits:?}");
    assert!(orders.iter().all(|href| href.contains("/orders/SO-20-")));
}

#[test]
fn the_largest_of_a_search_are_the_largest_of_all() {
    // given: 300 orders, the older the dearer
    let tenant = tenant();
    customers(&tenant, "Gamma", 1);
    orders_of(
        &tenant,
        "Gamma",
        "select n, 1, n, n from generate_series(1, 300) n",
    );
    let first = |query: &str| {
        let page = tenant.owner.open(&tenant.path(&format!("/orders?{query}")));
        names(&page)[0].clone()
    };

    // when, then
    assert_eq!(first("q=gamma"), "SO-20-00001");
    assert_eq!(first("q=gamma&sort=-amount"), "SO-20-00300");
    assert_eq!(first("q=gamma&sort=placed"), "SO-20-00300");
    assert_eq!(first("q=gamma&sort=amount"), "SO-20-00001");
}

#[test]
fn payments_found_by_their_customer_are_the_latest() {
    // given: 230 payments, written down in no order; each day's two
    let tenant = tenant();
    customers(&tenant, "Gamma", 2);
    run(
        app(),
        &format!(
            "insert into payments (tenant_id, id, customer_id, direction, method, status, number, amount, paid_on, received_at)
               select '{0}', md5('{0}' || n)::uuid, md5('{0}Gamma' || n % 2 + 1)::uuid, 'in', 'cash', 'received', 'RC-20-' || lpad(n::text, 5, '0'), 10, date '2020-06-01' - n, now()
                 from generate_series(1, 230) n",
            tenant.id
        ),
    );
    let list = |query: &str| {
        tenant
            .owner
            .open(&tenant.path(&format!("/payments?{query}")))
    };

    // when
    let found = list("q=gamma");

    // then
    found
        .shows(".pager [role=status]", CUT)
        .shows_not(".pager", "together");
    let shown = walk(found);
    let expected: Vec<String> = (1..=200).map(|n| format!("RC-20-{n:05}")).collect();
    assert_eq!(shown, expected);

    // and a period is looked for in the period, and one payment by its number
    list("q=gamma&to=2019-11-01").shows(".pager [role=status]", "18 in all · ₹180.00 together");
    list("q=gamma&from=2020-05-30").shows(".pager [role=status]", "2 in all · ₹20.00 together");
    list("q=RC-20-00230").shows(".pager [role=status]", "1 in all · ₹10.00 together");
}

//! Price lists: whom they are for, breaks and days, and the one resolver.

use crate::support::{FormFiller, Tenant, app, ask, retailer, run, tenant};
use chrono::{Days, NaiveDate, TimeZone, Utc};
use mandi::kernel::dates::today;
use mandi::kernel::ids::{CustomerId, PriceListId, ProductId};
use mandi::platform::db::{Member, Meter};
use mandi::platform::permissions::Role;
use mandi::pricing::model::Resolved;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::fmt::Write;
use uuid::Uuid;

fn value(sql: &str) -> String {
    ask(app(), sql)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A product with an MRP or none, of a code that bears 18 per cent: its id.
fn product(tenant: &Tenant, sku: &str, mrp: &str) -> ProductId {
    let id = ProductId::new();
    run(
        app(),
        &format!(
            "insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, valid_from, reason) values ('{0}', gen_random_uuid(), '3401', 18, '2017-07-01', 'Test') on conflict do nothing;
             insert into products (tenant_id, id, sku, name, hsn, mrp) values ('{0}', '{id}', '{sku}', 'Soap {sku}', '3401', {mrp})",
            tenant.id
        ),
    );
    id
}

/// What the resolver answers for a customer, or for anybody.
fn resolved(
    tenant: &Tenant,
    product: ProductId,
    quantity: &str,
    customer: Option<CustomerId>,
    on: &str,
) -> Resolved {
    let (quantity, on): (Decimal, NaiveDate) = (quantity.parse().unwrap(), day(on));
    let system = Member::system(tenant.id, "test");
    app()
        .state
        .db
        .read(&system, &Meter::default(), |scope| {
            Resolved::of(scope, &[(product, quantity)], customer, on)
        })
        .unwrap()
        .remove(0)
}

fn price_on(
    tenant: &Tenant,
    product: ProductId,
    quantity: &str,
    customer: Option<CustomerId>,
    on: &str,
) -> Option<String> {
    resolved(tenant, product, quantity, customer, on)
        .price
        .map(|price| price.to_string())
}

fn default_list(tenant: &Tenant) -> String {
    value(&format!(
        "select id::text as value from price_lists where tenant_id = '{}' and is_default",
        tenant.id
    ))
}

fn code_of(customer: CustomerId) -> String {
    value(&format!(
        "select code as value from customers where id = '{customer}'"
    ))
}

/// A list that was added through its form: its address.
fn list(tenant: &Tenant, name: &str, from: &str, to: &str) -> String {
    let page = tenant
        .owner
        .open(&tenant.path("/price-lists"))
        .click("New price list")
        .form("#price-list")
        .fill("name", name)
        .fill("valid_from", from)
        .fill("valid_to", to)
        .submit();
    page.is(303);
    page.header("location").to_owned()
}

fn set(tenant: &Tenant, list: &str, sku: &str, [quantity, from, price]: [&str; 3]) -> FormFiller {
    tenant
        .owner
        .open(&format!("{list}/prices/{sku}"))
        .form("#price-form")
        .fill("min_qty", quantity)
        .fill("valid_from", from)
        .fill("price", price)
}

#[test]
fn the_lists_say_how_many_prices_they_have_and_count_ten_thousand_at_most() {
    // given
    let tenant = tenant();
    let soap = product(&tenant, "SOAP", "null");
    let add = |from: u32, to: u32| {
        run(
            app(),
            &format!(
                "insert into price_items (tenant_id, id, price_list_id, product_id, min_qty, price)
                   select '{}', gen_random_uuid(), '{}', '{soap}', n, 10 from generate_series({from}, {to}) n",
                tenant.id,
                default_list(&tenant)
            ),
        );
        tenant.owner.open(&tenant.path("/price-lists"))
    };

    // when, then
    add(1, 1)
        .shows("tbody tr", "1 price")
        .shows_not("tbody tr", "1 prices");
    add(2, 10_000).shows("tbody tr", "10,000 prices");
    add(10_001, 10_001).shows("tbody tr", "10,000+ prices");
}

#[test]
fn a_list_for_a_customer_prices_it_from_its_first_day_to_its_last() {
    // given
    let tenant = tenant();
    let (shop, other) = (retailer(&tenant), retailer(&tenant));
    let soap = product(&tenant, "SOAP", "null");
    let standard = tenant.path(&format!("/price-lists/{}", default_list(&tenant)));
    set(&tenant, &standard, "SOAP", ["", "2017-07-01", "100"])
        .submit()
        .is(303);
    let hotels = list(&tenant, "Hotels", "2026-04-01", "2026-04-30");
    set(&tenant, &hotels, "SOAP", ["", "2026-04-01", "90"])
        .submit()
        .is(303);
    let who = Some(shop.customer);

    // a draft counts nowhere, and for nobody
    assert_eq!(
        price_on(&tenant, soap, "1", who, "2026-04-10").as_deref(),
        Some("₹100.00")
    );

    // when
    let code = code_of(shop.customer);
    let page = tenant.owner.open(&hotels);
    page.form("#more")
        .fill("customer", "nobody here")
        .submit()
        .is(422)
        .shows("#customer-e", "No customer has this code or name.");
    page.form("#more")
        .fill("customer", &code)
        .submit()
        .follow()
        .shows("#fewer", &code);
    page.form("#activate")
        .submit()
        .follow()
        .shows(".toast", "Hotels is active.");

    // then: between its days, both included, and only for this customer
    for (on, expected) in [
        ("2026-03-31", "₹100.00"),
        ("2026-04-01", "₹90.00"),
        ("2026-04-30", "₹90.00"),
        ("2026-05-01", "₹100.00"),
    ] {
        let theirs = price_on(&tenant, soap, "1", Some(other.customer), on);
        assert_eq!(
            price_on(&tenant, soap, "1", who, on).as_deref(),
            Some(expected),
            "{on}"
        );
        assert_eq!(theirs.as_deref(), Some("₹100.00"), "{on}");
    }

    // and it ends for good
    let end = format!("{hotels}/end");
    tenant.owner.open(&end).form("#confirm").submit().is(303);
    assert_eq!(
        price_on(&tenant, soap, "1", who, "2026-04-10").as_deref(),
        Some("₹100.00")
    );
    tenant.owner.open(&end).is(409).shows(
        "main",
        "The price list Hotels has ended and is kept as it was.",
    );
    let fields = [("valid_from", "2026-04-01"), ("price", "1")];
    tenant
        .owner
        .post(&format!("{hotels}/prices/SOAP"), &fields)
        .is(422);
    assert_eq!(tenant.owner.open(&hotels).count("#activate, #more"), 0);
}

#[test]
fn the_list_of_everybody_is_for_everybody_and_never_ends() {
    let tenant = tenant();
    let shop = retailer(&tenant);
    let standard = tenant.path(&format!("/price-lists/{}", default_list(&tenant)));
    assert_eq!(
        tenant
            .owner
            .open(&standard)
            .is(200)
            .count("#more, a[href$='/end']"),
        0
    );
    tenant
        .owner
        .open(&format!("{standard}/end"))
        .is(409)
        .shows("main", "Standard is the list of everybody");
    let code = code_of(shop.customer);
    tenant
        .owner
        .post(&format!("{standard}/targets"), &[("customer", &code)])
        .is(409);
    let edit = tenant.owner.open(&format!("{standard}/edit"));
    edit.form("#price-list")
        .forge("valid_to", "2026-01-01")
        .submit()
        .is(422);
    let state = value(&format!(
        "select status || coalesce(valid_to::text, ' open ') || (select count(*) from price_list_targets t where t.tenant_id = l.tenant_id) as value
           from price_lists l where tenant_id = '{}' and is_default",
        tenant.id
    ));
    assert_eq!(state, "active open 0");
    edit.form("#price-list")
        .fill("name", "Everybody")
        .submit()
        .is(303);
}

#[test]
fn breaks_and_days_are_set_one_row_at_a_time_and_never_above_the_mrp() {
    // given
    let tenant = tenant();
    let soap = product(&tenant, "SOAP", "118");
    let standard = tenant.path(&format!("/price-lists/{}", default_list(&tenant)));
    let rows = || {
        value(&format!(
            "select coalesce(string_agg(trim_scale(min_qty) || ' ' || valid_from || ' ' || trim_scale(price), ', ' order by min_qty, valid_from), '') as value from price_items where tenant_id = '{}'",
            tenant.id
        ))
    };
    let set = |facts: [&str; 3]| set(&tenant, &standard, "SOAP", facts);

    // when, then: 18 % upon 100 reaches the MRP, a paisa more does not pass
    set(["", "2026-01-01", "100.01"]).submit().is(422).shows(
        "#price-e",
        "With GST this price is ₹118.01, above the MRP of ₹118.00.",
    );
    set(["-1", "2026-01-01", "90"])
        .submit()
        .is(422)
        .shows("#min_qty-e", "A quantity must be more than zero.");
    set(["", "soon", "90"])
        .submit()
        .is(422)
        .shows("#valid_from-e", "Enter a date");
    assert_eq!(rows(), "");
    set(["", "2026-01-01", "100"]).submit().is(303);
    set(["12", "2026-01-01", "95"]).submit().is(303);
    set(["", "2026-06-01", "99"]).submit().is(303);
    assert_eq!(
        rows(),
        "0 2026-01-01 100, 0 2026-06-01 99, 12 2026-01-01 95"
    );

    // and the resolver agrees: the break that is reached, from the day on; the next one is told
    let price = |quantity: &str, on: &str| price_on(&tenant, soap, quantity, None, on);
    assert_eq!(price("1", "2026-05-31").as_deref(), Some("₹100.00"));
    assert_eq!(price("1", "2026-06-01").as_deref(), Some("₹99.00"));
    assert_eq!(price("12", "2026-06-01").as_deref(), Some("₹95.00"));
    assert_eq!(price("1", "2025-12-31"), None);
    let next = resolved(&tenant, soap, "5", None, "2026-06-01");
    assert_eq!(next.next_qty, Some(Decimal::from(12)));

    // when: two change the same price, the second sees the first's
    let change = tenant
        .owner
        .open(&format!("{standard}/prices/SOAP?qty=12&day=2026-01-01"));
    let typed = change.attribute("#price", "value").unwrap();
    assert_eq!(typed.parse::<Decimal>().unwrap(), Decimal::from(95));
    set(["12", "2026-01-01", "94"])
        .forge("was", "95")
        .submit()
        .is(303);
    let conflict = change.form("#price-form").fill("price", "93").submit();
    conflict
        .is(422)
        .shows("#price-t", "Saved meanwhile: ₹94.00")
        .shows("#price-e", "Saving again replaces it.");
    assert!(rows().ends_with("12 2026-01-01 94"));
    conflict.form("#price-form").submit().is(303);
    assert!(rows().ends_with("12 2026-01-01 93"));

    // and one is removed
    let page = tenant.owner.open(&format!("{standard}/prices/SOAP"));
    page.form("tbody tr:last-child form.remove")
        .submit()
        .is(303);
    assert_eq!(rows(), "0 2026-01-01 100, 0 2026-06-01 99");
    page.form("tbody tr:last-child form.remove")
        .forge("_key", "")
        .submit()
        .is(409);

    // and others are kept out
    let (_, sales) = tenant.employee(Role::Sales);
    let path = format!("{standard}/prices/SOAP");
    sales.open(&path).is(200);
    sales
        .post(&path, &[("valid_from", "2026-01-01"), ("price", "1")])
        .is(403);
    let rival = crate::support::tenant();
    let foreign = rival.path(&format!("/price-lists/{}", default_list(&tenant)));
    rival.owner.open(&foreign).is(404);
}

#[test]
fn two_who_edit_one_list_see_each_others_values() {
    // given
    let tenant = tenant();
    let address = list(&tenant, "Diwali", "2026-10-01", "2026-11-30");
    let (_, manager) = tenant.employee(Role::Manager);
    let path = format!("{address}/edit");
    let (mine, theirs) = (tenant.owner.open(&path), manager.open(&path));

    // when
    theirs
        .form("#price-list")
        .fill("name", "Diwali and Pongal")
        .fill("valid_to", "2027-01-31")
        .submit()
        .is(303);
    let conflict = mine
        .form("#price-list")
        .fill("name", "Diwali, all shops")
        .submit();

    // then: neither is lost, and saving again keeps one's own
    conflict
        .is(422)
        .shows("#conflict", "Somebody else saved this meanwhile.")
        .shows("#name-t", "Saved meanwhile: Diwali and Pongal");
    assert_eq!(
        conflict.attribute("#name", "value").as_deref(),
        Some("Diwali, all shops")
    );
    let stored = || {
        value(&format!(
            "select name || ' ' || valid_to as value from price_lists where tenant_id = '{}' and name like 'Diwali%'",
            tenant.id
        ))
    };
    assert_eq!(stored(), "Diwali and Pongal 2027-01-31");
    conflict
        .form("#price-list")
        .fill("valid_to", "2027-01-31")
        .submit()
        .is(303);
    assert_eq!(stored(), "Diwali, all shops 2027-01-31");
}

#[test]
fn a_whole_list_changes_by_per_cent_after_a_preview_and_only_once() {
    // given: one far from its MRP, one that would come above it, one without
    let tenant = tenant();
    let soap = product(&tenant, "SOAP", "150");
    let dear = product(&tenant, "DEAR", "120");
    let oil = product(&tenant, "OIL", "null");
    let standard = default_list(&tenant);
    run(
        app(),
        &format!(
            "insert into price_items (tenant_id, id, price_list_id, product_id, price) select '{0}', gen_random_uuid(), '{standard}', id, case sku when 'OIL' then 33.33 else 100 end from products where tenant_id = '{0}'",
            tenant.id
        ),
    );
    let path = tenant.path(&format!("/price-lists/{standard}/percent"));
    let asked = format!("{path}?percent=5&places=2&valid_from=2026-04-01");
    let (_, manager) = tenant.employee(Role::Manager);
    let price = |product, on: &str| price_on(&tenant, product, "1", None, on).unwrap();

    // when
    let preview = tenant.owner.open(&asked);
    preview
        .shows(
            "#outcome",
            "2 prices change. 1 stay as they are, because they would come above the MRP.",
        )
        .shows("tbody td", "₹35.00")
        .shows("tbody td", "above the MRP, stays");
    assert_eq!(
        price(soap, "2026-04-01"),
        "₹100.00",
        "a preview writes nothing"
    );
    let theirs = manager.open(&asked);
    preview
        .form("#apply")
        .submit()
        .follow()
        .shows(".toast", "2 prices are changed.");

    // then: from the day on, and nobody's five per cent come upon another's
    assert_eq!(price(soap, "2026-03-31"), "₹100.00");
    assert_eq!(price(soap, "2026-04-01"), "₹105.00");
    assert_eq!(price(oil, "2026-04-01"), "₹35.00");
    assert_eq!(price(dear, "2026-04-01"), "₹100.00");
    theirs
        .form("#apply")
        .submit()
        .is(422)
        .shows("#percent-e", "Somebody changed this list meanwhile.");
    assert_eq!(price(soap, "2026-04-01"), "₹105.00");
    tenant
        .owner
        .open(&format!("{path}?percent=none&valid_from=2026-04-01"))
        .is(422);
}

#[test]
fn a_new_list_takes_the_standard_prices_with_so_many_per_cent_less() {
    // given: two products with standard prices, of which one has a price of its own in the new list
    let tenant = tenant();
    let soap = product(&tenant, "SOAP", "150");
    let oil = product(&tenant, "OIL", "null");
    let standard = default_list(&tenant);
    let made = tenant
        .owner
        .open(&tenant.path("/price-lists/new"))
        .form("#price-list")
        .fill("name", "Kirana")
        .submit();
    let list = made.is(303).header("location").to_owned();
    let bare = list.split('?').next().unwrap();
    let id = bare.rsplit('/').next().unwrap();
    run(
        app(),
        &format!(
            "insert into price_items (tenant_id, id, price_list_id, product_id, price) select '{0}', gen_random_uuid(), '{standard}', id, 100 from products where tenant_id = '{0}';
             insert into price_items (tenant_id, id, price_list_id, product_id, price) values ('{0}', gen_random_uuid(), '{id}', '{oil}', 90);",
            tenant.id
        ),
    );
    let price = |product: ProductId| {
        value(&format!(
            "select coalesce(string_agg(price::numeric(12,2)::text, ' '), '') as value from price_items where price_list_id = '{id}' and product_id = '{product}'"
        ))
    };
    let path = tenant.path(&format!("/price-lists/{id}/percent"));

    // when
    let preview = tenant.owner.open(&format!(
        "{path}?source=standard&percent=-5&places=2&valid_from=2026-04-01"
    ));
    preview
        .shows("#outcome", "1 prices change.")
        .shows("tbody td", "₹95.00");
    assert_eq!(price(soap), "", "a preview writes nothing");
    preview.form("#apply").submit().is(303);

    // then: the one without a price has one; the other keeps its own
    assert_eq!((price(soap), price(oil)), ("95.00".into(), "90.00".into()));

    // when: taken as they are; then from prices that hold GST, which these do not
    let nothing = tenant.owner.open(&format!(
        "{path}?source=standard&percent=0&places=2&valid_from=2026-04-01"
    ));
    nothing.shows("#outcome", "0 prices change.");
    tenant
        .owner
        .open(&format!("{path}?percent=0&valid_from=2026-04-01"))
        .is(422)
        .shows("#percent-e", "Enter how many per cent");
    run(
        app(),
        &format!("update price_lists set includes_tax = true where id = '{standard}'"),
    );
    tenant
        .owner
        .open(&format!(
            "{path}?source=standard&percent=-5&places=2&valid_from=2026-04-01"
        ))
        .is(422)
        .shows("#source-e", "hold GST");
}

/// A customer of a group whose list has breaks at 10 and 50; other lists that do not count. The customer's code.
fn kirana(tenant: &Tenant, soap: ProductId) -> String {
    let shop = retailer(tenant);
    let (id, customer, group) = (tenant.id, shop.customer, Uuid::now_v7());
    run(
        app(),
        &format!(
            "insert into customer_groups (tenant_id, id, name) values ('{id}', '{group}', 'Kirana');
             update customers set group_id = '{group}' where id = '{customer}';
             insert into price_lists (tenant_id, id, name, status, valid_from) values
               ('{id}', '{group}', 'Kirana prices', 'active', '2026-01-01'), ('{id}', gen_random_uuid(), 'Later', 'active', '2027-01-01'),
               ('{id}', gen_random_uuid(), 'Plan', 'draft', '2026-01-01'), ('{id}', gen_random_uuid(), 'Hotels', 'active', '2026-01-01');
             insert into price_list_targets (tenant_id, id, price_list_id, group_id) values ('{id}', gen_random_uuid(), '{group}', '{group}');
             insert into price_items (tenant_id, id, price_list_id, product_id, min_qty, price) values
               ('{id}', gen_random_uuid(), '{group}', '{soap}', 10, 80), ('{id}', gen_random_uuid(), '{group}', '{soap}', 50, 75);
             insert into price_items (tenant_id, id, price_list_id, product_id, price) values ('{id}', gen_random_uuid(), '{}', '{soap}', 100);",
            default_list(tenant)
        ),
    );
    code_of(customer)
}

#[test]
fn a_price_check_says_which_list_gave_the_price_and_why_others_did_not() {
    // given
    let tenant = tenant();
    let soap = product(&tenant, "SOAP", "null");
    let code = kirana(&tenant, soap);
    let check = |customer: &str, quantity: &str| {
        tenant
            .owner
            .open(&tenant.path("/price-check"))
            .form("#check")
            .fill("customer", customer)
            .fill("product", "soap")
            .fill("quantity", quantity)
            .fill("day", "2026-05-01")
            .submit()
    };
    let row = |page: &crate::support::Page, name: &str| {
        let cells = page.texts("tbody tr > *");
        let at = cells.iter().position(|cell| cell == name).unwrap();
        cells[at + 1..at + 3].join(" | ")
    };

    // when, then
    let page = check(&code, "12");
    page.is(200)
        .shows("main", "₹80.00 of one unit, on 1 May 2026. Before GST.")
        .shows(
            "main",
            "the list Kirana prices is for the customer's group.",
        )
        .shows("main", "It is the price from 10 pc on.")
        .shows("main", "From 50 pc on it is ₹75.00, which is 38 pc more.");
    assert_eq!(row(&page, "Kirana prices"), "₹80.00 | Gives the price.");
    let outranked = "₹100.00 | Has a price, but a list that comes first has one too.";
    assert_eq!(row(&page, "Standard"), outranked);
    assert_eq!(row(&page, "Later"), "– | Has not begun on this day.");
    assert_eq!(row(&page, "Plan"), "– | Is a draft.");
    assert_eq!(row(&page, "Hotels"), "– | Is for other customers.");
    let few = check(&code, "9");
    few.shows("main", "₹100.00 of one unit");
    let silent = "– | Has no price for this product at this quantity on this day.";
    assert_eq!(row(&few, "Kirana prices"), silent);
    check("", "12").shows(
        "main",
        "Somebody without a list of their own: the list Standard is for everybody.",
    );
    check("nobody-here", "12")
        .is(422)
        .shows("#customer-e", "No customer has this code or name.");
    check(&code, "-1")
        .is(422)
        .shows("#quantity-e", "A quantity must be more than zero.");
}

/// A list of a random book.
#[derive(Clone, Debug)]
struct RandomList {
    /// 0 the customer's, 1 its group's, 2 everybody's, 3 nobody's.
    level: u8,
    is_active: bool,
    from: u64,
    days: Option<u64>,
    /// Break, first day, paise.
    items: Vec<(u32, u64, i64)>,
}

/// A random book of prices, and a question.
#[derive(Clone, Debug)]
struct Book {
    lists: Vec<RandomList>,
    quantity: u32,
    on: u64,
}

fn books() -> impl Strategy<Value = Book> {
    let item = (0_u32..5, 0_u64..6, 1_i64..500);
    let items = prop::collection::vec(item, 0..5);
    let list = (
        0_u8..4,
        prop::bool::weighted(0.8),
        0_u64..6,
        prop::option::of(0_u64..6),
        items,
    );
    let list = list.prop_map(|(level, is_active, from, days, mut items)| {
        // A break and day of a list stand once.
        items.sort_unstable();
        items.dedup_by_key(|(min, from, _)| (*min, *from));
        RandomList {
            level,
            is_active,
            from,
            days,
            items,
        }
    });
    (prop::collection::vec(list, 1..7), 1_u32..6, 0_u64..8).prop_map(|(mut lists, quantity, on)| {
        // Of a list of everybody there is one, which is in force.
        let mut has_default = false;
        for list in lists.iter_mut().filter(|list| list.level == 2) {
            if std::mem::replace(&mut has_default, true) {
                list.level = 1;
            } else {
                (list.is_active, list.days) = (true, None);
            }
        }
        Book {
            lists,
            quantity,
            on,
        }
    })
}

fn date(days: u64) -> NaiveDate {
    day("2026-03-01").checked_add_days(Days::new(days)).unwrap()
}

/// The documented order, said once more: customer before group before everybody; the list that began last, then the smaller id; the largest
/// break that is reached; the price that began last.
fn winner(book: &Book, ids: &[PriceListId]) -> Option<(PriceListId, i64)> {
    let counts = |list: &RandomList| {
        list.level < 3
            && list.is_active
            && list.from <= book.on
            && list.days.is_none_or(|days| list.from + days >= book.on)
    };
    let mut lists: Vec<(&RandomList, PriceListId)> = book
        .lists
        .iter()
        .zip(ids.iter().copied())
        .filter(|(list, _)| counts(list))
        .collect();
    lists.sort_by_key(|(list, id)| (list.level, std::cmp::Reverse(list.from), *id));
    lists.into_iter().find_map(|(list, id)| {
        list.items
            .iter()
            .filter(|(min, from, _)| *min <= book.quantity && *from <= book.on)
            .max_by_key(|(min, from, _)| (*min, *from))
            .map(|(_, _, paise)| (id, *paise))
    })
}

/// The statements that put a book in the place of what is there.
fn written(
    book: &Book,
    ids: &[PriceListId],
    (tenant, soap): (&Tenant, ProductId),
    whose: [String; 2],
) -> String {
    let tenant = tenant.id;
    let mut sql = format!(
        "delete from price_items where tenant_id = '{tenant}'; delete from price_list_targets where tenant_id = '{tenant}'; delete from price_lists where tenant_id = '{tenant}';"
    );
    for (number, (list, id)) in book.lists.iter().zip(ids).enumerate() {
        let to = list.days.map_or("null".to_owned(), |days| {
            format!("'{}'", date(list.from + days))
        });
        let status = if list.is_active { "active" } else { "draft" };
        let (is_default, from) = (list.level == 2, date(list.from));
        write!(
            sql,
            "insert into price_lists (tenant_id, id, name, status, is_default, valid_from, valid_to) values ('{tenant}', '{id}', 'L{number}', '{status}', {is_default}, '{from}', {to});"
        )
        .unwrap();
        if let Some(target) = whose.get(usize::from(list.level)) {
            write!(
                sql,
                "insert into price_list_targets (tenant_id, id, price_list_id, group_id, customer_id) values ('{tenant}', gen_random_uuid(), '{id}', {target});"
            )
            .unwrap();
        }
        for (min, from, paise) in &list.items {
            write!(
                sql,
                "insert into price_items (tenant_id, id, price_list_id, product_id, min_qty, valid_from, price) values ('{tenant}', gen_random_uuid(), '{id}', '{soap}', {min}, '{}', {paise}::numeric / 100);",
                date(*from)
            )
            .unwrap();
        }
    }
    sql
}

#[test]
fn the_resolver_takes_exactly_the_price_that_the_documented_order_takes() {
    let tenant = tenant();
    let shop = retailer(&tenant);
    let soap = product(&tenant, "SOAP", "null");
    let (id, customer, group) = (tenant.id, shop.customer, Uuid::now_v7());
    run(
        app(),
        &format!(
            "insert into customer_groups (tenant_id, id, name) values ('{id}', '{group}', 'Kirana'); update customers set group_id = '{group}' where id = '{customer}'"
        ),
    );
    let won = std::cell::Cell::new(0);
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(150)
    };
    proptest::test_runner::TestRunner::new(config)
        .run(&books(), |book| {
            // Random ids: the smaller one is not the earlier one.
            let ids: Vec<PriceListId> = book
                .lists
                .iter()
                .map(|_| PriceListId::from(Uuid::new_v4()))
                .collect();
            let whose = [format!("null, '{customer}'"), format!("'{group}', null")];
            run(app(), &written(&book, &ids, (&tenant, soap), whose));
            let (quantity, on) = (book.quantity.to_string(), date(book.on).to_string());

            let found = resolved(&tenant, soap, &quantity, Some(customer), &on);

            let expected = winner(&book, &ids);
            won.set(won.get() + u32::from(expected.is_some()));
            prop_assert_eq!(found.price_list_id, expected.map(|(list, _)| list));
            prop_assert_eq!(
                found.price.map(|price| price.as_decimal()),
                expected.map(|(_, paise)| Decimal::new(paise, 2).normalize())
            );
            Ok(())
        })
        .unwrap();
    assert!(
        won.get() >= 40,
        "only {} books had a price at all",
        won.get()
    );
}

#[test]
fn a_dated_price_switches_at_midnight_in_india() {
    // given
    let tenant = tenant();
    let soap = product(&tenant, "SOAP", "null");
    let standard = default_list(&tenant);
    run(
        app(),
        &format!(
            "insert into price_items (tenant_id, id, price_list_id, product_id, valid_from, price) values
               ('{0}', gen_random_uuid(), '{standard}', '{soap}', '2026-01-01', 100), ('{0}', gen_random_uuid(), '{standard}', '{soap}', '2026-10-01', 110)",
            tenant.id
        ),
    );

    // 18:30 UTC is midnight in India
    for (hour, minute, second, expected) in [(18, 29, 59, "₹100.00"), (18, 30, 0, "₹110.00")] {
        let moment = Utc
            .with_ymd_and_hms(2026, 9, 30, hour, minute, second)
            .unwrap();
        let price = price_on(&tenant, soap, "1", None, &today(moment).to_string());
        assert_eq!(price.as_deref(), Some(expected), "{moment}");
    }
}

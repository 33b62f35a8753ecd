//! Dashboards: every number is the length of the list behind it.

use crate::support::books;
use crate::support::trade::{billed, confirmed, goods, placed, shipment, shop_of, sound};
use crate::support::{Browser, Page, Tenant, run, tenant};
use mandi::accounting::rules::payment::Method;
use mandi::logistics::rules::Status;
use mandi::platform::permissions::Role;

#[test]
fn a_home_is_found_without_its_last_slash() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);

    // when, then
    let home = tenant.owner.get(&tenant.path(""));
    home.is(303);
    assert_eq!(home.header("location"), tenant.path("/"));
    home.follow().is(200).shows("h1", "Dashboard");
    let home = shop.owner.get(&shop.path(&tenant, ""));
    home.is(303);
    assert_eq!(home.header("location"), shop.path(&tenant, "/"));
    home.follow().is(200);

    // and nothing else is led anywhere
    for path in [
        "/c/No_Name",
        "/c/new",
        "/c//elsewhere.example",
        "/elsewhere/nothing",
    ] {
        tenant.owner.get(path).is(404);
    }
    tenant.owner.post(&tenant.path(""), &[]).is(404);
}

/// A figure of a dashboard and the list that it leads to.
fn figure(page: &Page, label: &str) -> (String, String) {
    let labels = page.texts("a.kpi .label");
    let place = labels
        .iter()
        .position(|known| known == label)
        .unwrap_or_else(|| panic!("no figure {label:?} in {labels:?}"));
    (
        page.texts("a.kpi .value")[place].clone(),
        page.attributes("a.kpi", "href")[place].clone(),
    )
}

fn rows(tenant: &Tenant, href: &str) -> String {
    let list = tenant.owner.open(href);
    list.is(200);
    list.texts("#list tbody tr").len().to_string()
}

#[test]
fn every_figure_is_the_length_of_its_list() {
    // given: two to confirm, one held, three to ship, one product low, one out, one that is neither, and one that is out and gone
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    goods(&tenant, "OIL", "90", "5");
    goods(&tenant, "GHEE", "90", "7");
    goods(&tenant, "CHILLI", "90", "7");
    placed(&tenant, &shop, &[(soap, "1")]);
    placed(&tenant, &shop, &[(soap, "2")]);
    let held = placed(&tenant, &shop, &[(soap, "3")]);
    for units in ["4", "5", "6"] {
        confirmed(&tenant, &shop, &[(soap, units)]);
    }
    run(
        tenant.app,
        &format!(
            "update orders set is_held = true, hold_reason = '{{\"key\": \"Held.\"}}' where tenant_id = '{0}' and number = '{held}';
             update stock_levels set on_hand = 0 where tenant_id = '{0}' and on_hand = 7;
             update stock_levels set reorder_level = case when on_hand = 5 then 10 else 20 end where tenant_id = '{0}';
             update products set status = 'discontinued' where tenant_id = '{0}' and sku = 'CHILLI'",
            tenant.id
        ),
    );

    // when
    let page = tenant.owner.open(&tenant.path("/"));

    // then
    let figures = [
        ("To confirm", "2"),
        ("On hold", "1"),
        ("To ship", "3"),
        ("Low stock", "2"),
    ];
    let routes = mandi::app::routes();
    for (label, value) in figures {
        let (shown, href) = figure(&page, label);
        assert_eq!(shown, value, "{label}");
        let list = href
            .split('?')
            .next()
            .unwrap()
            .replace(&tenant.slug, "{company}");
        // A figure leads to a page that there is.
        if routes.table().iter().any(|route| route.pattern == list) {
            assert_eq!(rows(&tenant, &href), value, "{label} at {href}");
        }
    }
    page.shows("#c1", "6 orders in 30 days").shows(
        "svg title",
        "Orders of ₹882.00 in the last 30 days, against ₹0.00 in the 30 days before.",
    );
    assert_eq!(page.count(".plot .hit"), 30);
    assert_eq!(page.count("details.data tbody tr"), 30);
}

#[test]
fn to_ship_is_what_somebody_can_pick() {
    // given: one that waits to be picked, one of which everything is being picked, one that was cancelled after it was confirmed
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let waits = confirmed(&tenant, &shop, &[(soap, "4")]);
    shipment(&tenant, &shop, soap, Status::Picking);
    let ended = confirmed(&tenant, &shop, &[(soap, "5")]);
    tenant
        .owner
        .post(
            &tenant.path(&format!("/orders/{ended}/cancel")),
            &[("reason", "Ordered twice")],
        )
        .is(303);

    // when
    let page = tenant.owner.open(&tenant.path("/"));

    // then
    let (count, href) = figure(&page, "To ship");
    assert_eq!(count, "1");
    page.shows(".todo b", "1 order to ship");
    let list = tenant.owner.open(&href);
    assert_eq!(list.texts("#list tbody th a"), [waits]);
    list.shows("#list [aria-current]", "To ship");
    assert_eq!(rows(&tenant, &tenant.path("/orders?status=confirmed")), "2");
}

#[test]
fn money_is_told_by_age_and_leads_to_its_rows() {
    // given: ₹700 not due, ₹200 and ₹50 late; ₹300 paid, of which ₹40 went back; a cheque came back
    let tenant = tenant();
    let shop = shop_of(&tenant);
    books::owes(&tenant, &shop, 700, (9, -5));
    books::owes(&tenant, &shop, 200, (40, 31));
    books::owes(&tenant, &shop, 50, (200, 91));
    let paid = books::pays(&tenant, &shop, (Method::Cash, 300), 29);
    books::pays(&tenant, &shop, (Method::Cash, 5000), 30);
    let returned = books::pays(&tenant, &shop, (Method::Cheque, 900), 3);
    let today = books::today(&tenant).to_string();
    let change = |path: &str, fields: &[(&str, &str)]| {
        tenant.owner.post(&tenant.path(path), fields).is(303);
    };
    change(
        &format!("/payments/{paid}/refund"),
        &[("amount", "40"), ("method", "cash"), ("paid_on", &today)],
    );
    change(
        &format!("/payments/{returned}/bounce"),
        &[("bounced_on", &today), ("reason", "Late")],
    );

    // when
    let page = tenant.owner.open(&tenant.path("/"));

    // then
    let (collected, href) = figure(&page, "Collected");
    assert_eq!(collected, "₹260.00");
    tenant
        .owner
        .open(&href)
        .shows(".pager", "2 in all · ₹260.00 together");
    let (overdue, href) = figure(&page, "Overdue");
    assert_eq!(overdue, "₹250.00");
    tenant
        .owner
        .open(&href)
        .shows("#foot", "2 open items come to ₹250.00.");
    page.shows("[aria-labelledby=ages] header", "−₹4,310.00")
        .shows("[aria-labelledby=ages]", "31–60 days");
    assert_eq!(
        page.texts("[aria-labelledby=ages] header a.num"),
        ["−₹4,310.00"]
    );
    tenant
        .owner
        .open(&page.attributes("[aria-labelledby=ages] header a.num", "href")[0])
        .shows("#foot", "−₹4,310.00");
    // Whoever may not see money is not told of it.
    let (_, keeper) = tenant.employee(Role::Warehouse);
    keeper
        .open(&tenant.path("/"))
        .shows_not("main", "Collected")
        .shows_not("main", "Overdue");
    // and the shop's own home says the same
    let home = shop.owner.open(&shop.path(&tenant, "/"));
    assert_eq!(figure(&home, "My advance").0, "₹4,310.00");
    assert_eq!(figure(&home, "Overdue").0, "₹250.00");
}

#[test]
fn a_role_is_asked_for_what_it_may_do() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    placed(&tenant, &shop, &[(soap, "1")]);
    shipment(&tenant, &shop, soap, Status::Packed);
    shipment(&tenant, &shop, soap, Status::Out);
    let sees = |role| {
        let (_, browser) = tenant.employee(role);
        let page = browser.open(&tenant.path("/"));
        page.is(200);
        page.texts(".todo b")
    };

    // when, then
    assert_eq!(sees(Role::Viewer), Vec::<String>::new());
    assert_eq!(sees(Role::Sales), ["1 order to confirm"]);
    assert_eq!(sees(Role::Driver), ["1 shipment on the road"]);
    assert_eq!(
        sees(Role::Dispatcher),
        ["1 shipment to send out", "1 shipment on the road"]
    );
    let (_, driver) = tenant.employee(Role::Driver);
    let page = driver.open(&tenant.path("/"));
    assert_eq!(figure(&page, "On the road").0, "1");
    page.shows_not("main", "To confirm");
}

#[test]
fn a_new_company_is_led_through_its_first_steps() {
    // given
    let tenant = tenant();
    let open = || {
        let page = tenant.owner.open(&tenant.path("/"));
        (
            page.texts("[aria-labelledby=start] header small"),
            page.texts("[aria-labelledby=start] li").len(),
        )
    };
    assert_eq!(open(), (vec!["0 of 12 done".to_owned()], 12));

    // when
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    placed(&tenant, &shop, &[(soap, "1")]);

    // then: catalogue, price, stock, customer and order are done, and not told of any more
    assert_eq!(open(), (vec!["5 of 12 done".to_owned()], 7));
}

#[test]
fn whether_the_company_has_to_einvoice_is_a_step_until_somebody_has_said_so() {
    // given
    let step = "Say from when the company has to e-invoice, or that it need not";
    for (day, said) in [
        ("2026-04-01", "The company e-invoices from 1 Apr 2026 on."),
        ("", "The company need not e-invoice."),
    ] {
        let tenant = tenant();
        let steps = || {
            tenant
                .owner
                .open(&tenant.path("/"))
                .texts("[aria-labelledby=start] li")
        };
        // Bank and terms lie in the same row, and say nothing of it.
        tenant
            .owner
            .open(&tenant.path("/settings/accounting"))
            .form("#printed")
            .fill("age_buckets", "30, 60")
            .submit()
            .is(303);
        assert!(steps().contains(&step.to_owned()), "{:?}", steps());

        // when
        tenant
            .owner
            .open(&tenant.path("/"))
            .click(step)
            .form("#from")
            .fill("einvoice_from", day)
            .submit()
            .follow()
            .is(200)
            .shows("#toasts", said);

        // then
        assert!(!steps().contains(&step.to_owned()), "{:?}", steps());
    }
}

#[test]
fn a_search_finds_what_every_room_keeps_as_far_as_the_reader_may_see_it() {
    // given
    let tenant = tenant();
    let rival = crate::support::tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    let order = placed(&tenant, &shop, &[(soap, "1")]);
    let sent = shipment(&tenant, &shop, soap, Status::Out);
    let found = |browser: &Browser, tenant: &Tenant, words: &str| {
        let path = tenant.path(&format!("/search?q={words}"));
        browser.open(&path).attributes("#results a", "href")
    };
    let owner = |words: &str| found(&tenant.owner, &tenant, words);
    let page = |path: &str| tenant.path(path);

    // then: by number, whatever the letters; by name; by code; a page by its name
    assert_eq!(
        owner(&order.to_lowercase()),
        [page(&format!("/orders/{order}"))]
    );
    let shipped = page(&format!("/shipments/{sent}"));
    assert!(owner(&sent).contains(&shipped));
    // as in the list of shipments, the digits at the end of a number are enough
    let digits = sent.rsplit('-').next().unwrap();
    assert!(owner(digits).contains(&shipped));
    assert_eq!(owner("product+sope"), [page("/products/SOAP")]);
    assert!(owner("import").contains(&page("/products/import")));
    assert!(
        owner(&tenant.owner_email)
            .iter()
            .any(|href| href.contains("/settings/people/"))
    );
    assert_eq!(owner("no-such-thing-at-all"), Vec::<String>::new());
    assert_eq!(owner("%25"), Vec::<String>::new());

    // and nothing that a driver may not see, nor anything of another company
    let (_, driver) = tenant.employee(Role::Driver);
    assert_eq!(found(&driver, &tenant, &order), Vec::<String>::new());
    assert_eq!(
        found(&driver, &tenant, &sent),
        [page(&format!("/shipments/{sent}"))]
    );
    assert_eq!(found(&rival.owner, &rival, &order), Vec::<String>::new());
}

#[test]
fn a_retailer_sees_what_comes_and_what_it_ordered() {
    // given
    let tenant = tenant();
    let (shop, other) = (shop_of(&tenant), shop_of(&tenant));
    let soap = goods(&tenant, "SOAP", "40", "100");
    shipment(&tenant, &shop, soap, Status::Out);
    let last = placed(&tenant, &shop, &[(soap, "2")]);

    // when
    let home = shop.owner.open(&shop.path(&tenant, "/"));

    // then
    home.is(200)
        .shows(".kpi", "Today,")
        .shows("#way ~ *, section", "2 packages")
        .shows("section", &last)
        .shows("section", "Product SOAP")
        .shows("section", "Last time 2 pc");
    let (waiting, href) = (home.texts("a.kpi .value"), home.attributes("a.kpi", "href"));
    // The next delivery leads to what is on its way.
    assert!(waiting[0].starts_with("Today,"), "{waiting:?}");
    assert_eq!((href[0].as_str(), home.count("h2#way")), ("#way", 1));
    assert_eq!(home.count("[aria-labelledby=way] li a"), 1);
    // What is on its way has its bill; 12 at ₹40 and 5 %.
    assert_eq!(waiting[1..], ["₹504.00", "₹0.00", "1", "0"]);
    // What waits to be confirmed is nothing that is on its way.
    assert_eq!(home.texts("a.kpi .delta")[4], "₹0.00 open");
    assert!(href[1].ends_with("/ledger"), "{href:?}");
    assert!(
        href[2].ends_with("/ledger/open?by=bill&bucket=late"),
        "{href:?}"
    );
    assert!(href[3].ends_with("/orders?status=to_approve"), "{href:?}");
    let theirs = other.owner.open(&other.path(&tenant, "/"));
    theirs
        .shows_not("main", &last)
        .shows_not("main", "Product SOAP")
        .shows("h2", "You are connected");
}

#[test]
fn every_figure_of_the_chart_leads_to_the_orders_of_its_days() {
    // given: two of today, one of five days ago, and one of the thirty days before
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "100");
    placed(&tenant, &shop, &[(soap, "1")]);
    placed(&tenant, &shop, &[(soap, "2")]);
    for (units, ago) in [("3", 5), ("4", 40)] {
        let number = placed(&tenant, &shop, &[(soap, units)]);
        run(
            tenant.app,
            &format!(
                "update orders set placed_at = placed_at - interval '{ago} days' where tenant_id = '{}' and number = '{number}'",
                tenant.id
            ),
        );
    }

    // when
    let page = tenant.owner.open(&tenant.path("/"));

    // then: the sums of the two lines, and the days of the table
    let links = |selector: &str| {
        let amounts = page.texts(selector);
        let hrefs = page.attributes(selector, "href");
        assert_eq!(amounts.len(), hrefs.len());
        amounts.into_iter().zip(hrefs).collect::<Vec<_>>()
    };
    let sums = links(".legend a");
    let days = links("details.data td a");
    let amounts = |links: &[(String, String)]| {
        let amounts = links.iter().map(|(amount, _)| amount.clone());
        amounts.collect::<Vec<_>>()
    };
    assert_eq!(amounts(&sums), ["₹252.00", "₹168.00"]);
    // 40 days ago stands beside the day ten days ago, which is above the one five days ago.
    assert_eq!(amounts(&days), ["168.00", "126.00", "126.00"]);
    assert_eq!(page.count("details.data tbody tr"), 30);
    assert_eq!(page.count("details.data tbody td"), 60);
    let rows = ["3", "1", "1", "1", "2"];
    for ((amount, href), rows) in sums.iter().chain(&days).zip(rows) {
        let list = tenant.owner.open(href);
        let amount = amount.trim_start_matches('₹');
        list.is(200)
            .shows(".pager", &format!("{rows} in all · ₹{amount} together"));
        assert_eq!(list.count("#list tbody tr").to_string(), rows, "{href}");
    }
}

#[test]
fn what_is_still_to_come_is_the_same_wherever_a_shop_reads_it() {
    // given: one order to be confirmed, one held, one confirmed, one of which four of ten are billed, and one that left whole
    let (tenant, second) = (tenant(), crate::support::tenant());
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "1000");
    run(
        tenant.app,
        &format!(
            "insert into customers (tenant_id, id, code, name) values ('{0}', '{0}', 'C1', 'The same shop');
             insert into connections (tenant_id, id, retailer_id, customer_id)
               select '{0}', '{0}', retailer_id, '{0}' from connections where customer_id = '{1}'",
            second.id, shop.customer
        ),
    );
    placed(&tenant, &shop, &[(soap, "1")]);
    let held = placed(&tenant, &shop, &[(soap, "2")]);
    run(
        tenant.app,
        &format!(
            "update orders set is_held = true, hold_reason = '{{\"key\": \"Held.\"}}' where tenant_id = '{0}' and number = '{held}'",
            tenant.id
        ),
    );
    confirmed(&tenant, &shop, &[(soap, "3")]);
    let part = confirmed(&tenant, &shop, &[(soap, "10")]);
    let picked = tenant
        .owner
        .post(&tenant.path(&format!("/orders/{part}/pick")), &[]);
    let number = picked.header("location").rsplit('/').next().unwrap();
    tenant
        .owner
        .open(&tenant.path(&format!("/shipments/{number}/pack")))
        .form("#pack")
        .fill("packed", "4")
        .fill("packages", "1")
        .submit()
        .is(303);
    billed(&tenant, number);
    shipment(&tenant, &shop, soap, Status::Out);

    // when
    let home = shop.owner.open(&shop.path(&tenant, "/"));
    let suppliers = shop.owner.open(&format!("/r/{}", shop.slug));

    // then: ₹126.00, and ₹252.00 of ₹420.00
    let delta = home.texts("a.kpi .delta");
    assert!(delta.contains(&"₹378.00 open".to_owned()), "{delta:?}");
    let (to_come, href) = (figure(&home, "To be delivered"), "/orders?status=confirmed");
    assert_eq!(to_come, ("2".to_owned(), shop.path(&tenant, href)));
    let base = shop.path(&tenant, "/orders");
    let links = suppliers.texts(&format!("dd a[href^='{base}']"));
    let hrefs = suppliers.attributes(&format!("dd a[href^='{base}']"), "href");
    assert_eq!(links, ["4", "₹378.00"]);
    assert_eq!(hrefs[1], to_come.1);

    // and the lists behind them come to it
    let open = shop.owner.open(&hrefs[0]);
    assert_eq!(open.is(200).count("#list tbody tr"), 4);
    let list = shop.owner.open(&hrefs[1]);
    list.is(200)
        .shows(".pager", "2 in all · ₹378.00 still to come");
    assert_eq!(
        list.texts("#list tbody td.num"),
        ["₹420.00₹252.00 still to come", "₹126.00"]
    );
    // the other supplier owes nothing
    let none = suppliers.texts(&format!(
        "dd a[href^='/r/{}/{}/orders']",
        shop.slug, second.slug
    ));
    assert_eq!(none, ["0", "₹0.00"]);
    sound(&tenant);
}

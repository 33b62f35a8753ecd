//! Figures of the books: each leads to its rows, whose foot says the same; both sides read the same documents.

use crate::support::books::{ago, code, owes, pays, today};
use crate::support::trade::{self, goods, placed, shop_of, sound};
use crate::support::{Browser, Page, Shop, Tenant, ask, run, tenant};
use mandi::accounting::rules::payment::Method;
use mandi::kernel::ids::ProductId;
use mandi::platform::permissions::Role;

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

/// Changes a row as no step of the product does: while the table's triggers sleep, for this transaction alone.
fn behind_its_back(tenant: &Tenant, table: &str, change: &str) {
    run(
        tenant.app,
        &format!(
            "alter table {table} disable trigger user; update {table} set {change}; alter table {table} enable trigger user"
        ),
    );
}

/// An invoice of ₹504.00 and a debit note of ₹12.60 on it, which is ₹13.00 to the rupee; one that a credit note takes back whole; one that
/// was cancelled; one of 40 days ago. The first was refused by the authority.
fn documents(tenant: &Tenant, shop: &Shop) {
    let bill = trade::an_invoice(tenant, shop);
    trade::a_note(tenant, &bill, false);
    trade::a_note(tenant, &trade::an_invoice(tenant, shop), true);
    trade::taken_back(tenant, &trade::an_invoice(tenant, shop));
    let old = trade::an_invoice(tenant, shop);
    let refused = format!(
        "status = 'failed_fix', why = null, faults = '[]' where id = '{}'",
        bill.id
    );
    behind_its_back(tenant, "einvoices", &refused);
    let earlier = format!(
        "document_date = document_date - 40, year = financial_year(document_date - 40) where id = '{}'",
        old.id
    );
    behind_its_back(tenant, "documents", &earlier);
}

#[test]
fn every_figure_of_the_books_is_the_sum_of_its_list() {
    // given: documents, ₹200 that are late, ₹300 that were paid
    let tenant = tenant();
    let shop = shop_of(&tenant);
    documents(&tenant, &shop);
    owes(&tenant, &shop, 200, (40, 31));
    pays(&tenant, &shop, (Method::Cash, 300), 3);

    // when
    let page = tenant.owner.open(&tenant.path("/"));

    // then: sales are bills and debit notes less credit notes; what was cancelled or is older does not count
    let (sales, href) = figure(&page, "Sales");
    assert_eq!(sales, "₹517.00");
    page.shows(".kpis", "4 documents in 30 days");
    let list = tenant.owner.open(&href);
    list.is(200)
        .shows("#foot", "4 documents come to ₹517.00.")
        .shows(".pager", "4 in all");
    let mut amounts = list.texts("#list tbody td:last-child");
    amounts.sort();
    assert_eq!(amounts, ["₹13.00", "₹504.00", "₹504.00", "−₹504.00"]);
    // without days it is the same thirty
    tenant
        .owner
        .open(&tenant.path("/reports/sales"))
        .shows("#foot", "4 documents come to ₹517.00.");
    let all = format!("/reports/sales?from={}", ago(&tenant, 60));
    tenant
        .owner
        .open(&tenant.path(&all))
        .shows("#foot", "5 documents come to ₹1,021.00.");
    tenant
        .owner
        .open(&tenant.path("/reports/sales?kind=credit_note"))
        .shows("#foot", "1 document comes to −₹504.00.");

    let (collected, href) = figure(&page, "Collected");
    assert_eq!(collected, "₹300.00");
    let list = tenant.owner.open(&href);
    list.shows(".pager", "1 in all · ₹300.00 together");

    let (overdue, href) = figure(&page, "Overdue");
    assert_eq!(overdue, "₹200.00");
    let list = tenant.owner.open(&href);
    list.shows("#foot", "1 open item comes to ₹200.00.");

    let (refused, href) = figure(&page, "E-invoices refused");
    assert_eq!(refused, "1");
    page.shows(".todo b", "1 e-invoice refused");
    let list = tenant.owner.open(&href);
    list.shows("#foot", "1 document comes to ₹504.00.");
    assert_eq!(list.count("#list tbody tr"), 1);

    // and receivables by age, bucket by bucket
    let amounts = page.texts("[aria-labelledby=ages] dd");
    for (place, href) in page
        .attributes("[aria-labelledby=ages] dt a", "href")
        .iter()
        .enumerate()
    {
        if amounts[place] != "₹0.00" {
            let wanted = format!("to {}.", amounts[place]);
            tenant.owner.open(href).shows("#foot", &wanted);
        }
    }
    assert_eq!(amounts.last().unwrap(), "₹921.00");
}

#[test]
fn both_sides_say_what_is_owed_late_and_paid() {
    // given: two shops
    let tenant = tenant();
    let (shop, other) = (shop_of(&tenant), shop_of(&tenant));
    let bill = trade::an_invoice(&tenant, &shop);
    owes(&tenant, &shop, 200, (40, 31));
    owes(&tenant, &shop, 90, (9, 2));
    owes(&tenant, &other, 70, (9, 2));
    pays(&tenant, &shop, (Method::Upi, 30), 3);
    pays(&tenant, &shop, (Method::Cash, 300), 1);

    // when
    let home = shop.owner.open(&shop.path(&tenant, "/"));
    let list = tenant.owner.open(&tenant.path("/ledger"));

    // then: 504 + 200 + 90 − 330
    let (owed, href) = figure(&home, "I owe");
    assert_eq!(owed, "₹464.00");
    shop.owner.open(&href).shows("#balance", "₹464.00");
    let (late, href) = figure(&home, "Overdue");
    assert_eq!(late, "₹290.00");
    let rows = shop.owner.open(&href);
    rows.is(200)
        .shows("#foot", "2 open items come to ₹290.00.")
        .shows_not("main", &bill.number);
    assert_eq!(rows.count("#list tbody tr"), 2);
    let (paid, href) = figure(&home, "Last payment");
    assert_eq!(paid, "₹300.00");
    let entries = shop.owner.open(&href);
    assert_eq!(entries.count("#entries tbody tr"), 2);
    entries
        .shows("#entries", "₹300.00")
        .shows_not("#entries", "₹30.00");
    // every bucket of its ledger leads to its rows
    let ledger = shop.owner.open(&shop.path(&tenant, "/ledger"));
    let amounts = ledger.texts("[aria-labelledby=owed] dd");
    let hrefs = ledger.attributes("[aria-labelledby=owed] dt a", "href");
    assert_eq!(hrefs.len(), amounts.len());
    for (href, amount) in hrefs.iter().zip(&amounts) {
        if amount != "₹0.00" {
            let wanted = format!("to {amount}.");
            shop.owner.open(href).shows("#foot", &wanted);
        }
    }
    shop.owner
        .open(&shop.path(&tenant, "/ledger/open"))
        .shows("#foot", "5 open items come to ₹464.00.")
        .shows("#list", &bill.number);

    // and the company's list says the same of it, and of all
    list.is(200).shows(
        "#foot",
        "2 customers owe ₹534.00; ₹360.00 are overdue, ₹330.00 not used up.",
    );
    let path = |rest: &str| tenant.path(&format!("/ledger?{rest}"));
    let row = |query: &str| {
        let list = tenant.owner.open(&path(query));
        list.is(200);
        // Narrow pages name each amount before it.
        let last = |cell: String| cell.rsplit(' ').next().unwrap_or_default().to_owned();
        let cells = list.texts("#list tbody td");
        cells.into_iter().map(last).collect::<Vec<_>>()
    };
    let shop_code = code(&tenant, &shop);
    assert_eq!(
        row(&format!("q={shop_code}")),
        ["₹464.00", "₹290.00", "₹330.00"]
    );
    assert_eq!(row("state=left"), ["₹464.00", "₹290.00", "₹330.00"]);
    let late = ["₹464.00", "₹290.00", "₹330.00", "₹70.00", "₹70.00", "–"];
    assert_eq!(row("state=late&sort=-overdue"), late);
    assert_eq!(row("sort=-balance"), late);
    let smallest_first = row("sort=balance");
    assert_eq!(smallest_first[0], "₹70.00", "{smallest_first:?}");
    tenant.owner.open(&path("state=left")).shows(
        "#foot",
        "1 customer owes ₹464.00; ₹290.00 are overdue, ₹330.00 not used up.",
    );
    // its figures lead to their rows
    let mine = tenant.owner.open(&path(&format!("q={shop_code}")));
    let hrefs = mine.attributes("#list tbody td a", "href");
    for (href, wanted) in hrefs.iter().zip(["to ₹290.00.", "to −₹330.00."]) {
        tenant.owner.open(href).shows("#foot", wanted);
    }
    assert_eq!(hrefs.len(), 2);
    let (status, _, bytes) = tenant.owner.bytes(
        &tenant
            .owner
            .url(&tenant.path("/ledger/export?format=csv&state=left")),
    );
    let csv = String::from_utf8(bytes).unwrap();
    assert_eq!((status, csv.lines().count()), (200, 2), "{csv}");
    assert!(csv.contains("464.00,290.00,330.00"), "{csv}");

    // and the other shop reads its own alone
    let theirs = other.owner.open(&other.path(&tenant, "/ledger/open"));
    theirs.shows("#foot", "1 open item comes to ₹70.00.");
    sound(&tenant);
}

#[test]
fn a_retailer_of_two_suppliers_sees_each_on_its_own() {
    // given: the same shop buys from two companies
    let (one, two) = (tenant(), tenant());
    let shop = shop_of(&one);
    owes(&one, &shop, 200, (40, 31));
    pays(&one, &shop, (Method::Cash, 50), 1);
    run(
        one.app,
        &format!(
            "insert into customers (tenant_id, id, code, name) values ('{0}', '{0}', 'C1', 'The same shop');
             insert into connections (tenant_id, id, retailer_id, customer_id)
               select '{0}', '{0}', retailer_id, '{0}' from connections where customer_id = '{1}'",
            two.id, shop.customer
        ),
    );

    // when
    let page = shop.owner.open(&format!("/r/{}", shop.slug));

    // then
    let cards = page.is(200).texts("main section");
    assert_eq!(cards.len(), 2);
    let card = |tenant: &Tenant| {
        let marker = format!("/r/{}/{}/", shop.slug, tenant.slug);
        let of_it = page.attributes("main section a", "href");
        of_it
            .into_iter()
            .filter(|href| href.starts_with(&marker))
            .collect::<Vec<_>>()
    };
    let day = ago(&one, 1);
    let base = format!("/r/{}/{}", shop.slug, one.slug);
    assert_eq!(
        card(&one),
        [
            format!("{base}/ledger"),
            format!("{base}/ledger/open?by=bill&bucket=late"),
            format!("{base}/ledger?from={day}&to={day}"),
            format!("{base}/orders?status=to_approve&status=confirmed"),
            format!("{base}/orders?status=confirmed"),
            format!("{base}/"),
        ]
    );
    assert_eq!(card(&two).len(), 5);
    let figures = page.texts("main section dd");
    assert!(figures.contains(&"₹150.00".to_owned()), "{figures:?}");
    assert!(figures.contains(&"₹200.00".to_owned()), "{figures:?}");
    assert!(
        figures.iter().any(|figure| figure.starts_with("₹50.00")),
        "{figures:?}"
    );
    for href in card(&one).iter().chain(&card(&two)) {
        shop.owner.get(href).is(200);
    }
}

/// A company with a shop that may owe ₹600.00, and soap at 40 rupees before 5 % GST.
fn limited() -> (Tenant, Shop, ProductId) {
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let soap = goods(&tenant, "SOAP", "40", "1000");
    limit(&tenant, &shop, "600");
    (tenant, shop, soap)
}

fn limit(tenant: &Tenant, shop: &Shop, rupees: &str) {
    run(
        tenant.app,
        &format!(
            "update customers set credit_limit = {rupees}, updated_at = now() where id = '{}'",
            shop.customer
        ),
    );
}

fn is_held(tenant: &Tenant, order: &str) -> String {
    ask(
        tenant.app,
        &format!(
            "select is_held::text as value from orders where tenant_id = '{}' and number = '{order}'",
            tenant.id
        ),
    )
}

#[test]
fn credit_holds_say_what_frees_each_order() {
    // given: three orders of ₹504.00 of which the first fits, one of another shop, and one that a person holds
    let (tenant, shop, soap) = limited();
    let other = shop_of(&tenant);
    limit(&tenant, &other, "100");
    placed(&tenant, &shop, &[(soap, "12")]);
    let second = placed(&tenant, &shop, &[(soap, "12")]);
    let third = placed(&tenant, &shop, &[(soap, "12")]);
    let theirs = placed(&tenant, &other, &[(soap, "10")]);
    limit(&tenant, &other, "null");
    let by_hand = placed(&tenant, &other, &[(soap, "1")]);
    limit(&tenant, &other, "100");
    tenant
        .owner
        .post(
            &tenant.path(&format!("/orders/{by_hand}/hold")),
            &[("reason", "Call first")],
        )
        .is(303);
    let page = || tenant.owner.open(&tenant.path("/credit-holds"));
    let rows = |page: &Page| {
        let numbers = page.texts("#list tbody th a");
        let over = page.texts("#list tbody td b");
        numbers.into_iter().zip(over).collect::<Vec<_>>()
    };
    let own = |number: &str, over: &str| (number.to_owned(), over.to_owned());

    // when
    let list = page();

    // then: what is paid for a later one frees those before it
    assert_eq!(
        rows(&list),
        [
            own(&second, "₹408.00"),
            own(&third, "₹912.00"),
            own(&theirs, "₹362.00"),
        ]
    );
    list.is(200).shows(
        "#foot",
        "3 orders come to ₹1,428.00; ₹1,274.00 free all of them.",
    );
    let one = tenant
        .owner
        .open(&tenant.path(&format!("/credit-holds?q={third}")));
    assert_eq!(rows(&one), [own(&third, "₹912.00")]);
    one.shows("#foot", "1 order comes to ₹504.00; ₹912.00 free it.");
    let (status, _, bytes) = tenant.owner.bytes(
        &tenant
            .owner
            .url(&tenant.path("/credit-holds/export?format=csv")),
    );
    let csv = String::from_utf8(bytes).unwrap();
    assert_eq!((status, csv.lines().count()), (200, 4), "{csv}");

    // and when that is paid from the row's own link
    let href = &list.attributes("#list td a.btn", "href")[0];
    let form = tenant.owner.open(href);
    assert_eq!(
        form.attribute("input[name=amount]", "value").as_deref(),
        Some("408.00")
    );
    form.form("#payment")
        .fill("method", "cash")
        .submit()
        .is(303);

    // then it goes on, and the next one waits for what it still needs
    assert_eq!(is_held(&tenant, &second), "false");
    assert_eq!(
        rows(&page()),
        [own(&third, "₹504.00"), own(&theirs, "₹362.00")]
    );
    // another company sees none of them
    let rival = crate::support::tenant();
    let theirs = rival.owner.open(&rival.path("/credit-holds"));
    theirs.is(200).shows("main", "No order waits for credit");
    rival.owner.get(&tenant.path("/credit-holds")).is(404);
    sound(&tenant);
}

#[test]
fn nobody_is_told_what_its_role_may_not_see() {
    // given
    let tenant = tenant();
    let shop = shop_of(&tenant);
    documents(&tenant, &shop);
    owes(&tenant, &shop, 200, (40, 31));
    let labels = |browser: &Browser| browser.open(&tenant.path("/")).texts(".kpi .label");
    let money = ["Sales", "Collected", "Overdue", "E-invoices refused"];
    let told = |browser: &Browser| {
        let labels = labels(browser);
        money.map(|figure| labels.iter().any(|label| label == figure))
    };
    let role = |role: Role| tenant.employee(role).1;
    let (keeper, driver, viewer) = (
        role(Role::Warehouse),
        role(Role::Driver),
        role(Role::Viewer),
    );

    // then: documents without payments and ledgers; nothing; everything
    assert_eq!(told(&keeper), [true, false, false, true]);
    assert_eq!(told(&driver), [false; 4]);
    assert_eq!(told(&viewer), [true; 4]);
    let ages = |browser: &Browser| {
        let page = browser.open(&tenant.path("/"));
        page.count("[aria-labelledby=ages]")
    };
    assert_eq!([ages(&keeper), ages(&driver), ages(&viewer)], [0, 0, 1]);
    for (path, kept) in [
        ("/reports/sales", 200),
        ("/reports/sales/export", 200),
        ("/ledger", 403),
        ("/ledger/export", 403),
        ("/credit-holds", 403),
        ("/credit-holds/export", 403),
        ("/reports/ageing", 403),
    ] {
        keeper.get(&tenant.path(path)).is(kept);
        driver.get(&tenant.path(path)).is(403);
    }
    // the list stands at the address of reports, too
    let day = today(&tenant);
    let there = viewer.open(&tenant.path(&format!("/reports/ageing?on={day}")));
    let here = viewer.open(&tenant.path(&format!("/receivables?on={day}")));
    there.is(200);
    assert_eq!(there.texts("#foot"), here.texts("#foot"));
    // a company that sends nothing to the authority hears nothing of it
    let quiet = crate::support::tenant();
    let page = quiet.owner.open(&quiet.path("/"));
    assert_eq!(figure(&page, "Sales").0, "₹0.00");
    page.shows_not(".kpis", "E-invoices refused");
}

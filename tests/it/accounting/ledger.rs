//! Statements and receivables: running balances, files, and the same figures on both sides.

use crate::support::books::{ago, code, opening, owes, pays, within};
use crate::support::trade::{self, shop_of, sound};
use crate::support::{Page, Shop, Tenant, ask, ask_on, pdf, run, tenant};
use diesel::connection::SimpleConnection;
use mandi::accounting::rules::payment::Method;
use mandi::error::AppError;
use mandi::kernel::dates;
use mandi::kernel::language::Lang;
use mandi::ledger::model::{Period, Statement};

/// The rows of entries, each in one line.
fn entries(page: &Page) -> Vec<String> {
    page.rows("#entries tbody tr")
        .into_iter()
        .map(|row| {
            // What only narrow pages show is no figure.
            let row = row.replace("Debit ", "").replace("Credit ", "");
            row.replace("Balance ", "")
        })
        .collect()
}

fn sums(page: &Page) -> Vec<String> {
    page.texts("#sums dd")
}

fn office(tenant: &Tenant, shop: &Shop, query: &str) -> Page {
    let path = format!("/ledger/{}{query}", code(tenant, shop));
    let page = tenant.owner.open(&tenant.path(&path));
    page.is(200);
    page
}

fn portal(tenant: &Tenant, shop: &Shop, query: &str) -> Page {
    let page = shop
        .owner
        .open(&shop.path(tenant, &format!("/ledger{query}")));
    page.is(200);
    page
}

/// A shop with a history: bills, a part payment, a cheque that came back.
fn history(tenant: &Tenant) -> Shop {
    let shop = shop_of(tenant);
    owes(tenant, &shop, 900, (80, 50));
    owes(tenant, &shop, 250, (40, 10));
    let paid = pays(tenant, &shop, (Method::Cheque, 1000), 20);
    let path = tenant.path(&format!("/payments/{paid}"));
    tenant
        .owner
        .post(&format!("{path}/allocate"), &[("op", "oldest")])
        .is(303);
    tenant
        .owner
        .post(
            &format!("{path}/bounce"),
            &[
                ("bounced_on", &ago(tenant, 7).to_string()),
                ("reason", "Funds insufficient"),
            ],
        )
        .is(303);
    pays(tenant, &shop, (Method::Upi, 300), 2);
    shop
}

#[test]
fn opening_and_movements_come_to_the_closing_balance() {
    // given
    let tenant = tenant();
    let shop = history(&tenant);
    let (from, to) = (ago(&tenant, 45), ago(&tenant, 5));

    // when
    let page = office(&tenant, &shop, &format!("?from={from}&to={to}"));

    // then: 900 before; in it 250 more, 1,000 less, 1,000 more
    assert_eq!(
        sums(&page),
        ["₹900.00", "₹1,250.00", "₹1,000.00", "₹1,150.00"]
    );
    let day = |days: i64| dates::date(ago(&tenant, days), Lang::En);
    let rows = entries(&page);
    assert_eq!(rows.len(), 4, "{rows:?}");
    assert_eq!(rows[0], "Opening balance ₹900.00");
    assert!(rows[1].starts_with(&format!("{} Opening balance", day(40))));
    assert!(rows[1].ends_with("₹250.00 ₹1,150.00"), "{rows:?}");
    assert!(rows[2].contains("Payment received RC-"), "{rows:?}");
    assert!(rows[2].contains("Cheque · 004711"), "{rows:?}");
    assert!(rows[2].ends_with("₹1,000.00 ₹150.00"), "{rows:?}");
    assert!(rows[3].starts_with(&format!("{} Cheque returned RC-", day(7))));
    assert!(rows[3].ends_with("₹1,000.00 ₹1,150.00"), "{rows:?}");

    // and a period before, between and after
    let nothing = |from: i64, to: i64| {
        let (from, to) = (ago(&tenant, from), ago(&tenant, to));
        sums(&office(&tenant, &shop, &format!("?from={from}&to={to}")))
    };
    assert_eq!(nothing(400, 200), ["₹0.00", "₹0.00", "₹0.00", "₹0.00"]);
    assert_eq!(
        nothing(400, 0),
        ["₹0.00", "₹2,150.00", "₹1,300.00", "₹850.00"]
    );
    assert_eq!(nothing(6, 3), ["₹1,150.00", "₹0.00", "₹0.00", "₹1,150.00"]);
    sound(&tenant);
}

#[test]
fn both_sides_see_the_same_figures() {
    // given
    let tenant = tenant();
    let shop = history(&tenant);
    let other = history(&tenant);
    let query = format!("?from={}&to={}", ago(&tenant, 60), ago(&tenant, 0));

    // when
    let (ours, theirs) = (
        office(&tenant, &shop, &query),
        portal(&tenant, &shop, &query),
    );

    // then: entry by entry, sum by sum, age by age
    assert_eq!(entries(&ours), entries(&theirs));
    assert!(entries(&ours).len() > 3);
    assert_eq!(sums(&ours), sums(&theirs));
    let ages = |page: &Page| {
        let card = "[aria-labelledby=owed] .dl:first-of-type";
        (
            page.texts(&format!("{card} dt")),
            page.texts(&format!("{card} dd")),
        )
    };
    assert_eq!(ages(&ours), ages(&theirs));
    assert_eq!(ours.texts("#balance"), theirs.texts("#balance"));
    assert_eq!(ours.texts("#balance"), ["₹850.00"]);
    let file = |page: &Page, browser: &crate::support::Browser| {
        let href = page
            .attributes(".head .actions a", "href")
            .into_iter()
            .find(|href| href.contains("format=csv"))
            .unwrap();
        let (status, _, bytes) = browser.bytes(&browser.url(&href));
        assert_eq!(status, 200);
        String::from_utf8(bytes).unwrap()
    };
    let csv = file(&ours, &tenant.owner);
    assert_eq!(csv, file(&theirs, &shop.owner));
    assert!(csv.contains("Closing balance"), "{csv}");
    assert!(csv.trim_end().ends_with("850.00"), "{csv}");

    // and the retailer's own page in Hindi has the same figures; another shop's are its own
    assert_eq!(
        theirs.count("#entries tbody tr"),
        ours.count("#entries tbody tr")
    );
    let neighbour = portal(&tenant, &other, &query);
    assert_eq!(neighbour.texts("#balance"), ["₹850.00"]);
    neighbour.shows_not("main", "Receivables");
    // A shop sees its own company's books only: its path at another company is none.
    let rival = crate::support::tenant();
    shop.owner.open(&shop.path(&rival, "/ledger")).is(404);
}

#[test]
fn a_real_invoice_is_owed_paid_and_credited_on_both_sides() {
    // given: an invoice of ₹504.00
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let bill = trade::an_invoice(&tenant, &shop);
    let row = format!("Invoice {}", bill.number);
    let here = tenant.path(&format!("/invoices/{}", bill.url_no));
    office(&tenant, &shop, "").shows("#entries", &row);
    let theirs = portal(&tenant, &shop, "");
    theirs.shows("#entries", &row).shows("#balance", "₹504.00");
    assert_eq!(
        theirs.attributes("#entries a", "href"),
        [shop.path(&tenant, &format!("/bills/{}", bill.url_no))]
    );
    tenant.owner.open(&here).shows(".doc-bar .pill", "Unpaid");

    // when: half of it is paid, then the rest and more
    let pay = |rupees: &str| {
        let path = format!("/payments/new?customer={}", code(&tenant, &shop));
        tenant
            .owner
            .open(&tenant.path(&path))
            .form("#payment")
            .fill("amount", rupees)
            .fill("method", "upi")
            .submit()
            .is(303);
    };
    pay("252");

    // then
    tenant
        .owner
        .open(&here)
        .shows(".doc-bar .pill", "Part paid");
    portal(&tenant, &shop, "").shows("#balance", "₹252.00");
    pay("300");
    tenant.owner.open(&here).shows(".doc-bar .pill", "Paid");

    // and a credit note is money that is left, which pays the next bill
    let next = trade::an_invoice(&tenant, &shop);
    let note = trade::a_note(&tenant, &bill, true);
    let more = trade::a_note(&tenant, &next, false);
    let page = office(&tenant, &shop, "");
    page.shows("[aria-labelledby=credits]", &note.number);
    let balance = page.texts("#balance");
    // what the shop has paid ahead, it reads as its advance
    let ahead = balance[0].strip_prefix('−').unwrap();
    let theirs = portal(&tenant, &shop, "");
    theirs.shows("#owed", "My advance");
    assert_eq!(theirs.texts("#balance"), [ahead]);
    let credit = page.attribute("[aria-labelledby=credits] form", "id");
    page.form(&format!("#{}", credit.unwrap())).submit().is(303);
    let page = office(&tenant, &shop, "");
    page.shows("[aria-labelledby=open]", &next.number);
    assert_eq!(page.texts("#balance"), balance);

    // and notes lead the shop to themselves, and are figures in a file
    let theirs = portal(&tenant, &shop, "");
    for (note, kind) in [(&note, "credit-note"), (&more, "debit-note")] {
        let href = shop.path(&tenant, &format!("/bills/{}?kind={kind}", note.url_no));
        let links = theirs.attributes("#entries a", "href");
        assert!(links.contains(&href), "{href} in {links:?}");
        shop.owner.open(&href).is(200).shows("main", &note.number);
    }
    let csv = shop.path(&tenant, "/ledger/export?format=csv");
    let (status, _, bytes) = shop.owner.bytes(&shop.owner.url(&csv));
    let csv = String::from_utf8(bytes).unwrap();
    assert_eq!((status, csv.contains("'-")), (200, false), "{csv}");
    assert!(csv.contains(",300.00,-48.00"), "{csv}");

    // and the papers of both sides say what the pages say
    let text = |browser: &crate::support::Browser, path: &str| {
        let (status, headers, bytes) = browser.bytes(&browser.url(path));
        assert_eq!(status, 200, "{path}");
        assert_eq!(headers["content-type"], "application/pdf");
        pdf::text(&bytes)
    };
    let path = format!("/ledger/{}/pdf", code(&tenant, &shop));
    let ours = text(&tenant.owner, &tenant.path(&path));
    let theirs = text(&shop.owner, &shop.path(&tenant, "/ledger/pdf"));
    let gstin = ask(
        tenant.app,
        &format!(
            "select 'GSTIN ' || gstin as value from gst_registrations where tenant_id = '{}'",
            tenant.id
        ),
    );
    for words in [
        &bill.number,
        &next.number,
        &note.number,
        &balance[0],
        &gstin,
    ] {
        assert!(ours.contains(words.as_str()), "{words} in {ours}");
        assert!(theirs.contains(words.as_str()), "{words} in {theirs}");
    }
    sound(&tenant);
}

#[test]
fn a_long_ledger_runs_on_over_its_pages_and_back() {
    // given: 60 entries of a rupee each, and a payment in between
    let tenant = tenant();
    let shop = shop_of(&tenant);
    for day in (0..60).rev() {
        let rupees = if day == 30 { -10 } else { 1 };
        let due = (rupees > 0).then_some(day);
        opening(&tenant, &shop, rupees, (day, due));
    }
    let query = format!("?from={}&to={}", ago(&tenant, 59), ago(&tenant, 0));

    // when
    let first = office(&tenant, &shop, &query);
    let next = |page: &Page, rel: &str| {
        let hrefs = page.attributes(".pager a", "href");
        let href = hrefs.iter().find(|href| href.contains(rel));
        tenant.owner.open(href.unwrap())
    };
    let second = next(&first, "after=");
    let third = next(&second, "after=");
    let again = next(&third, "before=");

    // then: each page begins where the one before it ended
    let edge = |page: &Page| {
        let rows = entries(page);
        let last = |row: &String| row.split_whitespace().last().unwrap().to_owned();
        (rows.len() - 1, last(&rows[0]), last(rows.last().unwrap()))
    };
    let figures = |rows: usize, from: &str, to: &str| (rows, from.to_owned(), to.to_owned());
    assert_eq!(edge(&first), figures(25, "₹0.00", "₹25.00"));
    assert_eq!(edge(&second), figures(25, "₹25.00", "₹39.00"));
    assert_eq!(edge(&third), figures(10, "₹39.00", "₹49.00"));
    assert_eq!(edge(&again), edge(&second));
    assert_eq!(entries(&again), entries(&second));
    second.shows("#entries", "Brought forward");
    for page in [&first, &second, &third] {
        assert_eq!(sums(page), ["₹0.00", "₹59.00", "₹10.00", "₹49.00"]);
    }
}

#[test]
fn every_bucket_leads_to_its_rows_and_their_sum() {
    // given: two shops that owe, one of them with money left
    let tenant = tenant();
    let (one, two) = (shop_of(&tenant), shop_of(&tenant));
    owes(&tenant, &one, 700, (9, -5));
    owes(&tenant, &one, 200, (40, 31));
    owes(&tenant, &two, 100, (40, 30));
    owes(&tenant, &two, 50, (200, 91));
    pays(&tenant, &two, (Method::Cash, 30), 3);

    // when
    let page = tenant.owner.open(&tenant.path("/receivables"));

    // then: who owes most is first
    page.is(200)
        .shows("[aria-labelledby=ages] header", "₹1,020.00")
        .shows("#foot", "5 open items come to ₹1,020.00.");
    let names = page.texts("#list tbody th .sub");
    assert_eq!(names.len(), 2);
    assert!(names[0].starts_with(&code(&tenant, &one)), "{names:?}");
    assert_eq!(
        page.texts("#list tbody td:last-child b"),
        ["₹900.00", "₹120.00"]
    );
    // every bucket's rows come to its figure
    let labels = page.texts("[aria-labelledby=ages] dt");
    let amounts = page.texts("[aria-labelledby=ages] dd");
    let hrefs = page.attributes("[aria-labelledby=ages] dt a", "href");
    assert_eq!(hrefs.len(), 7, "{labels:?}");
    for (place, href) in hrefs.iter().enumerate() {
        let rows = tenant.owner.open(href);
        rows.is(200);
        if amounts[place] != "₹0.00" {
            rows.shows("#foot", &format!(" to {}.", amounts[place]));
        }
    }
    assert_eq!(
        amounts,
        [
            "₹50.00",
            "₹0.00",
            "₹200.00",
            "₹100.00",
            "₹700.00",
            "−₹30.00",
            "₹1,020.00"
        ]
    );
    let late = tenant
        .owner
        .open(&tenant.path("/receivables?by=bill&bucket=late"));
    late.shows("#foot", "3 open items come to ₹350.00.");
    assert_eq!(late.count("#list tbody tr"), 3);
    // of one customer, and as of a day before the latest
    let path = format!(
        "/receivables?by=bill&customer={}&on={}",
        code(&tenant, &two),
        ago(&tenant, 4)
    );
    tenant
        .owner
        .open(&tenant.path(&path))
        .shows("#foot", "2 open items come to ₹150.00.");
    tenant
        .owner
        .open(&tenant.path("/receivables?customer=NOBODY"))
        .is(404);
    // as a file, and a company that has its own buckets
    let (status, _, bytes) = tenant.owner.bytes(
        &tenant
            .owner
            .url(&tenant.path("/receivables/export?by=bill&format=csv")),
    );
    assert_eq!(status, 200);
    assert_eq!(String::from_utf8(bytes).unwrap().lines().count(), 6);
    run(
        tenant.app,
        &format!(
            "insert into accounting_settings (tenant_id, id, age_buckets) values ('{}', gen_random_uuid(), '{{15,45}}')",
            tenant.id
        ),
    );
    let page = tenant.owner.open(&tenant.path("/receivables"));
    assert_eq!(
        page.texts("[aria-labelledby=ages] dt"),
        [
            "Over 45 days",
            "16–45 days",
            "1–15 days",
            "Not due",
            "Unallocated",
            "Together"
        ]
    );
    assert_eq!(
        portal(&tenant, &two, "").texts("[aria-labelledby=owed] dl dt"),
        page.texts("[aria-labelledby=ages] dt")
    );
    sound(&tenant);
}

#[test]
fn a_hundred_thousand_entries_agree_on_any_day() {
    // given: a customer with 100,000 entries over four years, a third of its bills open
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let (id, customer) = (tenant.id, shop.customer);
    run(
        tenant.app,
        &format!(
            "begin;
             -- Where other tests have told the planner of small customers alone, it would join these row by row, for minutes.
             set local enable_nestloop = off;
             insert into customer_accounts (tenant_id, id) values ('{id}', '{customer}') on conflict do nothing;
             insert into ledger_entries (tenant_id, id, customer_id, kind, entry_date, due_on, amount, reason, at)
               select '{id}', gen_random_uuid(), '{customer}', 'opening', d, case when n % 2 = 0 then d + 30 end, case when n % 2 = 0 then 100 else -100 end, 'Old book', now()
                 from (select n, '2022-11-01'::date + n * 1480 / 100000 as d from generate_series(1, 100000) n) n;
             insert into allocations (tenant_id, customer_id, credit_id, debit_id, amount, entry_date, cause, at)
               select '{id}', '{customer}', c.id, d.id, 100, greatest(c.entry_date, d.entry_date) + 3, 'oldest_first', now()
                 from (select id, entry_date, row_number() over (order by entry_date, id) as n from open_items where customer_id = '{customer}' and side = 'credit') c
                 join (select id, entry_date, row_number() over (order by entry_date, id) as n from open_items where customer_id = '{customer}' and side = 'debit') d on d.n = c.n
                 where c.n <= 47000;
             commit;
             analyze ledger_entries, open_items, allocations, ledger_months"
        ),
    );

    // when, then: its pages open, and the balance is what is open
    for query in [
        "",
        "?from=2026-07-01&to=2026-09-30",
        "?from=2023-04-01&to=2024-03-31",
    ] {
        office(&tenant, &shop, query).is(200);
    }
    let mut pg = tenant.app.owner();
    pg.batch_execute(&format!(
        "begin; select set_config('role', 'mandi_app', true), set_config('app.tenant_id', '{id}', true), set_config('app.customer_id', '', true)"
    ))
    .unwrap();
    let value = ask_on(
        &mut pg,
        &format!(
            "select (balance_on('{customer}', '2026-12-31') = (select sum(case side when 'debit' then open else -open end) from open_on('2026-12-31', '{customer}')))::text as value"
        ),
    );
    assert_eq!(value, "true");
    // What is asked of one customer is what is asked of all, on any day.
    for day in ["2022-10-01", "2024-05-17", "2025-12-31", "2026-12-31"] {
        let value = ask_on(
            &mut pg,
            &format!(
                "select (select count(*) from (select * from open_of('{customer}', '{day}') except select * from open_on('{day}')) m) || ' '
                     || (select count(*) from (select * from open_on('{day}') except select * from open_of('{customer}', '{day}')) l) || ' '
                     || (select count(*) > 0 from open_of('{customer}', '{day}')) as value"
            ),
        );
        assert_eq!(value, format!("0 0 {}", day > "2022-10-02"), "{day}");
    }
}

#[test]
fn ages_of_some_customers_lead_to_their_rows_alone() {
    // given: two shops with the same words in their names, and another
    let tenant = tenant();
    let (one, two, other) = (shop_of(&tenant), shop_of(&tenant), shop_of(&tenant));
    for (shop, rupees) in [(&one, 700), (&two, 200), (&other, 5000)] {
        owes(&tenant, shop, rupees, (40, 31));
    }
    run(
        tenant.app,
        &format!(
            "update customers set name = 'Ganesh & Sons' where id = '{}'; update customers set name = 'Ganesh & Sons, Salem' where id = '{}'",
            one.customer, two.customer
        ),
    );
    let two_code = code(&tenant, &two);
    let sums = |query: &str| {
        let page = tenant
            .owner
            .open(&tenant.path(&format!("/receivables{query}")));
        let amounts = page.texts("[aria-labelledby=ages] dd");
        let hrefs = page.attributes("[aria-labelledby=ages] dt a", "href");
        let place = amounts.iter().position(|amount| amount != "₹0.00").unwrap();
        let rows = tenant.owner.open(&hrefs[place]);
        (amounts[place].clone(), rows.texts("#foot").concat())
    };

    // when, then: what a figure says is what its rows come to
    let said = |count: &str, amount: &str| (amount.to_owned(), format!("{count} {amount}."));
    assert_eq!(
        sums("?q=ganesh+%26"),
        said("2 open items come to", "₹900.00")
    );
    assert_eq!(
        sums("?q=ganesh+%26&by=bill&bucket=1"),
        said("2 open items come to", "₹900.00")
    );
    let of_two = format!("?customer={two_code}");
    assert_eq!(sums(&of_two), said("1 open item comes to", "₹200.00"));
    assert_eq!(
        sums(&format!("{of_two}&by=bill&on={}", ago(&tenant, 0))),
        said("1 open item comes to", "₹200.00")
    );
    assert_eq!(sums(""), said("3 open items come to", "₹5,900.00"));
}

#[test]
fn the_balances_of_some_customers_are_added_up() {
    // given: one who owes and is late, one whose bill is not due, one with money left, one with nothing
    let tenant = tenant();
    let shops = [(); 4].map(|()| shop_of(&tenant));
    owes(&tenant, &shops[0], 700, (40, 31));
    owes(&tenant, &shops[0], 30, (4, 0));
    owes(&tenant, &shops[1], 200, (4, -9));
    pays(&tenant, &shops[2], (Method::Cash, 50), 3);
    let foot = |query: &str| {
        let page = tenant.owner.open(&tenant.path(&format!("/ledger{query}")));
        page.texts("#foot").concat()
    };

    // when, then
    for (query, said) in [
        (
            "",
            "4 customers owe ₹880.00; ₹700.00 are overdue, ₹50.00 not used up.",
        ),
        (
            "?state=owes",
            "2 customers owe ₹930.00; ₹700.00 are overdue, ₹0.00 not used up.",
        ),
        (
            "?state=late",
            "1 customer owes ₹730.00; ₹700.00 are overdue, ₹0.00 not used up.",
        ),
        (
            "?state=left",
            "1 customer owes −₹50.00; ₹0.00 are overdue, ₹50.00 not used up.",
        ),
    ] {
        assert_eq!(foot(query), said, "{query}");
    }
    assert_eq!(foot("?state=owes&state=left"), "");
}

#[test]
fn a_statement_is_whole_or_refused_in_words() {
    // given: 5,001 entries in two years, a rupee each
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let (id, customer) = (tenant.id, shop.customer);
    run(
        tenant.app,
        &format!(
            "insert into customer_accounts (tenant_id, id, balance) values ('{id}', '{customer}', 5001) on conflict (tenant_id, id) do update set balance = 5001;
             insert into ledger_entries (tenant_id, id, customer_id, kind, entry_date, due_on, amount, reason, at)
               select '{id}', gen_random_uuid(), '{customer}', 'opening', d, d, 1, 'Old book', now() from (select '2024-04-01'::date + n / 10 as d from generate_series(1, 5001) n) n"
        ),
    );
    let ours = tenant.path(&format!("/ledger/{}", code(&tenant, &shop)));
    let theirs = shop.path(&tenant, "/ledger");
    let sides = [(&tenant.owner, &ours), (&shop.owner, &theirs)];
    let all = "from=2024-04-01&to=2026-03-31";
    let refusal = "These days have 5,001 entries, and one statement holds 5,000 at most. Choose a shorter period.";

    // when, then: paper has an end, and what it holds is whole
    for (browser, path) in sides {
        browser
            .get(&format!("{path}/pdf?{all}"))
            .is(409)
            .shows("main", refusal);
        let (status, _, bytes) =
            browser.bytes(&browser.url(&format!("{path}/pdf?from=2024-04-01&to=2024-04-30")));
        assert_eq!(status, 200);
        assert!(bytes.starts_with(b"%PDF"));
        // and a file holds more than paper
        let (status, _, bytes) =
            browser.bytes(&browser.url(&format!("{path}/export?{all}&format=csv")));
        let csv = String::from_utf8(bytes).unwrap();
        assert_eq!((status, csv.lines().count()), (200, 1 + 5001 + 2));
        assert!(csv.trim_end().ends_with(",5001.00"), "{csv}");
    }
    // A file has an end too.
    let period = Period::asked(Some("2024-04-01"), Some("2026-03-31"), ago(&tenant, 0));
    let whole = |most| {
        within(&tenant, |scope| {
            Statement::whole(scope, customer, period, most)
        })
    };
    let (lines, sums) = whole(5001).unwrap();
    assert_eq!(lines.len(), 5001);
    assert_eq!(lines.last().unwrap().balance, sums.closing());
    assert!(matches!(whole(5000), Err(AppError::Refused(_))));
}

#[test]
fn a_period_that_ends_before_it_begins_is_refused_beside_its_field() {
    // given
    let tenant = tenant();
    let shop = history(&tenant);
    let (from, to) = (ago(&tenant, 5), ago(&tenant, 45));
    let own = tenant.path(&format!("/ledger/{}", code(&tenant, &shop)));
    let theirs = shop.path(&tenant, "/ledger");

    for (who, path) in [(&tenant.owner, own), (&shop.owner, theirs)] {
        // when
        let page = who.get(&format!("{path}?from={from}&to={to}"));

        // then: said beside the first day, and both stay as they were typed
        page.is(422)
            .shows("#period .error", "The first day has to be ");
        let typed = [("#from", from), ("#to", to)];
        for (field, day) in typed {
            assert_eq!(page.attribute(field, "value"), Some(day.to_string()));
        }
        who.get(&format!("{path}/export?format=csv&from={from}&to={to}"))
            .is(409);
        who.get(&format!("{path}/pdf?from={from}&to={to}")).is(409);

        // the control: the right way round, and one day
        for (from, to) in [(to, from), (to, to)] {
            let page = who.get(&format!("{path}?from={from}&to={to}"));
            assert_eq!(page.is(200).count("#period .error"), 0);
        }
    }
}

#[test]
fn a_day_that_has_not_come_says_what_it_shows() {
    // given: due in five days
    let tenant = tenant();
    let shop = shop_of(&tenant);
    owes(&tenant, &shop, 700, (9, -5));
    let at = |days: i64| {
        let path = format!("/receivables?on={}", ago(&tenant, days));
        tenant.owner.open(&tenant.path(&path))
    };

    // when, then
    let ahead = at(-30);
    ahead
        .is(200)
        .shows("#ahead", "has not come yet. This is what is open today")
        .shows("#foot", "1 open item comes to ₹700.00.");
    assert_eq!(
        ahead.texts("[aria-labelledby=ages] dd")[3],
        "₹700.00",
        "25 days late by then"
    );
    assert_eq!(at(0).is(200).count("#ahead"), 0);
}

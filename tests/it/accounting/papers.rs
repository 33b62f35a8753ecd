//! Documents on the screen and as PDF, for the company and for the shop that was billed; many at once by a job.

use crate::support::{
    Browser, Page, Shop, Tenant, ask, ask_on, own_app_set, pdf, picture, retailer, run, tenant,
    tenant_in, trade, until,
};
use image::RgbImage;
use mandi::accounting::actions::Issued;
use mandi::platform::permissions::Role;

/// What of a document's row both sides read, as they read it.
fn amounts(tenant: &Tenant, url_no: &str) -> Vec<String> {
    let sql = format!(
        "select concat_ws('|', to_char(taxable, 'FM999990.00'), to_char(cgst, 'FM999990.00'), to_char(total, 'FM999990.00')) as value
           from documents where tenant_id = '{}' and url_no = '{url_no}'",
        tenant.id
    );
    ask(tenant.app, &sql)
        .split('|')
        .map(|amount| {
            let amount: mandi::kernel::money::Money = amount.parse().unwrap();
            amount.to_string()
        })
        .collect()
}

fn printed(browser: &Browser, path: &str) -> Vec<u8> {
    let (status, headers, bytes) = browser.bytes(path);
    assert_eq!(status, 200, "{path}");
    assert_eq!(headers["content-type"], "application/pdf");
    assert_eq!(headers["cache-control"], "private, no-store");
    bytes
}

fn ground() -> (Tenant, Shop) {
    let tenant = tenant();
    let shop = retailer(&tenant);
    (tenant, shop)
}

#[test]
fn company_and_shop_read_the_same_invoice_on_screen_and_paper() {
    // given
    let (tenant, shop) = ground();
    let bill = trade::an_invoice(&tenant, &shop);
    let wanted = amounts(&tenant, &bill.url_no);
    assert_eq!(wanted, ["₹480.00", "₹12.00", "₹504.00"]);
    let office = tenant.path(&format!("/invoices/{}", bill.url_no));
    let portal = shop.path(&tenant, &format!("/bills/{}", bill.url_no));

    // when
    let pages = [tenant.owner.open(&office), shop.owner.open(&portal)];
    let papers = [
        printed(&tenant.owner, &format!("{office}/pdf")),
        printed(&shop.owner, &format!("{portal}/pdf")),
    ];

    // then
    for page in &pages {
        page.shows("h1", "Tax invoice")
            .shows(".sheet", &bill.number);
        page.shows(
            ".sheet .words",
            "Total in words: Rupees five hundred and four only",
        );
        page.shows(".doc-bar .pill", "Unpaid");
        for amount in &wanted {
            page.shows(".sheet", amount);
        }
    }
    for paper in &papers {
        let text = pdf::text(paper);
        for amount in &wanted {
            assert!(text.contains(amount), "{amount} is not on\n{text}");
        }
        assert!(text.contains(&bill.number), "{text}");
    }
    assert_eq!(papers[0], papers[1]);
}

#[test]
fn nobody_else_reads_it() {
    let (tenant, shop) = ground();
    let bill = trade::an_invoice(&tenant, &shop);
    let (rival, other) = (crate::support::tenant(), retailer(&tenant));
    let (_, viewer) = tenant.employee(Role::Viewer);
    let (_, driver) = tenant.employee(Role::Driver);
    for rest in ["", "/pdf"] {
        let office = format!("/invoices/{}{rest}", bill.url_no);
        viewer.get(&tenant.path(&office)).is(200);
        driver.get(&tenant.path(&office)).is(403);
        rival.owner.get(&tenant.path(&office)).is(404);
        rival.owner.get(&rival.path(&office)).is(404);
        let portal = format!("/bills/{}{rest}", bill.url_no);
        other.owner.get(&other.path(&tenant, &portal)).is(404);
    }
}

#[test]
fn copies_have_their_names_and_hindi_stands_beside_the_english() {
    let (tenant, shop) = ground();
    let bill = trade::an_invoice(&tenant, &shop);
    let path = tenant.path(&format!("/invoices/{}/pdf", bill.url_no));
    let said = |query: &str| pdf::text(&printed(&tenant.owner, &format!("{path}{query}")));

    assert!(said("").contains("Original for recipient"));
    assert!(said("?copy=2").contains("Duplicate for transporter"));
    assert!(said("?copy=3").contains("Triplicate for supplier"));
    assert!(said("?copy=7").contains("Original for recipient"));
    let all = printed(&tenant.owner, &format!("{path}?copy=all"));
    assert_eq!(pdf::pages(&all).len(), 3);
    let both = said("?lang=hi");
    assert!(
        both.contains("Tax invoice") && both.contains("\nदर\n"),
        "{both}"
    );
    assert!(!said("?lang=xx").contains("\nदर\n"));
    let page = tenant
        .owner
        .open(&tenant.path(&format!("/invoices/{}?lang=hi", bill.url_no)));
    page.shows(".sheet h1", "कर बिल");
}

#[test]
fn the_page_of_an_invoice_leads_to_its_copies() {
    // given
    let (tenant, shop) = ground();
    let bill = trade::an_invoice(&tenant, &shop);
    let path = tenant.path(&format!("/invoices/{}", bill.url_no));

    // when
    let page = tenant.owner.open(&path);

    // then: the original, and the ways to the others
    page.shows(".sheet", "Original for recipient");
    assert_eq!(
        page.texts("#copies a"),
        [
            "Original for recipient",
            "Duplicate for transporter",
            "Triplicate for supplier",
            "All copies as PDF",
        ]
    );
    assert_eq!(
        page.texts("#copies a[aria-current]"),
        ["Original for recipient"]
    );

    // when
    let second = page.click("Duplicate for transporter");

    // then: on the screen, and what is printed from there is the same copy, in another language too
    second
        .is(200)
        .shows(".sheet", "Duplicate for transporter")
        .shows("#copies a[aria-current]", "Duplicate for transporter")
        .shows_not(".sheet", "Original for recipient");
    let print = |page: &Page, link: &str| {
        let hrefs = page.attributes(link, "href");
        pdf::text(&printed(&tenant.owner, &hrefs[0]))
    };
    assert!(print(&second, ".doc-bar a.primary").contains("Duplicate for transporter"));
    second
        .click("English + हिन्दी")
        .shows("#copies a[aria-current]", "Duplicate for transporter")
        .shows(".sheet", "ट्रांसपोर्टर की दूसरी प्रति");
    assert!(print(&page, ".doc-bar a.primary").contains("Original for recipient"));

    // when, then: all of them at once
    let all = print(&page, "#copies a:last-child");
    for copy in [
        "Original for recipient",
        "Duplicate for transporter",
        "Triplicate for supplier",
    ] {
        assert!(all.contains(copy), "{copy} is not in\n{all}");
    }

    // and a copy that it does not have is the original
    tenant
        .owner
        .open(&format!("{path}?copy=7"))
        .shows("#copies a[aria-current]", "Original for recipient");
}

#[test]
fn notes_name_what_they_correct() {
    let (tenant, shop) = ground();
    let bill = trade::an_invoice(&tenant, &shop);
    for (is_credit, folder, title) in [
        (false, "debit-notes", "Debit note"),
        (true, "credit-notes", "Credit note"),
    ] {
        let note = trade::a_note(&tenant, &bill, is_credit);
        let path = tenant.path(&format!("/{folder}/{}", note.url_no));
        let page = tenant.owner.open(&path);
        page.shows("h1", title).shows(".sheet", &bill.number);
        page.shows(".sheet", "Agreed on the telephone.");
        let text = pdf::text(&printed(&tenant.owner, &format!("{path}/pdf")));
        assert!(
            text.contains(title) && text.contains(&bill.number),
            "{text}"
        );
        // An address of one family knows no document of another.
        let elsewhere = tenant.path(&format!("/invoices/{}", note.url_no));
        tenant.owner.get(&elsewhere).is(404);
    }
}

#[test]
fn a_cancelled_invoice_says_so_across_the_page() {
    let (tenant, shop) = ground();
    let bill = trade::an_invoice(&tenant, &shop);
    trade::taken_back(&tenant, &bill);
    let path = tenant.path(&format!("/invoices/{}", bill.url_no));

    let page = tenant.owner.open(&path);
    let text = pdf::text(&printed(&tenant.owner, &format!("{path}/pdf")));

    page.shows(".sheet .strip", "Written twice");
    page.shows(".doc-bar .pill", "Cancelled");
    // It stands aslant: each letter has a line of its own.
    let letters: String = text.split_whitespace().collect();
    assert!(letters.contains("CANCELLED"), "{text}");
    assert!(text.contains("Written twice"), "{text}");
}

/// The page of a job once it offers its file.
fn over(browser: &Browser, path: &str) -> Page {
    let file = "#progress a.btn.primary";
    until("the job is done", || browser.get(path).count(file) > 0);
    browser.get(path)
}

#[test]
fn ticked_invoices_become_one_file_by_a_job() {
    // given
    let (tenant, shop) = ground();
    let bills: Vec<_> = (0..12).map(|_| trade::an_invoice(&tenant, &shop)).collect();
    let ids: Vec<String> = bills.iter().map(|bill| bill.id.to_string()).collect();
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
    fields.push(("_key", "print-12"));

    // when
    let page = tenant
        .owner
        .post(&tenant.path("/invoices/pdfs"), &fields)
        .follow();

    // then
    let done = over(&tenant.owner, &page.path);
    let file = done.attribute("#progress a.btn.primary", "href").unwrap();
    let (status, headers, bytes) = tenant.owner.bytes(&file);
    assert_eq!(
        (status, &headers["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    let pages = pdf::pages(&bytes);
    assert_eq!(pages.len(), 12);
    for (page, bill) in pages.iter().zip(&bills) {
        assert!(
            page.contains(&bill.number),
            "{} is not on\n{page}",
            bill.number
        );
    }
    tenant
        .owner
        .open(&tenant.path("/downloads"))
        .shows("table", "invoices-");
    // Nothing ticked is said, and another company's ids are nobody's.
    tenant
        .owner
        .post(&tenant.path("/invoices/pdfs"), &[("_key", "print-0")])
        .is(409);
    let rival = crate::support::tenant();
    rival
        .owner
        .post(&rival.path("/invoices/pdfs"), &fields)
        .is(404);
}

/// As many copies of an invoice as wanted, numbered `COPY/00001` and so on, straight into the tables: issuing them would take a minute. Their ids.
fn copies(tenant: &Tenant, bill: &Issued, wanted: usize) -> Vec<String> {
    run(
        tenant.app,
        &format!(
            "create temp table copies as select n, gen_random_uuid() as id from generate_series(1, {wanted}) n;
             create function pg_temp.columns_of(its regclass) returns text language sql as $$
                 select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute where attrelid = its and attnum > 0 and not attisdropped and attgenerated = ''
             $$;
             do $do$ begin
                 execute format('insert into document_lines (%1$s) select %1$s from (
                     select r.* from document_lines t, copies c, jsonb_populate_record(t, jsonb_build_object(''id'', gen_random_uuid(), ''document_id'', c.id, ''shipment_line_id'', null)) r
                         where t.document_id = %2$L) x', pg_temp.columns_of('document_lines'), '{id}');
                 execute format('insert into documents (%1$s) select %1$s from (
                     select r.* from documents t, copies c, jsonb_populate_record(t, jsonb_build_object(''id'', c.id, ''sequence'', 1000 + c.n, ''shipment_id'', null,
                             ''number'', ''COPY/'' || lpad(c.n::text, 5, ''0''), ''url_no'', ''COPY-'' || lpad(c.n::text, 5, ''0''))) r
                         where t.id = %2$L) x', pg_temp.columns_of('documents'), '{id}');
             end $do$",
            id = bill.id
        ),
    );
    let ids = ask(
        tenant.app,
        &format!(
            "select string_agg(id::text, ' ' order by number) as value from documents where tenant_id = '{}' and number like 'COPY/%'",
            tenant.id
        ),
    );
    ids.split(' ').map(str::to_owned).collect()
}

#[test]
fn five_hundred_invoices_are_one_job_and_one_file_and_one_more_is_refused() {
    // given: an invoice and five hundred copies of it; and a database that waits in the middle of the job
    let app = own_app_set("print_most", &[]);
    run(
        app,
        "create function wait_half_way() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(250); return new; end $$;
         create trigger wait_half_way before update of progress on jobs for each row
           when (new.kind = 'documents.print' and new.progress = 250) execute function wait_half_way()",
    );
    let mut gate = app.owner();
    ask_on(
        &mut gate,
        "select 'shut' as value from pg_advisory_lock(250)",
    );
    let tenant = tenant_in(app);
    let shop = retailer(&tenant);
    let bill = trade::an_invoice(&tenant, &shop);
    let ids = copies(&tenant, &bill, 500);
    assert_eq!(ids.len(), 500);
    let (last, to) = (bill.id.to_string(), tenant.path("/invoices/pdfs"));
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
    let jobs = || {
        let sql = format!(
            "select count(*)::text as value from jobs where tenant_id = '{}' and kind = 'documents.print'",
            tenant.id
        );
        ask(app, &sql)
    };

    // when: one too many is ticked, or all that there are are meant
    let one_more = [("id", last.as_str()), ("_key", "print-501")];
    let ticked = tenant
        .owner
        .post(&to, &[&fields[..], &one_more[..]].concat());
    let every = [
        ("id", last.as_str()),
        ("all", "1"),
        ("shown", "1"),
        ("_key", "print-every"),
    ];
    let meant = tenant.owner.post(&to, &every);

    // then: it is said, and nothing is printed
    for refused in [ticked, meant] {
        refused.is(409).shows(
            "main",
            "At most 500 rows can be changed at once. Narrow the list by a filter first.",
        );
    }
    assert_eq!(jobs(), "0");

    // when: five hundred
    fields.push(("_key", "print-500"));
    let page = tenant.owner.post(&to, &fields).follow();

    // then: it tells how far it is
    let bar = "#progress progress";
    until("nearly half of them are printed", || {
        let shown = tenant.owner.get(&page.path);
        shown.attribute(bar, "value").as_deref() == Some("240")
    });
    let half_way = tenant.owner.open(&page.path);
    assert_eq!(half_way.attribute(bar, "max").as_deref(), Some("500"));
    half_way.shows(bar, "240 / 500");
    assert_eq!(half_way.count("#progress a.btn.primary"), 0);
    ask_on(
        &mut gate,
        "select 'open' as value from pg_advisory_unlock(250)",
    );

    // and then there is one file with all of them, by number
    let done = over(&tenant.owner, &page.path);
    assert_eq!(done.count(bar), 0);
    let file = done.attribute("#progress a.btn.primary", "href").unwrap();
    let pages = pdf::pages(&tenant.owner.bytes(&file).2);
    assert_eq!(pages.len(), 500);
    for (at, page) in pages.iter().enumerate() {
        let number = format!("COPY/{:05}", at + 1);
        assert!(page.contains(&number), "{number} is not on\n{page}");
    }
    assert_eq!(jobs(), "1");
}

#[test]
fn a_shops_order_leads_to_its_bill_once_there_is_one() {
    // given
    let (tenant, shop) = ground();
    trade::give_address(&tenant, &shop);
    let product = trade::goods(&tenant, "RICE-26", "40", "100");
    let order = trade::confirmed(&tenant, &shop, &[(product, "12")]);
    let packed = trade::packed(&tenant, &order);
    let path = shop.path(&tenant, &format!("/orders/{order}"));
    let to_the_bill = |page: &Page| page.attribute("[aria-labelledby=parcels] .body a", "href");

    // when
    let before = shop.owner.open(&path);
    let bill = trade::billed(&tenant, &packed);
    let after = shop.owner.open(&path);

    // then
    before.shows("[aria-labelledby=parcels]", &packed);
    assert_eq!(to_the_bill(&before), None);
    after.shows(
        "[aria-labelledby=parcels] a",
        &format!("Bill {}", bill.number),
    );
    let href = to_the_bill(&after).unwrap();
    let opened = shop.owner.open(&href);
    opened.shows(".sheet", &bill.number);
    opened.shows(".sheet", "₹504.00");
}

#[test]
fn an_order_has_a_proforma_that_owes_nothing() {
    let (tenant, shop) = ground();
    trade::give_address(&tenant, &shop);
    let product = trade::goods(&tenant, "RICE-26", "40", "100");
    let order = trade::confirmed(&tenant, &shop, &[(product, "12")]);
    let path = tenant.path(&format!("/orders/{order}/proforma"));

    let page = tenant.owner.open(&path);
    let text = pdf::text(&printed(&tenant.owner, &format!("{path}/pdf")));

    page.shows("h1", "Proforma invoice")
        .shows(".sheet", "₹504.00");
    page.shows(".sheet .strip", "This is no tax invoice");
    assert!(text.contains("₹504.00") && text.contains(&order), "{text}");
    assert!(text.contains("This is no tax invoice"), "{text}");
    let sql = format!(
        "select count(*)::text as value from documents where tenant_id = '{}'",
        tenant.id
    );
    assert_eq!(ask(tenant.app, &sql), "0");
    let (rival, (_, driver)) = (crate::support::tenant(), tenant.employee(Role::Driver));
    rival.owner.get(&path).is(404);
    driver.get(&path).is(403);
}

/// The first page of an invoice of a company of this colour, and of this logo if it has one; four dots to each point's square.
fn first_page(hue: &str, logo: Option<&[u8]>) -> RgbImage {
    let (tenant, shop) = ground();
    let brand = tenant.owner.open(&tenant.path("/settings/brand"));
    let mut form = brand.form("#brand").fill("hue", hue);
    if let Some(logo) = logo {
        form = form.attach("logo.png", logo);
    }
    form.submit().is(303);
    let bill = trade::an_invoice(&tenant, &shop);
    let path = tenant.path(&format!("/invoices/{}/pdf", bill.url_no));
    pdf::coloured(&printed(&tenant.owner, &path), 0, 144)
}

/// Whether a page has a colour at a place, in points from its left top corner.
#[track_caller]
fn has_colour(page: &RgbImage, (x, y): (u32, u32), wanted: [u8; 3]) {
    let found = page.get_pixel(2 * x, 2 * y).0;
    let is_near = found
        .iter()
        .zip(wanted)
        .all(|(found, wanted)| found.abs_diff(wanted) <= 6);
    assert!(is_near, "{found:?} at {x}, {y} instead of {wanted:?}");
}

#[test]
fn each_company_prints_in_its_own_colour_and_with_its_own_logo() {
    // given, when
    let red = first_page("25", None);
    let green = first_page("150", Some(&picture()));

    // then: the rule above the head is oklch(42% .14 hue), as a screen shows it
    let rule = (298, 35);
    has_colour(&red, rule, [137, 33, 34]);
    has_colour(&green, rule, [0, 96, 28]);
    // At the left below it stands a tile of 32 points in that colour, and beside it paper; or the logo, which is twice as wide.
    let (tile, beside) = ((36, 61), (70, 50));
    has_colour(&red, tile, [137, 33, 34]);
    has_colour(&red, beside, [255, 255, 255]);
    for place in [tile, beside, (94, 74)] {
        has_colour(&green, place, [20, 90, 60]);
    }
}

//! The office half in Chromium, by what a person clicks: from a placed order to the retailer's door, from a file to a product with a price,
//! and an order for a customer, also by keyboard alone.

use super::checks;
use super::flows::{go, send, shows, sign_in, tab_to};
use super::kinds::Kind;
use crate::support::books::{ago, owes};
use crate::support::trade::{confirmed, fleet, packed, placed, sound, stock_of};
use crate::support::{Goods, Window, ask, retailer, tenant};
use mandi::platform::permissions::Role;
use thirtyfour::Key;

/// From a placed order to the retailer's door.
fn fulfil(window: &Window) {
    // given: 24 of 1,000 are ordered, in two cases
    let tenant = tenant();
    let shop = retailer(&tenant);
    let soap = Goods::new("SOAP").pack("12", "case").on(&tenant).into();
    let order = placed(&tenant, &shop, &[(soap, "24")]);
    let (vehicle, driver) = fleet(&tenant, 500);
    assert_eq!(stock_of(&tenant, soap), "1000 24");
    window.become_somebody(&tenant.owner);

    // when: confirmed
    go(window, &tenant.path("/orders"));
    window.click(&format!("main a.go[href$='{order}']"));
    shows(window, "h1", &order);
    shows(window, ".head .pill", "To confirm");
    shows(window, "#lines ~ *, .lines", "2 cs");
    window.click("#confirm-order button");
    shows(window, ".head .pill", "Confirmed");

    // and picked and packed
    window.click("#pick button");
    shows(window, ".head .pill", "Being picked");
    let shipment = window.text("h1");
    assert!(shipment.starts_with("SH-"), "{shipment}");
    window.click("main .actions a[href$='/pack']");
    shows(window, "#pack", "2 cs");
    let line: String = window.ask("document.querySelector('#pack input[name=packed]').id");
    window.fill(&line, "24");
    window.fill("packages", "2");
    window.fill("weight", "12");
    send(window, "#pack");
    shows(window, ".head .pill", "Packed");
    assert_eq!(stock_of(&tenant, soap), "1000 24");

    // and billed
    window.click("main .actions a[href*='/invoices/new']");
    shows(window, "#issue", "Taxable value");
    send(window, "#issue");
    shows(window, "h1", "Tax invoice");
    shows(window, "main", "INV/");
    assert_eq!(checks::complaints(window), Vec::<String>::new());
    window.click("main .actions a[href*='/shipments/']");
    shows(window, ".head .pill", "Packed");

    // and sent out
    window.click("main .actions a[href$='/send']");
    shows(window, "#send", "12 kg");
    window.fill("vehicle", &vehicle);
    window.fill("driver", &driver);
    send(window, "#send");
    shows(window, ".head .pill", "On the road");
    assert_eq!(stock_of(&tenant, soap), "976 0");

    // and delivered
    window.click("main .actions a[href$='/deliver']");
    window.fill("received_by", "Meena");
    window.fill("note", "Left at the back door");
    send(window, "#deliver");
    shows(window, ".head .pill", "Delivered");
    shows(window, "main", "Left at the back door");
    assert_eq!(checks::complaints(window), Vec::<String>::new());

    // then: the order is done, nothing of it is open
    window.click(&format!("main a[href$='/orders/{order}']"));
    shows(window, ".head .pill", "Delivered");
    assert_eq!(
        window.ask::<Vec<String>>("[...document.querySelectorAll('tbody tr:first-child td')].map((cell) => cell.textContent.trim())")[..3],
        ["24 PCS2 cs", "24", "0"]
    );
    assert_eq!(stock_of(&tenant, soap), "976 0");
    let account = ask(
        tenant.app,
        &format!(
            "select concat_ws(' ', open_orders, open_amount) as value from customer_accounts where tenant_id = '{}'",
            tenant.id
        ),
    );
    assert_eq!(account, "0 0.00");

    // and the retailer reads each step, and the note
    window.become_somebody(&shop.owner);
    go(window, &shop.path(&tenant, &format!("/orders/{order}")));
    shows(window, ".head .pill", "Delivered");
    assert_eq!(
        window.ask::<Vec<String>>(
            "[...document.querySelectorAll('.steps li.done b')].map((step) => step.innerText)"
        ),
        [
            "Placed",
            "Confirmed",
            "Packed",
            "Out for delivery",
            "Delivered"
        ]
    );
    shows(
        window,
        ".timeline li.now",
        &format!("{shipment} was delivered to Meena."),
    );
    shows(window, "main", "Note at the door: Left at the back door");
    assert_eq!(
        window.ask::<u32>("document.querySelectorAll('.timeline li').length"),
        6
    );
    assert_eq!(checks::complaints(window), Vec::<String>::new());
    sound(&tenant);
}

#[test]
fn an_order_is_fulfilled_at_a_desk() {
    let window = Window::open();
    window.resize(1440);
    fulfil(&window);
}

#[test]
fn an_order_is_fulfilled_on_a_phone() {
    let window = Window::open();
    window.resize(390);
    fulfil(&window);
}

#[test]
fn an_order_is_fulfilled_without_scripts() {
    let window = Window::open();
    window.run_scripts(false);
    fulfil(&window);
}

/// The buttons of a page with a word that goes on in the next line.
const BROKEN: &str = "[...document.querySelectorAll('main .btn')].filter((button) => {
    const texts = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
    const word = document.createRange();
    for (let text = texts.nextNode(); text; text = texts.nextNode())
        for (const found of text.data.matchAll(/\\S+/g)) {
            word.setStart(text, found.index);
            word.setEnd(text, found.index + found[0].length);
            if (new Set([...word.getClientRects()].map((part) => Math.round(part.top))).size > 1) return true;
        }
    return false;
}).map((button) => button.textContent.trim())";

#[test]
fn four_buttons_beside_each_other_keep_their_words_whole_on_a_phone() {
    // given
    let (tenant, window) = (tenant(), Window::open());
    let shop = retailer(&tenant);
    let soap = Goods::new("SOAP").on(&tenant).into();
    let order = confirmed(&tenant, &shop, &[(soap, "24")]);
    let shipment = packed(&tenant, &order);
    window.become_somebody(&tenant.owner);

    for width in [320, 390] {
        // when
        window.resize(width);
        go(&window, &tenant.path(&format!("/shipments/{shipment}")));

        // then
        shows(&window, ".head .pill", "Packed");
        assert_eq!(
            window.ask::<Vec<String>>("[...document.querySelectorAll('.head .actions .btn')].map((button) => button.textContent.trim())"),
            ["Cancel shipment…", "Open again", "Send out", "Issue invoice"]
        );
        assert_eq!(window.ask::<Vec<String>>(BROKEN), Vec::<String>::new());
        assert_eq!(checks::width(&window, width), None);
    }

    // and one that has no room for a word is seen
    window.ask::<bool>(
        "Boolean(Object.assign(document.querySelector('.actions .primary').style, { maxInlineSize: '4rem', overflowWrap: 'anywhere' }))",
    );
    assert_eq!(window.ask::<Vec<String>>(BROKEN), ["Issue invoice"]);
}

#[test]
fn a_retailer_takes_an_order_back_in_a_dialog() {
    // given
    let (tenant, window) = (tenant(), Window::open());
    let shop = retailer(&tenant);
    let soap = Goods::new("SOAP").on(&tenant).into();
    let order = placed(&tenant, &shop, &[(soap, "24")]);
    window.become_somebody(&shop.owner);
    window.resize(390);

    // when
    go(&window, &shop.path(&tenant, &format!("/orders/{order}")));
    window.click("a[href$='/cancel']");
    window.until("document.querySelector('#modal[open] #confirm')");
    assert_eq!(checks::accessibility(&window, 390), Vec::<String>::new());
    window.fill("reason", "Bought twice");
    send(&window, "#modal #confirm");

    // then
    shows(&window, ".toast", &format!("Order {order} is cancelled."));
    shows(&window, "#cancelled", "Cancelled: Bought twice");
    assert!(window.ask::<bool>("!document.querySelector(\"a[href$='/cancel']\")"));
    assert_eq!(stock_of(&tenant, soap), "1000 0");
    assert_eq!(checks::complaints(&window), Vec::<String>::new());
}

/// Waits for a job, and goes to what came of it, unless that is shown already.
pub(super) fn to_the_end(window: &Window) {
    window.until("document.querySelector('#counts, #progress a')");
    if window.ask("Boolean(document.querySelector('#progress a'))") {
        window.click("#progress a");
        window.until("document.querySelector('#counts')");
    }
}

/// From a file whose columns somebody has to name, to products that can be ordered.
fn import_a_catalogue(kind: Kind) {
    // given: a file whose heads nobody knows
    let (tenant, window) = (tenant(), kind.open());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("autumn.csv");
    std::fs::write(
        &file,
        "Ref,Ware,Tariff,Net,Lying,Per box\nTEA-1,Assam Tea 500 g,0902,210.50,48,12\nTEA-2,Nilgiri Tea 250 g,0902,120,24,12\nTEA-3,,0902,99,5,12\n",
    )
    .unwrap();
    window.become_somebody(&tenant.owner);

    // when: sent, and each column told what it is
    go(&window, &tenant.path("/products"));
    window.click("main a[href$='/products/import']");
    window.fill("file", file.to_str().unwrap());
    send(&window, "#import");
    shows(&window, "h1", "Columns of autumn.csv");
    for (field, column) in [
        ("sku", "0"),
        ("name", "1"),
        ("hsn", "2"),
        ("price", "3"),
        ("stock", "4"),
        ("pack_size", "5"),
    ] {
        window.fill(field, column);
    }
    window.click("#columns button[value=preview]");
    shows(&window, "#preview tbody tr", "Assam Tea 500 g");
    kind.look_closely(&window);
    window.click("#columns button[value=check]");

    // then: what would come of it
    to_the_end(&window);
    let counts =
        "[...document.querySelectorAll('#counts dd')].map((cell) => cell.innerText).join(' ')";
    assert_eq!(window.ask::<String>(counts), "3 2 0 1");
    shows(&window, "#refused tbody tr", "The row has no name.");
    kind.look(&window);

    // when
    window.click("#run button");
    window.until("!document.querySelector('#run')");
    to_the_end(&window);
    assert_eq!(window.ask::<String>(counts), "3 2 0 1");
    kind.look(&window);

    // then: the list of prices, a product's prices, the product
    go(&window, &tenant.path("/price-lists"));
    window.click("main tbody a.go");
    shows(&window, "tbody tr", "Assam Tea 500 g");
    shows(&window, "tbody tr", "₹210.50");
    window.click("tbody a.go[href$='/prices/TEA-1']");
    shows(&window, "main tbody tr", "₹210.50");
    go(&window, &tenant.path("/products"));
    window.click("tbody a[href$='/products/TEA-1']");
    shows(&window, "h1", "Assam Tea 500 g");
    shows(&window, "section[aria-labelledby=prices] tbody", "₹210.50");
    shows(&window, "section[aria-labelledby=stock] tbody", "4 pack");
    kind.look_closely(&window);
    let stock = ask(
        tenant.app,
        &format!(
            "select string_agg(concat_ws(' ', p.sku, l.on_hand::float), ', ' order by p.sku) as value
               from stock_levels l join products p on p.tenant_id = l.tenant_id and p.id = l.product_id where l.tenant_id = '{}'",
            tenant.id
        ),
    );
    assert_eq!(stock, "TEA-1 48, TEA-2 24");
}

#[test]
fn a_catalogue_file_becomes_products_with_prices_and_stock_at_a_desk() {
    import_a_catalogue(Kind::DESK);
}

#[test]
fn a_catalogue_file_becomes_products_with_prices_and_stock_on_a_phone() {
    import_a_catalogue(Kind::PHONE);
}

#[test]
fn a_catalogue_file_becomes_products_with_prices_and_stock_without_scripts() {
    import_a_catalogue(Kind::PLAIN);
}

/// Writes a code or a name into a field that offers what fits, and takes the first that is offered. Without scripts nothing is.
fn pick(window: &Window, kind: Kind, (field, list): (&str, &str), words: &str) {
    window.fill_at(field, words);
    if kind.has_scripts() {
        let first = format!("{list} [role=option]");
        window.until(&format!(
            "document.querySelector({first:?}).checkVisibility()"
        ));
        window.click(&first);
    }
}

/// Staff write an order for a customer on the telephone, by mouse or finger.
fn order_for_a_customer(kind: Kind) {
    // given
    let (tenant, window) = (tenant(), kind.open());
    let shop = retailer(&tenant);
    let soap = Goods::new("SOAP").pack("12", "case").on(&tenant).into();
    let oil = Goods::new("OIL").price("100").on(&tenant).into();
    let (_, clerk) = tenant.employee(Role::Sales);
    let name = ask(
        tenant.app,
        &format!(
            "select name as value from customers where id = '{}'",
            shop.customer
        ),
    );
    window.become_somebody(&clerk);

    // when: begun for a customer that is found by name
    go(&window, &tenant.path("/orders"));
    window.click("main a[href$='/orders/new']");
    pick(&window, kind, ("#customer", "#customer-list"), &name);
    kind.look(&window);
    send(&window, "#start");
    shows(&window, "h1", &format!("Order for {name}"));

    // and two lines, in packs and in pieces
    let field =
        |row: u32, part: &str| format!("#lines tbody tr:nth-child({row}) input[name$='.{part}']");
    let write = |row: u32, code: &str, quantity: &str| {
        let list = format!("#lines tbody tr:nth-child({row})");
        pick(&window, kind, (&field(row, "sku"), &list), code);
        window.fill_at(&field(row, "qty"), quantity);
        // Whoever leaves the field sees at once what it comes to, where scripts run.
        window.press(Key::Tab);
    };
    write(1, "SOAP", "2 cs");
    if kind.has_scripts() {
        shows(&window, "#total", "₹1,008.00");
    }
    window.click("#add-line");
    window.until(&format!("document.querySelector({:?})", field(2, "sku")));
    shows(&window, "#total", "₹1,008.00");
    write(2, "OIL", "3");
    if !kind.has_scripts() {
        window.click("#order button.btn[value=save]");
        shows(&window, ".toast", "The draft is saved.");
    }
    shows(&window, "#total", "₹1,323.00");
    kind.look_closely(&window);
    window.click("#order button[value=place]");

    // then
    shows(&window, ".head .pill", "To confirm");
    shows(&window, "#total", "₹1,323.00");
    kind.look(&window);
    assert_eq!(
        (stock_of(&tenant, soap), stock_of(&tenant, oil)),
        ("1000 24".to_owned(), "1000 3".to_owned())
    );
    sound(&tenant);
}

#[test]
fn staff_order_for_a_customer_at_a_desk() {
    order_for_a_customer(Kind::DESK);
}

#[test]
fn staff_order_for_a_customer_on_a_phone() {
    order_for_a_customer(Kind::PHONE);
}

#[test]
fn staff_order_for_a_customer_without_scripts() {
    order_for_a_customer(Kind::PLAIN);
}

#[test]
fn staff_order_for_a_customer_by_keyboard_alone() {
    // given
    let (tenant, window) = (tenant(), Window::open());
    let shop = retailer(&tenant);
    let soap = Goods::new("SOAP").pack("12", "case").on(&tenant).into();
    let oil = Goods::new("OIL").price("100").on(&tenant).into();
    let (clerk, _) = tenant.employee(Role::Sales);
    let name = ask(
        tenant.app,
        &format!(
            "select name as value from customers where id = '{}'",
            shop.customer
        ),
    );

    // when: signed in, and a new order begun for a customer that is found by name
    sign_in(&window, &clerk);
    shows(&window, "h1", "Dashboard");
    go(&window, &tenant.path("/orders"));
    tab_to(&window, "main a[href$='/orders/new']");
    window.press(Key::Enter);
    window.until("document.querySelector('#customer')");
    tab_to(&window, "#customer");
    window.press(name.as_str());
    window.until("document.querySelector('#customer-list [role=option]')");
    window.press(Key::Down);
    window.press(Key::Enter);
    tab_to(&window, "main .btn.primary");
    window.press(Key::Enter);
    window.until("document.querySelector('#order #lines')");

    // and two lines: found by code, in packs and in pieces
    let sku = |row: &str| format!("#lines tbody tr:{row} input[name$='.sku']");
    let quantity = |row: &str| format!("#lines tbody tr:{row} input[name$='.qty']");
    tab_to(&window, &sku("first-child"));
    window.press("soap");
    window.until("document.querySelector('#lines [role=option]')");
    window.press(Key::Down);
    window.press(Key::Enter);
    tab_to(&window, &quantity("first-child"));
    window.press("2 cs");
    tab_to(&window, "button[value=add-line]");
    shows(&window, "#total", "₹1,008.00");
    window.press(Key::Enter);
    // the new line has the cursor
    window.until("document.activeElement === document.querySelector(\"#lines tbody tr:nth-child(2) input[name$='.sku']\")");
    window.press("OIL");
    tab_to(&window, &quantity("nth-child(2)"));
    window.press("3");
    tab_to(&window, "button[value=place]");
    shows(&window, "#total", "₹1,323.00");
    assert_eq!(checks::complaints(&window), Vec::<String>::new());
    window.press(Key::Enter);

    // then
    shows(&window, ".head .pill", "To confirm");
    shows(&window, "main", "₹1,323.00");
    assert_eq!(
        (stock_of(&tenant, soap), stock_of(&tenant, oil)),
        ("1000 24".to_owned(), "1000 3".to_owned())
    );
    assert_eq!(checks::complaints(&window), Vec::<String>::new());
    sound(&tenant);
}

#[test]
fn what_stands_around_a_list_is_of_the_filter_that_its_rows_are_of() {
    // given: of ₹900 that are open, ₹200 were so twenty days ago
    let (tenant, window) = (tenant(), Window::open());
    let shop = retailer(&tenant);
    owes(&tenant, &shop, 700, (9, -5));
    owes(&tenant, &shop, 200, (40, 31));
    let then = ago(&tenant, 20);
    window.become_somebody(&tenant.owner);
    go(&window, &tenant.path("/receivables"));
    shows(&window, "[aria-labelledby=ages] header", "₹900.00");
    shows(&window, "#foot", "2 open items come to ₹900.00.");

    // when
    let typed = format!("document.querySelector('#on').value = '{then}'");
    assert_eq!(window.ask::<String>(&typed), then.to_string());
    window.click("#filters .fields button");

    // then: the card and the files are of that day as the rows are, customer by customer and bill by bill
    shows(&window, "#foot", "1 open item comes to ₹200.00.");
    shows(&window, "[aria-labelledby=ages] header", "₹200.00");
    window.until(&format!(
        "[...document.querySelectorAll('#export a')].every((one) => one.href.includes('on={then}'))"
    ));
    window.click("nav.views a:not([aria-current])");
    window.until("location.search.includes('by=bill')");
    shows(&window, "#foot", "1 open item comes to ₹200.00.");
    shows(&window, "[aria-labelledby=ages] header", "₹200.00");
    assert_eq!(checks::complaints(&window), Vec::<String>::new());
}

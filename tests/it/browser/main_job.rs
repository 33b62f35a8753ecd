//! The whole main job in Chromium, in one go, by what people click: a company is opened on the spot, and from its first catalogue file and a
//! price for a group it comes to a delivered order, a registered e-invoice and a balance of nothing. Its buyer is nobody whom the authority knows
//! beforehand.

use super::checks;
use super::first_half::{choose, price_for_a_group};
use super::flows::{go, invitation_from_outbox, send, shows, sign_in};
use super::office::to_the_end;
use crate::support::trade::books_hold;
use crate::support::{Browser, PASSWORD, Window, admin_of, app, ask, email, gstin, unique, until};

/// Who takes part.
struct Cast {
    admin: String,
    owner: String,
    buyer: String,
    /// The company's part of its addresses.
    slug: String,
    gstin: String,
    buyer_gstin: String,
}

impl Cast {
    fn new() -> Self {
        Self {
            admin: admin_of(&app().owner_url),
            owner: email("kavita"),
            buyer: email("meena"),
            slug: format!("whole-{}", unique()),
            gstin: gstin(),
            buyer_gstin: gstin(),
        }
    }

    fn office(&self, rest: &str) -> String {
        format!("/c/{}{rest}", self.slug)
    }
}

/// Somebody else sits down before the screen.
fn change_places(window: &Window, address: &str) {
    window.become_somebody(&Browser::new());
    sign_in(window, address);
}

/// Opens a page again and again, until it shows what a job does in the meantime.
#[track_caller]
fn comes(window: &Window, path: &str, selector: &str, words: &str) {
    for _ in 0..100 {
        go(window, path);
        let there = format!(
            "[...document.querySelectorAll({selector:?})].some((one) => one.innerText.includes({words:?}))"
        );
        if window.ask(&there) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    panic!("{path} never shows {words}: {}", window.text("main"));
}

/// The platform opens the company; the owner comes in and says how it bills.
fn open_the_company(window: &Window, cast: &Cast) {
    sign_in(window, &cast.admin);
    go(window, "/admin/companies/new");
    window.fill("name", "Shakti Traders");
    window.fill("legal_name", "Shakti Traders LLP");
    window.fill("slug", &cast.slug);
    window.fill("gstin", &cast.gstin);
    window.fill("owner_name", "Kavita Joshi");
    window.fill("owner_email", &cast.owner);
    send(window, "#open");
    shows(window, ".toast", "Shakti Traders is open.");
    let invitation = invitation_from_outbox(window, &cast.owner, "/invite/");
    window.become_somebody(&Browser::new());
    window.go(&invitation);
    window.fill("password", PASSWORD);
    send(window, "#accept");
    shows(window, "h1", "Dashboard");
    window.click("main a[href$='/settings/company']");
    window.fill("address", "14 Market Road");
    window.fill("city", "Salem");
    window.fill("pincode", "636001");
    send(window, "#profile");
    shows(window, ".toast", "The company's profile is saved.");

    // It has to e-invoice from a day long ago, and takes payments online at the sandbox.
    go(window, &cast.office("/settings/e-invoices"));
    window.fill("einvoice_from", "08012023");
    send(window, "#from");
    shows(window, ".toast", "The company e-invoices from");
    go(window, &cast.office("/settings/integrations/payments"));
    window.click("#open button");
    shows(window, "#accounts ~ *, main tbody", "Put out of use");
}

/// A file becomes products with prices and stock; a group pays less for one of them.
fn bring_the_catalogue(window: &Window, cast: &Cast) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("catalogue.csv");
    std::fs::write(
        &file,
        "SKU,Name,HSN,Unit,Price,Stock\nRICE-1,Ponni Rice 1 kg,100630,KGS,64,200\nTEA-1,Assam Tea 500 g,090240,PCS,210.50,48\n",
    )
    .unwrap();
    go(window, &cast.office("/products/import"));
    window.fill("file", file.to_str().unwrap());
    send(window, "#import");
    shows(window, "h1", "Columns of catalogue.csv");
    window.click("#columns button[value=check]");
    to_the_end(window);
    window.click("#run button");
    window.until("!document.querySelector('#run')");
    to_the_end(window);
    shows(window, "#counts", "2");
    go(window, &cast.office("/products"));
    shows(window, "tbody", "Ponni Rice 1 kg");
    let prices = [("", "60.00")];
    price_for_a_group(
        window,
        &cast.office(""),
        "Corner shops",
        ("RICE-1", &prices),
    );
}

/// A customer of the group with its GSTIN, a place to deliver to and an invitation; and whoever drives. The invitation's link.
fn find_a_customer(window: &Window, cast: &Cast) -> String {
    go(window, &cast.office("/customers/new"));
    window.fill("name", "Meena Stores");
    window.fill("kind", "registered");
    window.fill("gstin", &cast.buyer_gstin);
    choose(window, "group", "Corner shops");
    window.fill("street", "18 Usman Road");
    window.fill("town", "Chennai");
    window.fill("pincode", "600017");
    window.fill("state", "33");
    send(window, "#customer");
    shows(window, "h1", "Meena Stores");
    let invite: String = window.ask("document.querySelector('#portal a[href$=\"/invite\"]').href");
    window.go(&invite);
    window.fill("name", "Meena Lakshmi");
    window.fill("email", &cast.buyer);
    send(window, "#invite");
    shows(window, "#portal", "Invited");
    let invitation = invitation_from_outbox(window, &cast.buyer, "/join/");

    go(window, &cast.office("/vehicles/new"));
    window.fill("registration_no", &format!("TN30{}", unique() + 1000));
    window.fill("name", "Van");
    send(window, "#fleet");
    shows(window, "tbody", "Van");
    go(window, &cast.office("/drivers/new"));
    window.fill("name", "Mani V.");
    send(window, "#fleet");
    shows(window, "tbody", "Mani V.");
    invitation
}

/// The retailer joins by its letter and orders: the address of its rooms at this supplier.
fn order(window: &Window, invitation: &str) -> String {
    window.become_somebody(&Browser::new());
    window.go(invitation);
    window.fill("shop", &format!("Meena Stores {}", unique()));
    window.fill("password", PASSWORD);
    send(window, "#join");
    window.until("!location.pathname.startsWith('/join')");
    shows(window, "main", "Shakti Traders");
    let base = window.url().path().trim_end_matches('/').to_owned();
    go(window, &format!("{base}/catalogue?q=ponni"));
    window.click("#product-RICE-1 .act button");
    shows(window, "#cart-bar", "₹63.00");
    go(window, &format!("{base}/cart"));
    shows(window, "#total", "₹63.00");
    window.click("button[value=place]");
    shows(window, "#placed", "The order is placed.");
    base
}

/// What the authority was asked about the company's documents: it knew nothing of the buyer, and looked it up when it was told to.
fn calls(cast: &Cast) -> String {
    ask(
        app(),
        &format!(
            "select coalesce(string_agg(rtrim(concat_ws(' ', a.operation, a.outcome, array_to_string(a.codes, ' '))), ', ' order by a.id), '') as value
               from einvoice_attempts a join companies c on c.id = a.tenant_id where c.slug = '{}'",
            cast.slug
        ),
    )
}

/// From the placed order to a packed shipment with its registered e-invoice: the addresses of both.
fn bill(window: &Window, cast: &Cast) -> (String, String) {
    change_places(window, &cast.owner);
    go(window, &cast.office("/orders"));
    window.click("main tbody a.go");
    window.click("#confirm-order button");
    shows(window, ".head .pill", "Confirmed");
    window.click("#pick button");
    shows(window, ".head .pill", "Being picked");
    let shipment = window.url().path().to_owned();
    window.click("main .actions a[href$='/pack']");
    let line: String = window.ask("document.querySelector('#pack input[name=packed]').id");
    window.fill(&line, "1");
    window.fill("packages", "1");
    send(window, "#pack");
    shows(window, ".head .pill", "Packed");
    window.click("main .actions a[href*='/invoices/new']");
    shows(window, "#issue", "₹63.00");
    send(window, "#issue");
    window.until("!document.querySelector('#issue')");
    shows(window, "h1", "Tax invoice");
    let invoice = window.url().path().to_owned();
    comes(window, &invoice, ".sheet .irn", "IRN");
    assert!(window.has(".sheet .info .qr"), "no signed code");
    assert_eq!(checks::complaints(window), Vec::<String>::new());
    assert_eq!(
        calls(cast),
        "generate refused 3028, sync done, generate done"
    );
    (shipment, invoice)
}

/// Out, and to the retailer's door.
fn deliver(window: &Window, shipment: &str) {
    go(window, &format!("{shipment}/send"));
    for field in ["vehicle", "driver"] {
        let only: String = window.ask(&format!(
            "[...document.querySelectorAll('#{field} option')].map((one) => one.value).find(Boolean)"
        ));
        window.fill(field, &only);
    }
    send(window, "#send");
    shows(window, ".head .pill", "On the road");
    window.click("main .actions a[href$='/deliver']");
    window.fill("received_by", "Meena");
    send(window, "#deliver");
    shows(window, ".head .pill", "Delivered");
}

/// The letter that tells the retailer of its goods, read where a developer reads letters.
fn read_the_letter(window: &Window, cast: &Cast, shipment: &str) {
    let number = shipment.rsplit('/').next().unwrap();
    let letter = || {
        ask(
            app(),
            &format!(
                "select coalesce((select id::text from mails where recipient = '{}' and kind = 'order-sent' limit 1), '') as value",
                cast.buyer
            ),
        )
    };
    until("the letter is written", || !letter().is_empty());
    go(window, &format!("/dev/mail/{}", letter()));
    shows(window, "h1", &format!("Shipment {number} of order SO-"));
    shows(window, "h1", "is on its way");
    shows(window, "#letter", "Ponni Rice 1 kg");
    shows(window, "#letter", "comes to ₹63.00.");
    shows(window, "#letter", "The whole order with tax: ₹63.00");
    assert_eq!(checks::complaints(window), Vec::<String>::new());
}

/// The retailer reads its bill, pays it on the gateway's page, and owes nothing.
fn pay(window: &Window, cast: &Cast, base: &str) {
    change_places(window, &cast.buyer);
    go(window, &format!("{base}/bills"));
    shows(window, "main", "₹63.00");
    go(window, &format!("{base}/pay"));
    shows(window, "main", "₹63.00");
    if !window.ask::<bool>("document.querySelector('#bills input[name=bill]').checked") {
        window.click("#bills label.option");
    }
    send(window, "#pay");
    shows(window, "h1", "Pay ₹63.00");
    send(window, "#choose");
    shows(window, "h1", "Payment of ₹63.00");
    let came = window.url().path().to_owned();
    comes(window, &came, "#came", "Paid");
    go(window, &format!("{base}/ledger"));
    shows(window, "main", "₹0.00");
    assert_eq!(checks::complaints(window), Vec::<String>::new());
}

fn main_job(window: &Window) {
    let cast = Cast::new();

    // when
    open_the_company(window, &cast);
    bring_the_catalogue(window, &cast);
    let invitation = find_a_customer(window, &cast);
    let base = order(window, &invitation);
    let (shipment, _) = bill(window, &cast);
    deliver(window, &shipment);
    read_the_letter(window, &cast, &shipment);
    pay(window, &cast, &base);

    // then: the office sees the same, and the books hold
    change_places(window, &cast.owner);
    go(window, &cast.office("/receivables"));
    shows(window, "main", "₹0.00");
    assert_eq!(checks::complaints(window), Vec::<String>::new());
    let standing = ask(
        app(),
        &format!(
            "select concat_ws(' ', a.balance, a.open_amount, a.open_orders, e.status, e.is_verified, l.on_hand::float) as value
               from companies c join customer_accounts a on a.tenant_id = c.id join einvoices e on e.tenant_id = c.id
               join products p on p.tenant_id = c.id and p.sku = 'RICE-1' join stock_levels l on l.tenant_id = c.id and l.product_id = p.id
               where c.slug = '{}'",
            cast.slug
        ),
    );
    assert_eq!(standing, "0.00 0.00 0 registered t 199");
    books_hold(app(), &cast.slug);
}

#[test]
fn the_whole_main_job_is_done_at_a_desk() {
    let window = Window::open();
    window.resize(1440);
    main_job(&window);
}

#[test]
fn the_whole_main_job_is_done_on_a_phone() {
    let window = Window::open();
    window.resize(390);
    main_job(&window);
}

#[test]
fn the_whole_main_job_is_done_without_scripts() {
    let window = Window::open();
    window.run_scripts(false);
    main_job(&window);
}

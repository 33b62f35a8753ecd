//! The main flows in Chromium: at a desk with scripts, on a phone without, and by keyboard alone.

use super::checks;
use crate::support::{
    Browser, Goods, PASSWORD, Theme, Window, admin, admin_of, app, email, give_address, gstin,
    retailer, tenant, unique,
};
use mandi::platform::permissions::Role;
use thirtyfour::Key;

/// The button that sends a form.
pub(super) fn send(window: &Window, form: &str) {
    window.click(&format!("{form} button:not([type=button])"));
}

pub(super) fn go(window: &Window, path: &str) {
    window.go(&format!("{}{path}", app().base));
}

pub(super) fn sign_in(window: &Window, address: &str) {
    go(window, "/sign-in");
    window.fill("email", address);
    window.fill("password", PASSWORD);
    send(window, "form[action='/sign-in']");
    window.until("!location.pathname.startsWith('/sign-in')");
}

#[track_caller]
pub(super) fn shows(window: &Window, selector: &str, words: &str) {
    window.until(&format!(
        "[...document.querySelectorAll({selector:?})].some((one) => one.innerText.includes({words:?}))"
    ));
}

/// The link of an invitation, read where a developer reads letters.
pub(super) fn invitation_from_outbox(window: &Window, to: &str, part: &str) -> String {
    go(window, "/dev/mail");
    let letter: String = window.ask(&format!(
        "[...document.querySelectorAll('tbody tr')].find((row) => row.innerText.includes({to:?}))?.querySelector('a').href ?? ''"
    ));
    assert!(!letter.is_empty(), "no letter to {to} in the outbox");
    window.go(&letter);
    window
        .text("#letter")
        .split_whitespace()
        .find(|word| word.contains(part))
        .unwrap()
        .to_owned()
}

/// From an empty portal to a company with an employee, click by click.
fn open_a_company_and_settle_in(window: &Window) {
    let (owner, clerk, slug) = (email("kavita"), email("ravi"), format!("sh-{}", unique()));

    // when: the platform opens a company
    sign_in(window, &admin_of(&app().owner_url));
    shows(window, "h1", "Overview");
    window.click("main a[href='/admin/companies/new']");
    window.fill("name", "Shakti Traders");
    window.fill("legal_name", "Shakti Traders LLP");
    window.fill("slug", &slug);
    window.fill("gstin", &gstin());
    window.fill("owner_name", "Kavita Joshi");
    window.fill("owner_email", &owner);
    send(window, "#open");
    shows(
        window,
        ".toast",
        "Shakti Traders is open. Kavita Joshi has an invitation.",
    );

    // and the owner accepts, in a browser that nobody is signed in with
    let invitation = invitation_from_outbox(window, &owner, "/invite/");
    window.become_somebody(&Browser::new());
    window.go(&invitation);
    shows(window, "h1", "Shakti Traders invites you");
    window.fill("password", "four quiet green words");
    send(window, "#accept");
    shows(window, "h1", "Dashboard");

    // and fills the profile, from the list of what to do first
    window.click("main a[href$='/settings/company']");
    window.fill("address", "14 Market Road");
    window.fill("city", "Salem");
    window.fill("pincode", "636001");
    send(window, "#profile");
    shows(window, ".toast", "The company's profile is saved.");

    // and invites an employee
    go(window, &format!("/c/{slug}/settings/people"));
    window.click("main a[data-key=n]");
    window.fill("name", "Ravi Kumar");
    window.fill("email", &clerk);
    window.fill("role", "sales");
    send(window, "#invite");

    // then
    shows(
        window,
        ".toast",
        &format!("The invitation is on its way to {clerk}."),
    );
    assert_eq!(checks::complaints(window), Vec::<String>::new());
}

#[test]
fn a_company_is_opened_and_settles_in_at_a_desk() {
    open_a_company_and_settle_in(&Window::open());
}

#[test]
fn a_company_is_opened_and_settles_in_on_a_phone_without_scripts() {
    let window = Window::open();
    window.resize(390);
    window.run_scripts(false);
    open_a_company_and_settle_in(&window);
}

const NAMES: &str = "[...document.querySelectorAll('tbody th a')].map((one) => one.innerText)";

/// Searches, sorts and filters the list of people: the same with scripts and without.
fn use_a_list(window: &Window, has_scripts: bool) {
    // given
    let tenant = tenant();
    tenant.employee(Role::Sales);
    tenant.employee(Role::Driver);
    window.become_somebody(&tenant.owner);
    go(window, &tenant.path("/settings/people"));
    let all = ["Asha Owner", "Ravi Driver", "Ravi Sales"];
    assert_eq!(window.ask::<Vec<String>>(NAMES), all);

    // when: searched
    window.fill("q", "ravi s");
    if !has_scripts {
        window.press(Key::Enter);
    }
    window.until(&format!("String({NAMES}) === 'Ravi Sales'"));
    window.until("location.search.includes('q=ravi')");

    // and back, then sorted the other way round; a phone shows no heads of columns, but keeps the order that the address asks for
    if has_scripts {
        go(window, &tenant.path("/settings/people"));
        window.click("thead a");
    } else {
        go(window, &tenant.path("/settings/people?sort=-name"));
    }
    window.until(&format!(
        "String({NAMES}) === 'Ravi Sales,Ravi Driver,Asha Owner'"
    ));

    // and filtered by role, with the order kept
    window.click("[popovertarget=f-role]");
    window.click("#f-role input[value=driver]");
    window.click("#f-role input[value=owner]");
    window.click("#f-role button");
    window.until(&format!("String({NAMES}) === 'Ravi Driver,Asha Owner'"));
    let address = window.url();
    let query = address.query().unwrap_or_default();
    assert!(
        query.contains("role=driver") && query.contains("role=owner"),
        "{query}"
    );

    // then: the address is the list, wherever it is opened
    let copied = tenant.owner.open(address.as_str());
    assert_eq!(copied.texts("tbody th a"), ["Ravi Driver", "Asha Owner"]);
    assert_eq!(checks::complaints(window), Vec::<String>::new());
}

#[test]
fn a_list_is_searched_sorted_and_filtered_at_a_desk() {
    use_a_list(&Window::open(), true);
}

#[test]
fn a_list_is_searched_sorted_and_filtered_on_a_phone_without_scripts() {
    let window = Window::open();
    window.resize(390);
    window.run_scripts(false);
    use_a_list(&window, false);
}

#[test]
fn what_is_wrong_with_a_form_takes_the_focus() {
    // given
    let (tenant, window) = (tenant(), Window::open());
    window.become_somebody(&tenant.owner);
    go(&window, &tenant.path("/settings/people/invite"));
    window.fill("name", "Ravi Kumar");

    // when
    send(&window, "#invite");

    // then: the summary has the focus, and its link leads to the field, with what was typed still there
    window.until("document.activeElement.id === 'errors'");
    assert_eq!(
        window.ask::<String>("document.querySelector('#name').value"),
        "Ravi Kumar"
    );
    window.click("#errors a");
    window.until("document.activeElement.id === 'email'");
}

#[test]
fn a_question_is_a_dialog_with_scripts_and_a_page_without() {
    // given
    let (company, platform, window) = (tenant(), admin(), Window::open());
    let at = format!("/admin/companies/{}", company.id);
    window.become_somebody(&platform);

    // when: asked with scripts
    go(&window, &at);
    window.click("a[href$='/suspend']");

    // then: over the page, and as accessible as a page
    window.until("document.querySelector('#modal[open] #confirm')");
    assert_eq!(window.url().path(), at);
    assert_eq!(checks::accessibility(&window, 1440), Vec::<String>::new());

    // when: given up, then asked without scripts
    window.press(Key::Escape);
    window.until("!document.querySelector('#modal[open]')");
    window.run_scripts(false);
    go(&window, &at);
    window.click("a[href$='/suspend']");

    // then: a page of its own, and its answer counts
    assert_eq!(window.url().path(), format!("{at}/suspend"));
    assert_eq!(window.text("h1"), format!("Suspend {}?", company.name));
    window.fill("reason", "Fees are open since March");
    send(&window, "#confirm");
    shows(
        &window,
        ".toast",
        &format!("{} is suspended.", company.name),
    );
}

#[test]
fn an_answer_in_the_dialog_counts() {
    // given
    let (company, platform, window) = (tenant(), admin(), Window::open());
    window.become_somebody(&platform);
    go(&window, &format!("/admin/companies/{}", company.id));

    // when
    window.click("a[href$='/suspend']");
    window.until("document.querySelector('#modal[open] #confirm')");
    window.fill("reason", "Fees are open since March");
    send(&window, "#modal #confirm");

    // then
    shows(
        &window,
        ".toast",
        &format!("{} is suspended.", company.name),
    );
    assert_eq!(checks::complaints(&window), Vec::<String>::new());
}

#[test]
fn the_palette_opens_by_key_finds_and_jumps() {
    // given
    let (tenant, window) = (tenant(), Window::open());
    tenant.employee(Role::Sales);
    window.become_somebody(&tenant.owner);
    go(&window, &tenant.path("/"));

    // when
    window.press_with(Key::Control, 'k');
    window.until(
        "document.querySelector('#palette[open]') && document.activeElement.id === 'palette-q'",
    );
    assert_eq!(checks::accessibility(&window, 1440), Vec::<String>::new());
    window.press("Ravi");
    shows(&window, "#palette-list [role=option]", "Ravi Sales");

    // then: as accessible with what it found, or with nothing
    assert_eq!(checks::accessibility(&window, 1440), Vec::<String>::new());
    window.press(Key::Down);
    window.press(Key::Enter);
    shows(&window, "h1", "Ravi Sales");
    window.press_with(Key::Control, 'k');
    window.until("document.querySelector('#palette[open]')");
    window.press("no such thing");
    shows(&window, "#palette-list", "Nothing matches.");
    assert_eq!(checks::accessibility(&window, 1440), Vec::<String>::new());
    assert_eq!(checks::complaints(&window), Vec::<String>::new());
}

/// Whether what has the focus shows it: a ring around it, or around the row or box that it fills.
const FOCUS_SHOWS: &str = "(() => {
    const ring = (element, part) => { const style = getComputedStyle(element, part); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; };
    const here = document.activeElement;
    // The last stop inside a field for a day is the browser's own button, which has its own ring.
    if (here.matches('input[type=date]')) return true;
    return here === document.body || ring(here) || ring(here, '::after') || ring(here, '::before') || ring(here.parentElement);
})()";

/// Presses Tab until the focus is on what the selector finds; on the way, the focus is always to be seen.
#[track_caller]
pub(super) fn tab_to(window: &Window, selector: &str) {
    let mut passed = Vec::new();
    for _ in 0..80 {
        window.press(Key::Tab);
        let at: String = window.ask("document.activeElement.outerHTML.slice(0, 120)");
        assert!(
            window.ask::<bool>(FOCUS_SHOWS),
            "the focus is not to be seen on {at}"
        );
        if window.ask(&format!("document.activeElement.matches({selector:?})")) {
            return;
        }
        passed.push(at);
    }
    panic!("Tab never comes to {selector}, only to {passed:#?}");
}

#[test]
fn an_employee_is_invited_by_keyboard_alone() {
    // given
    let (tenant, window, clerk) = (tenant(), Window::open(), email("ravi"));

    // when: signed in
    go(&window, "/sign-in");
    tab_to(&window, "#email");
    window.press(tenant.owner_email.as_str());
    tab_to(&window, "#password");
    window.press(PASSWORD);
    window.press(Key::Enter);
    shows(&window, "h1", "Dashboard");

    // and from the menu to the form, and through it
    tab_to(&window, "a.side-link[href$='/settings']");
    window.press(Key::Enter);
    shows(&window, "h1", "Settings");
    tab_to(&window, "main a[href$='/settings/people']");
    window.press(Key::Enter);
    shows(&window, "h1", "People");
    tab_to(&window, "main a[data-key=n]");
    window.press(Key::Enter);
    shows(&window, "h1", "Invite somebody");
    tab_to(&window, "#name");
    window.press("Ravi Kumar");
    tab_to(&window, "#email");
    window.press(clerk.as_str());
    tab_to(&window, "#role");
    window.press("Driver");
    tab_to(&window, "main .btn.primary");
    window.press(Key::Enter);

    // then
    shows(
        &window,
        ".toast",
        &format!("The invitation is on its way to {clerk}."),
    );
    go(&window, &tenant.path("/settings/invitations"));
    shows(&window, "tbody tr", "Driver");
}

#[test]
fn a_focus_that_does_not_show_is_seen() {
    // The control of the walk by keyboard: the same button with its ring, and with the ring taken away.
    let window = Window::open();
    go(&window, "/sign-in");
    tab_to(&window, "#email");
    assert!(window.ask::<bool>(FOCUS_SHOWS));
    let has_ring: bool = window.ask(&format!(
        "(() => {{ document.activeElement.style.outline = 'none'; return {FOCUS_SHOWS}; }})()"
    ));
    assert!(!has_ring);
}

/// How bright the page's ground is, from 0 to 255.
const GROUND: &str = "(() => { const brush = new OffscreenCanvas(1, 1).getContext('2d'); brush.fillStyle = getComputedStyle(document.body).backgroundColor; brush.fillRect(0, 0, 1, 1); return brush.getImageData(0, 0, 1, 1).data[1]; })()";

#[test]
fn theme_and_language_are_as_chosen() {
    // given: somebody whose system is light, in English
    let (tenant, window) = (tenant(), Window::open());
    window.become_somebody(&tenant.owner);
    go(&window, "/me/preferences");
    assert!(window.ask::<u8>(GROUND) > 200);

    // when
    window.click("input[name=theme][value=dark]");
    window.click("input[name=language][value=hi-IN]");
    send(&window, "#preferences");

    // then: dark whatever the system prefers, in Hindi, on every page
    go(&window, &tenant.path("/"));
    for theme in [Theme::Light, Theme::Dark] {
        window.prefer(theme);
        assert!(window.ask::<u8>(GROUND) < 60, "{theme:?}");
    }
    assert_eq!(
        window.ask::<String>("document.documentElement.lang"),
        "hi-IN"
    );
    let is_devanagari = |text: &str| text.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c));
    let heading = window.text("h1");
    assert!(is_devanagari(&heading), "{heading}");

    // and before signing in, the choice is on the page
    window.become_somebody(&Browser::new());
    go(&window, "/sign-in");
    assert_eq!(window.text("h1"), "Sign in");
    window.click("button[value=hi-IN]");
    window.until("document.documentElement.lang === 'hi-IN'");
    let heading = window.text("h1");
    assert!(is_devanagari(&heading), "{heading}");
}

#[test]
fn an_export_ends_with_its_file_on_the_very_first_visit() {
    // given: windows that have nothing of ours in their cache
    let tenant = tenant();
    for _ in 0..3 {
        let window = Window::open();
        window.become_somebody(&tenant.owner);
        go(&window, &tenant.path("/settings/audit"));

        // when
        window.click("[popovertarget=export]");
        window.click("#export button[value=csv]");

        // then: the page follows the job by itself
        shows(&window, "h1", "Export of the audit log");
        shows(&window, "#progress a", "Save the file");
        assert_eq!(checks::complaints(&window), Vec::<String>::new());
    }
}

#[test]
fn a_pasted_list_is_not_added_by_the_next_press() {
    // given
    let tenant = tenant();
    Goods::new("SOAP").on(&tenant);
    Goods::new("OIL").on(&tenant);
    let shop = retailer(&tenant);
    give_address(&tenant, &shop, "33");
    let window = Window::open();
    window.become_somebody(&tenant.owner);
    go(&window, &tenant.path("/orders/new"));
    window.fill("customer", "Shop");
    send(&window, "#start");
    shows(&window, "h1", "Order for");

    // when
    window.fill_at("textarea[name=paste]", "SOAP 3\nOIL 2");
    window.click("button[value=paste]");
    let typed = "String([...document.querySelectorAll('tbody input[name$=\".qty\"]')].map((field) => field.value))";
    window.until(&format!("{typed} === '3,2,'"));

    // then
    let box_holds = "document.querySelector('textarea[name=paste]').value";
    assert_eq!(window.ask::<String>(box_holds), "");

    // when: another line is removed, after it was typed into
    window.fill_at("tbody tr:nth-child(2) input[name$='.qty']", "7");
    window.click("tbody tr:nth-child(2) button");

    // then: the list is not read again, and what was typed does not pass into the empty line
    window.until(&format!("{typed} === '3,'"));
    let codes = "String([...document.querySelectorAll('tbody input[name$=\".sku\"]')].map((field) => field.value))";
    assert_eq!(window.ask::<String>(codes), "SOAP,");
    assert_eq!(checks::complaints(&window), Vec::<String>::new());
}

#[test]
fn a_message_on_a_phone_hides_neither_tabs_nor_the_button_that_orders() {
    // given
    let tenant = tenant();
    let shop = retailer(&tenant);
    give_address(&tenant, &shop, "33");
    Goods::new("SOAP").on(&tenant);
    let window = Window::open();
    window.resize(390);
    window.become_somebody(&shop.owner);
    go(&window, &shop.path(&tenant, "/catalogue"));
    window.click("#product-SOAP .act button");
    shows(&window, "#cart-bar", "₹42.00");
    window.click("#cart-bar a");
    shows(&window, "h1", "Cart");

    // when: a message stands there
    let lies_over = "(() => { const box = document.createElement('div'); box.className = 'toast'; box.textContent = 'Said.'; document.querySelector('#toasts').append(box);
        const foot = document.querySelector('.place') ?? document.querySelector('.tabs'); return String(box.getBoundingClientRect().bottom > foot.getBoundingClientRect().top); })()";

    // then
    assert_eq!(window.ask::<String>(lies_over), "false");
    go(&window, &shop.path(&tenant, "/orders"));
    assert_eq!(window.ask::<String>(lies_over), "false");
}

/// From the catalogue to a placed order and the same again, as a shopkeeper does it.
fn buy(window: &Window) {
    // given
    let tenant = tenant();
    let shop = retailer(&tenant);
    give_address(&tenant, &shop, "33");
    Goods::new("SOAP").pack("12", "case").mrp("60").on(&tenant);
    Goods::new("OIL").price("118.50").on(&tenant);
    window.become_somebody(&shop.owner);

    // when: found by a misspelt word, added, and one more
    go(window, &shop.path(&tenant, "/catalogue?q=prodct+soap"));
    window.click("#product-SOAP .act button");
    shows(window, "#cart-bar", "₹504.00");
    window.click("#product-SOAP button[value='plus:SOAP']");
    shows(window, "#cart-bar", "₹1,008.00");

    // and the cart, with a number of the shop's own
    window.click("#cart-bar a");
    shows(window, "h1", "Cart");
    shows(window, "#total", "₹1,008.00");
    window.fill("po_number", "PO 12");
    window.click("#product-SOAP button[value='minus:SOAP']");
    shows(window, "#total", "₹504.00");
    assert_eq!(
        window.ask::<String>("document.querySelector('#po_number').value"),
        "PO 12"
    );
    window.click("button[value=place]");

    // then
    shows(window, "#placed", "The order is placed.");
    shows(window, "main", "PO 12");
    assert_eq!(checks::complaints(window), Vec::<String>::new());

    // and again
    window.click("#again button");
    shows(window, "h1", "Cart");
    shows(window, ".toast", "are in the cart.");
    shows(window, "#total", "₹504.00");
    assert_eq!(checks::complaints(window), Vec::<String>::new());
}

#[test]
fn a_shop_buys_at_a_desk() {
    buy(&Window::open());
}

#[test]
fn a_shop_buys_on_a_phone_without_scripts() {
    let window = Window::open();
    window.resize(390);
    window.run_scripts(false);
    buy(&window);
}

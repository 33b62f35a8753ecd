//! Whatever is typed into whatever form: a clear answer, never a fault of ours.

use crate::support::{Browser, PASSWORD, Tenant, admin, app, email, retailer, tenant};
use mandi::platform::permissions::{DoorKind, Role};
use mandi::web::routes::Kind;

/// What people (and those who mean harm) type into a field.
fn nasty() -> Vec<String> {
    vec![
        String::new(),
        "x".repeat(10_000),
        "नमस्ते ₹ \u{202e}abc".to_owned(),
        "a\u{0}b\u{7}c".to_owned(),
        "'; drop table users; --".to_owned(),
        "<script>alert(1)</script>\"'&".to_owned(),
        "-1e999".to_owned(),
        "00000000-0000-0000-0000-000000000000".to_owned(),
        "../../etc/passwd%00".to_owned(),
    ]
}

/// Every screen of the route table that these people may open, with their browser.
fn screens(tenant: &Tenant) -> Vec<(Browser, String)> {
    let (shop, platform) = (retailer(tenant), admin());
    let (_, colleague) = tenant.employee(Role::Manager);
    let employee = tenant
        .owner
        .open(&tenant.path("/settings/people?role=manager"))
        .attribute("tbody a.go", "href")
        .unwrap();
    let person = platform
        .open(&format!("/admin/people?q={}", tenant.owner_email))
        .attribute("tbody a.go", "href")
        .unwrap();
    let gstin = tenant
        .owner
        .open(&tenant.path("/settings/registrations"))
        .texts("tbody a.go")
        .remove(0);
    let routes = mandi::app::routes();
    let pages = routes
        .table()
        .iter()
        .filter(|route| route.kind == Kind::Page && !route.pattern.contains("{token}"));
    pages
        .filter(|route| {
            !(route.pattern.contains("{id}")
                && !route.pattern.starts_with("/admin/companies")
                && !route.pattern.contains("people"))
        })
        .map(|route| {
            let path = route
                .pattern
                .replace("{company}", &tenant.slug)
                .replace("{retailer}", &shop.slug)
                .replace("{supplier}", &tenant.slug)
                .replace("{id}", &tenant.id.to_string())
                .replace("{gstin}", &gstin);
            let path = if route.pattern.starts_with("/admin/people/{id}") {
                route.pattern.replace("/admin/people/{id}", &person)
            } else if route.pattern.contains("people/{id}") {
                employee.clone()
            } else {
                path
            };
            let browser = match route.door {
                DoorKind::Platform => platform.clone(),
                DoorKind::Retailer | DoorKind::Shop => shop.owner.clone(),
                DoorKind::Person => colleague.clone(),
                DoorKind::Company => tenant.owner.clone(),
                DoorKind::Anyone => Browser::new(),
            };
            (browser, path)
        })
        .collect()
}

#[test]
fn no_field_of_any_form_breaks_anything() {
    let tenant = tenant();
    let mut invite = tenant
        .owner
        .open(&tenant.path("/settings/people/invite"))
        .form("#invite");
    invite = invite
        .fill("name", "New Person")
        .fill("email", &email("new"));
    invite.submit().is(303);
    let (mut sent, mut reached) = (0_u32, 0_u32);
    for (browser, path) in screens(&tenant) {
        let page = browser.open(&path);
        assert!(page.status < 500, "{path}");
        for form in page.changes() {
            // Signing out, or shutting somebody out, would end the test and not the form.
            let ends = [
                "/sign-out",
                "/disable",
                "/enable",
                "/end",
                "/end-others",
                "/revoke",
                "/suspend",
            ];
            if ends.iter().any(|end| form.action.ends_with(end)) {
                continue;
            }
            for (name, _) in form.fields.clone() {
                for value in nasty() {
                    let answer = form.clone().forge(&name, &value).submit();
                    assert!(
                        answer.status < 500,
                        "{} with {name} = {value:?}: {}",
                        form.action,
                        answer.status
                    );
                    assert!(
                        !answer.html.contains("<script>alert(1)"),
                        "{} prints {name} unescaped",
                        form.action
                    );
                    sent += 1;
                    reached += u32::from(matches!(answer.status, 200 | 303 | 409 | 422));
                }
            }
        }
    }
    let share = reached * 100 / sent;
    println!(
        "{sent} requests, each one field off a form that the page offers; {share} % reached the action"
    );
    assert!(sent > 300, "only {sent}");
    assert!(share >= 50, "only {share} % reached the action");
}

#[test]
fn no_search_filter_or_page_mark_breaks_a_list() {
    let tenant = tenant();
    for (browser, path) in screens(&tenant) {
        for name in [
            "q", "sort", "after", "before", "size", "role", "state", "status", "from", "to",
            "record", "v", "next",
        ] {
            for value in nasty() {
                let value: String = url::form_urlencoded::byte_serialize(
                    &value.as_bytes()[..value.len().min(2000)],
                )
                .collect();
                let page = browser.get(&format!("{path}?{name}={value}"));
                assert!(page.status < 500, "{path}?{name}={value}");
            }
        }
    }
}

#[test]
fn more_than_a_form_holds_is_refused_in_words() {
    let page = Browser::new().post(
        "/sign-in",
        &[
            ("email", "a@test.example"),
            ("password", &"x".repeat(400_000)),
        ],
    );
    page.is(413).shows("main", "That is too much for one form.");
    let odd = Browser::new().post_with(
        "/sign-in",
        &[],
        &[("Origin", &app().base), ("Content-Type", "text/plain")],
    );
    assert!(odd.status < 500);
    Browser::new()
        .sign_in(&tenant().owner_email, PASSWORD)
        .is(200);
}

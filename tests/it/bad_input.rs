//! Whatever is typed into whatever form: a clear answer, never a fault of ours.

use crate::support::{Browser, PASSWORD, Page, Places, Visit, admin, app, tenant};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
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

/// Every screen of the route table, its address with a real row in it, and a browser that may open it.
fn screens(places: &Places) -> Vec<Visit> {
    let routes = mandi::app::routes();
    let pages = routes
        .table()
        .iter()
        .filter(|route| route.kind == Kind::Page);
    pages.map(|route| places.rightful(route)).collect()
}

/// Changes that end what the form stands on: each gets its own ground for every request.
fn is_final(pattern: &str) -> bool {
    let ends = [
        "/sign-out",
        "/disable",
        "/enable",
        "/end",
        "/end-others",
        "/revoke",
        "/suspend",
        "/reactivate",
        "/discard",
        "/retry",
        "/remove",
        "/delete",
        "/invite/{token}",
        "/join/{token}",
        "/pause",
        "/resume",
        "/deactivate",
        "/activate",
        "/remove",
        "/import/{id}",
        "/import/{id}/run",
        "/pick",
        "/pack",
        "/reopen",
        "/cancel",
        "/send",
        "/deliver",
        "/return",
        "/drive/{no}",
        "/allocate",
        "/unallocate",
        "/bounce",
        "/refund",
        "/settle",
        "/write-off",
    ];
    ends.iter().any(|end| pattern.ends_with(end))
}

/// Says what was wrong with an answer to something nasty, and whether the request got as far as the action.
fn reached(answer: &Page, what: &str) -> bool {
    assert!(answer.status < 500, "{what}: {}", answer.status);
    assert!(
        !answer.html.contains("<script>alert(1)"),
        "{what} comes back unescaped"
    );
    matches!(answer.status, 200 | 303 | 409 | 422)
}

#[test]
fn no_field_of_any_form_breaks_anything() {
    let places = Places::new(app());
    let (mut sent, mut got_through) = (0_u32, 0_u32);
    for visit in screens(&places) {
        let page = visit.send().follow();
        assert!(page.status < 500, "{}", visit.path);
        for form in page.changes() {
            let to = form.action.trim_start_matches(&app().base).to_owned();
            // These have a turn of their own below.
            if is_final(&to) || to.starts_with("/invite/") || to.starts_with("/join/") {
                continue;
            }
            for (name, _) in form.fields.clone() {
                for value in nasty() {
                    let answer = form.clone().forge(&name, &value).submit();
                    got_through +=
                        u32::from(reached(&answer, &format!("{to} with {name} = {value:?}")));
                    sent += 1;
                }
            }
        }
    }
    let share = got_through * 100 / sent;
    println!(
        "{sent} requests, each one field off a form that the page offers; {share} % reached the action"
    );
    assert!(sent > 300, "only {sent}");
    assert!(share >= 50, "only {share} % reached the action");
}

#[test]
fn no_field_of_a_form_that_ends_something_breaks_anything() {
    // given: a form can be sent once, so each request gets a row of its own
    let places = Places::new(app());
    let (mut sent, mut got_through) = (0_u32, 0_u32);
    let routes = mandi::app::routes();
    let changes = routes
        .table()
        .iter()
        .filter(|route| route.kind == Kind::Change && is_final(&route.pattern));

    // when, then
    for route in changes {
        let names: Vec<&str> = places
            .rightful(route)
            .fields
            .iter()
            .map(|(name, _)| *name)
            .collect();
        for name in names {
            for value in nasty() {
                let mut visit = places.rightful(route);
                for field in visit.fields.iter_mut().filter(|field| field.0 == name) {
                    field.1.clone_from(&value);
                }
                let what = format!("{} with {name} = {value:?}", route.pattern);
                got_through += u32::from(reached(&visit.send(), &what));
                sent += 1;
            }
        }
    }
    let share = got_through * 100 / sent;
    println!("{sent} requests to forms that end something; {share} % reached the action");
    assert!(sent >= 100, "only {sent}");
    assert!(share >= 50, "only {share} % reached the action");
}

/// What a list may be asked for: by every list, and by some.
const OF_EVERY_LIST: [&str; 4] = ["q", "sort", "after", "before"];
const OF_SOME: [&str; 9] = [
    "size", "role", "state", "status", "from", "to", "record", "v", "next",
];

#[test]
fn no_search_filter_or_page_mark_breaks_a_list() {
    let places = Places::new(app());
    for visit in screens(&places) {
        let path = visit.path.split('?').next().unwrap_or_default();
        let html = visit.browser.get(path).html;
        // What a page offers to be asked is asked one by one; what it can't know anything of, at once.
        let (offered, strange): (Vec<&str>, Vec<&str>) = OF_SOME.into_iter().partition(|name| {
            ["name=\"{}\"", "?{}=", "&amp;{}=", "&{}="]
                .iter()
                .any(|form| html.contains(&form.replace("{}", name)))
        });
        let one_by_one = OF_EVERY_LIST.iter().chain(&offered).map(|name| vec![*name]);
        for names in one_by_one.chain([strange]) {
            for value in nasty() {
                let length = value.len().min(2000 / names.len().max(1));
                let value: String =
                    url::form_urlencoded::byte_serialize(&value.as_bytes()[..length]).collect();
                let query: Vec<String> =
                    names.iter().map(|name| format!("{name}={value}")).collect();
                let asked = format!("{path}?{}", query.join("&"));
                let page = visit.browser.get(&asked);
                assert!(page.status < 500, "{asked}");
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

/// What a browser could send instead of a page mark, a day, a version or an address of ours.
#[test]
fn strange_marks_days_versions_and_addresses_are_no_fault_of_ours() {
    // given
    let (tenant, platform) = (tenant(), admin());
    let mark = |json: &str| BASE64_URL_SAFE_NO_PAD.encode(json);
    let id = "00000000-0000-7000-8000-000000000001";
    let (zero, early) = (
        mark(&format!("[\"a\\u0000b\",\"{id}\"]")),
        mark(&format!("[\"-9999-01-01T00:00:00Z\",\"{id}\"]")),
    );
    let owner = &tenant.owner;

    // when, then
    for (browser, path, status) in [
        (
            owner,
            tenant.path(&format!("/settings/people?after={zero}")),
            200,
        ),
        (
            owner,
            tenant.path(&format!("/settings/people?before={zero}")),
            200,
        ),
        (
            owner,
            tenant.path(&format!("/settings/invitations?after={early}")),
            200,
        ),
        (
            owner,
            tenant.path("/settings/audit?from=-9999-01-01&to=%2B262142-12-31"),
            200,
        ),
        (owner, tenant.path("/settings/registrations/%00"), 404),
        (owner, tenant.path("/settings/registrations/a%00b/end"), 404),
        (
            &platform,
            format!("/admin/companies?sort=name&after={zero}"),
            200,
        ),
        (&platform, format!("/admin/people?after={early}"), 200),
        (&platform, format!("/admin/jobs?before={early}"), 200),
        (&platform, format!("/admin/invitations?after={early}"), 200),
    ] {
        assert_eq!(browser.get(&path).status, status, "{path}");
    }
    // A version of long ago is one that somebody saved after.
    owner
        .open(&tenant.path("/settings/company"))
        .form("#profile")
        .forge("version", "-9999-01-01T00:00:00Z")
        .submit()
        .is(422)
        .shows("#conflict", "Somebody else saved this meanwhile");
}

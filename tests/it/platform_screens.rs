//! The platform's own screens: search, a person, a company's names, the list of invitations.

use crate::support::{
    self, Browser, PASSWORD, Tenant, admin, admin_of, app, email, own_app, retailer, tenant, unique,
};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use mandi::platform::permissions::Role;

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

fn ask(sql: &str) -> String {
    diesel::sql_query(sql)
        .get_result::<Value>(&mut app().owner())
        .unwrap()
        .value
}

fn run(sql: &str) {
    app().owner().batch_execute(sql).unwrap();
}

/// The address of a person's page.
fn person(platform: &Browser, address: &str) -> String {
    platform
        .open(&format!("/admin/people?q={address}"))
        .attribute("tbody a.go", "href")
        .unwrap()
}

/// Open invitations of a company, `count` of them, each a second older than the one before.
fn invited(tenant: &Tenant, count: usize) {
    run(&format!(
        "insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at, created_at)
           select '{0}', gen_random_uuid(), 'guest' || n || '.{1}@test.example', 'Guest ' || lpad(n::text, 2, '0'), 'viewer',
                  sha256(('{0}' || n)::bytea), now() + interval '7 days', now() - n * interval '1 second'
             from generate_series(1, {count}) n",
        tenant.id, tenant.slug
    ));
}

#[test]
fn a_whole_gstin_short_name_or_address_finds_it() {
    // given
    let (tenant, platform) = (tenant(), admin());
    let gstin = ask(&format!(
        "select gstin as value from gst_registrations where tenant_id = '{}'",
        tenant.id
    ));
    invited(&tenant, 1);
    let guest = format!("guest1.{}@test.example", tenant.slug);

    // when, then: the company, by what stands on its papers and in its addresses
    let company = format!("a[href='/admin/companies/{}']", tenant.id);
    for typed in [&gstin, &gstin.to_lowercase(), &tenant.slug, &tenant.name] {
        let page = platform.open(&format!("/admin/search?q={typed}"));
        page.is(200)
            .shows(&format!("#results {company}"), &tenant.name);
    }
    let exact = platform.open(&format!("/admin/search?q={}", tenant.slug));
    assert_eq!(
        exact.attribute("#results [role=option]", "href"),
        Some(format!("/admin/companies/{}", tenant.id)),
        "the exact short name stands first"
    );

    // then: people, invitations, pages; and nothing
    let people = platform.open(&format!("/admin/search?q={}", tenant.owner_email));
    people
        .shows("#results .heading", "People")
        .shows("#results a[href^='/admin/people/']", "Asha Owner");
    platform
        .open(&format!("/admin/search?q={guest}"))
        .shows("#results a[href^='/admin/invitations?q=']", "Guest 01")
        .click("Guest 01")
        .is(200)
        .shows("tbody", &guest)
        .shows("[role=status]", "1 in all");
    platform
        .open("/admin/search?q=letter")
        .shows("#results a[href='/admin/messages']", "Letters");
    platform
        .open("/admin/search?q=nothing-is-called-this")
        .shows("#results", "Nothing matches.");

    // and every page of the platform offers it, to admins only
    let home = platform.open("/admin");
    assert_eq!(home.count("#palette form[action='/admin/search']"), 1);
    assert_eq!(home.count("a[href='/admin/search'][data-palette]"), 2);
    tenant.owner.open("/admin/search?q=a").is(404);
}

#[test]
fn a_persons_page_tells_where_they_may_go_and_who_tried_to_be_them() {
    // given: an owner who is signed in once, and whose password somebody guessed at
    let (tenant, platform) = (tenant(), admin());
    Browser::new()
        .sign_in(&tenant.owner_email, "not the password at all")
        .is(422);

    // when
    let page = platform.open(&person(&platform, &tenant.owner_email));

    // then
    page.is(200)
        .shows("h1", "Asha Owner")
        .shows(".head .pill", "Active")
        .shows("dd", &tenant.owner_email)
        .shows(
            &format!("li:has(a[href='/admin/companies/{}'])", tenant.id),
            "Owner",
        );
    assert_eq!(page.count("#sessions li"), 1);
    page.shows("#sessions", "mandi-tests")
        .shows("#sessions", "127.0.0.1");
    assert_eq!(page.count("#tries li"), 1);

    // and a retailer's person
    let shop = retailer(&tenant);
    let address = ask(&format!(
        "select u.email as value from users u join retailer_users r on r.user_id = u.id join retailers s on s.id = r.retailer_id where s.slug = '{}'",
        shop.slug
    ));
    platform
        .open(&person(&platform, &address))
        .shows("main", &shop.slug.replace("shop-", "Shop "))
        .shows("main li .push", "Owner")
        .shows("main", "None.");
}

#[test]
fn a_disabled_person_is_out_at_once_and_can_be_let_in_again() {
    // given
    let (tenant, platform) = (tenant(), admin());
    let (address, browser) = tenant.employee(Role::Sales);
    let page = platform.open(&person(&platform, &address));

    // when: the question says what it does
    let question = page.click("Disable…");
    question.is(200).shows("h1", "Disable Ravi Sales?").shows(
        "main",
        &format!("1 session ends at once, and {address} can't sign in"),
    );
    browser.open(&tenant.path("/")).is(200);
    question
        .form("#confirm")
        .submit()
        .follow()
        .is(200)
        .shows(
            ".toast",
            "Ravi Sales can't sign in any more, and is signed out everywhere.",
        )
        .shows(".head .pill", "Disabled")
        .shows("main", "Signed in nowhere.");

    // then
    browser.open(&tenant.path("/")).shows("h1", "Sign in");
    Browser::new().sign_in(&address, PASSWORD).is(422);

    // when
    platform
        .open(&page.path)
        .form("#enable")
        .submit()
        .follow()
        .is(200)
        .shows(".toast", "Ravi Sales may sign in again.");

    // then
    Browser::new()
        .sign_in(&address, PASSWORD)
        .is(200)
        .shows("h1", "Dashboard");
}

#[test]
fn signing_out_everywhere_ends_sessions_and_nothing_else() {
    // given: somebody signed in twice
    let (tenant, platform) = (tenant(), admin());
    let (address, first) = tenant.employee(Role::Sales);
    let second = Browser::new();
    second.sign_in(&address, PASSWORD).is(200);
    let page = platform.open(&person(&platform, &address));
    assert_eq!(page.count("#sessions li"), 2);

    // when
    page.click("Sign out everywhere…")
        .form("#confirm")
        .submit()
        .follow()
        .shows(".toast", "Ravi Sales is signed out everywhere.")
        .shows(".head .pill", "Active");

    // then
    for browser in [&first, &second] {
        browser.open(&tenant.path("/")).shows("h1", "Sign in");
    }
    first.sign_in(&address, PASSWORD).is(200);
}

#[test]
fn an_admin_does_neither_to_themselves() {
    // given
    let address = email("self");
    run(&format!(
        "insert into users (id, email, name, password_hash, is_platform_admin)
           select gen_random_uuid(), '{address}', 'Own Self', password_hash, true from users where email = '{}'",
        tenant().owner_email
    ));
    let browser = Browser::new();
    browser.sign_in(&address, PASSWORD).is(200);
    let path = person(&browser, &address);

    // when, then
    let page = browser.open(&path);
    page.is(200).shows_not("main a", "Disable…");
    assert_eq!(page.count("main form"), 0);
    for (verb, words) in [
        (
            "disable",
            "Nobody disables their own account. Ask another admin.",
        ),
        (
            "sign-out",
            "End your own sessions under “Security” of your own account.",
        ),
    ] {
        browser
            .open(&format!("{path}/{verb}"))
            .is(409)
            .shows("main", words);
        browser
            .post(&format!("{path}/{verb}"), &[])
            .is(409)
            .shows("main", words);
    }
    browser.open(&path).is(200);
}

#[test]
fn an_admin_edits_names_and_contact_and_nothing_else() {
    // given
    let (tenant, platform) = (tenant(), admin());
    let path = format!("/admin/companies/{}", tenant.id);
    let page = platform.open(&path);
    assert_eq!(
        page.attribute("a[data-key=e]", "href"),
        Some(format!("{path}/edit"))
    );

    // when: with somebody who also sends what can't be changed
    let edit = page.click("Edit");
    edit.is(200)
        .shows("main", "These two never change")
        .shows("dd", &tenant.slug);
    let saved = edit
        .form("#edit")
        .fill("name", "Renamed Foods")
        .fill("email", "office@renamed.example")
        .fill("phone", "98400 00012")
        .forge("slug", "stolen")
        .forge("pan", "ZZZZZ9999Z")
        .submit()
        .follow();

    // then
    saved
        .is(200)
        .shows(".toast", "Renamed Foods is saved.")
        .shows("h1", "Renamed Foods")
        .shows("dd", &tenant.slug)
        .shows_not("main", "ZZZZZ9999Z");
    let profile = tenant.owner.open(&tenant.path("/settings/company"));
    assert_eq!(
        profile.attribute("#email", "value").as_deref(),
        Some("office@renamed.example")
    );
    tenant
        .owner
        .open(&tenant.path("/settings/audit"))
        .shows("main", "Company changed · Platform");

    // and what is wrong is said beside its field
    let wrong = edit
        .form("#edit")
        .fill("name", "")
        .fill("email", "nowhere")
        .submit();
    wrong
        .is(422)
        .shows("#name-e", "Trade name must be filled in.")
        .shows("#email-e", "e-mail");
    assert_eq!(
        wrong.attribute("#email", "value").as_deref(),
        Some("nowhere")
    );
    tenant.owner.open(&format!("{path}/edit")).is(404);
}

#[test]
fn an_admin_and_an_owner_who_edit_at_once_see_both_values() {
    // given
    let (tenant, platform) = (tenant(), admin());
    let mine = platform.open(&format!("/admin/companies/{}/edit", tenant.id));
    tenant
        .owner
        .open(&tenant.path("/settings/company"))
        .form("#profile")
        .fill("legal_name", "Theirs Limited")
        .submit()
        .is(303);

    // when
    let page = mine
        .form("#edit")
        .fill("legal_name", "Mine Limited")
        .submit();

    // then
    page.is(422)
        .shows("#conflict", "Somebody else saved this meanwhile.")
        .shows("#legal_name-t", "Saved meanwhile: Theirs Limited");
    assert_eq!(
        page.attribute("#legal_name", "value").as_deref(),
        Some("Mine Limited")
    );
    page.form("#edit").submit().is(303);
    platform
        .open(&format!("/admin/companies/{}", tenant.id))
        .shows("dd", "Mine Limited");
}

#[test]
fn invitations_are_searched_filtered_paged_and_exported_alike() {
    // given: 30 open invitations, one of them expired, one revoked
    let (tenant, platform) = (tenant(), admin());
    invited(&tenant, 30);
    let guest = |number: u32| format!("guest{number}.{}@test.example", tenant.slug);
    run(&format!(
        "update invitations set expires_at = now() - interval '1 minute' where email = '{}';
         update invitations set status = 'revoked' where email = '{}'",
        guest(7),
        guest(8)
    ));
    run(&format!(
        "update companies set name = 'Only {0}' where id = '{1}'",
        tenant.slug, tenant.id
    ));
    let own = (
        &tenant.owner,
        tenant.path("/settings/invitations"),
        "?q=guest",
    );
    let across = (&platform, "/admin/invitations".to_owned(), "?q=only+");

    for (browser, path, search) in [own, across] {
        let all = format!(
            "{path}{search}{}",
            if search.ends_with('+') {
                tenant.slug.as_str()
            } else {
                ""
            }
        );

        // when: the first page, the second, and back
        let first = browser.open(&all);
        first.is(200).shows("[role=status]", "30 in all");
        assert_eq!(first.count("tbody tr"), 25);
        first.shows("tbody tr:first-child", "Guest 01");
        let second = first.click("Next");
        assert_eq!(second.count("tbody tr"), 5);
        second
            .shows("tbody tr:first-child", "Guest 26")
            .shows("tbody tr:last-child", "Guest 30");
        let back = second.click("Previous");
        assert_eq!(back.texts("tbody th"), first.texts("tbody th"));

        // then: by state
        for (state, count, who) in [
            ("status=expired", 1, "Guest 07"),
            ("status=revoked", 1, "Guest 08"),
            ("status=expired&status=revoked", 2, "Guest 08"),
            ("status=sent", 28, "Guest 01"),
        ] {
            let page = browser.open(&format!("{all}&{state}"));
            page.shows("[role=status]", &format!("{count} in all"))
                .shows("tbody", who);
        }
        browser
            .open(&format!("{all}&status=accepted"))
            .shows(".empty", "No invitations match")
            .click("Clear filters")
            .is(200);

        // then: the files hold what the filter shows
        let page = browser.open(&format!("{all}&status=expired"));
        let (status, _, body) =
            browser.bytes(&page.attribute("#export a:first-child", "href").unwrap());
        let text = String::from_utf8(body).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((status, lines.len()), (200, 2), "{text}");
        assert!(
            lines[1].starts_with(&format!(
                "Guest 07,{},Only {},Viewer,",
                guest(7),
                tenant.slug
            )),
            "{text}"
        );
        assert!(lines[1].ends_with(",Expired"), "{text}");
    }

    // and nobody else's invitations are in a company's list
    let rival = crate::support::tenant();
    rival
        .owner
        .open(&rival.path("/settings/invitations?q=guest"))
        .shows(".empty", "No invitations match");
    let (_, viewer) = tenant.employee(Role::Viewer);
    viewer
        .open(&tenant.path("/settings/invitations/export"))
        .is(403);
}

#[test]
fn every_list_that_offers_csv_offers_xlsx() {
    // given
    let (tenant, platform) = (tenant(), admin());
    invited(&tenant, 1);
    let lists = [
        (&platform, "/admin/companies".to_owned()),
        (&platform, "/admin/invitations".to_owned()),
        (&tenant.owner, tenant.path("/settings/people")),
        (&tenant.owner, tenant.path("/settings/invitations")),
        (&tenant.owner, tenant.path("/customers")),
        (&tenant.owner, tenant.path("/products")),
        (&tenant.owner, tenant.path("/stock")),
        (&tenant.owner, tenant.path("/orders")),
        (&tenant.owner, tenant.path("/shipments")),
        (&tenant.owner, tenant.path("/vehicles")),
        (&tenant.owner, tenant.path("/drivers")),
        (&tenant.owner, tenant.path("/invoices")),
        (&tenant.owner, tenant.path("/credit-notes")),
        (&tenant.owner, tenant.path("/debit-notes")),
        (&tenant.owner, tenant.path("/payments")),
        (&tenant.owner, tenant.path("/tax-deducted")),
        (&tenant.owner, tenant.path("/receivables")),
        (&tenant.owner, tenant.path("/credit-holds")),
        (&tenant.owner, tenant.path("/ledger")),
        (&tenant.owner, tenant.path("/reports/sales")),
        (&tenant.owner, tenant.path("/tax-register")),
        (&tenant.owner, tenant.path("/tax-register/documents")),
    ];
    let parts = mandi::app::routes();
    let exports = parts
        .table()
        .iter()
        .filter(|route| route.pattern.ends_with("/export") && route.method == "GET")
        // The moves are no list of their own: each product's page offers them. Nor are statements: they have a button for each kind of file.
        .filter(|route| !route.pattern.ends_with("/moves/export"))
        .filter(|route| !route.pattern.ends_with("/ledger/{code}/export"))
        .filter(|route| !route.pattern.starts_with("/r/"));
    assert_eq!(
        exports.count(),
        lists.len(),
        "a list with an export is missing here"
    );

    for (browser, path) in lists {
        // when
        let page = browser.open(&format!("{path}?q={}", unique()));
        let links: Vec<String> = [1, 2]
            .iter()
            .map(|place| {
                page.attribute(&format!("#export a:nth-child({place})"), "href")
                    .unwrap()
            })
            .collect();

        // then
        for (link, start, kind) in [
            (&links[0], &b"\xEF\xBB\xBF"[..], "text/csv; charset=utf-8"),
            (
                &links[1],
                &b"PK"[..],
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        ] {
            assert!(link.contains("q="), "{link} forgets the filter");
            let (status, headers, body) = browser.bytes(link);
            assert_eq!(
                (status, headers["content-type"].to_str().unwrap()),
                (200, kind),
                "{link}"
            );
            assert!(body.starts_with(start), "{link}");
        }
    }
}

#[test]
fn of_two_last_admins_who_disable_each_other_one_stays() {
    // given an installation with two admins
    let app = own_app("last_admin", mandi::app::routes());
    let (one, other) = (admin_of(&app.owner_url), admin_of(&app.owner_url));
    let enter = |address: &str| {
        let browser = Browser::on(&app.base);
        browser.sign_in(address, PASSWORD).is(200);
        let id = support::ask(
            app,
            &format!("select id::text as value from users where email = '{address}'"),
        );
        (browser, id)
    };
    let ((first, first_id), (second, second_id)) = (enter(&one), enter(&other));

    // when
    let statuses = std::thread::scope(|scope| {
        let one = scope.spawn(|| {
            first
                .post(&format!("/admin/people/{second_id}/disable"), &[])
                .status
        });
        let other = scope.spawn(|| {
            second
                .post(&format!("/admin/people/{first_id}/disable"), &[])
                .status
        });
        [one.join().unwrap(), other.join().unwrap()]
    });

    // then: one is done; the other is signed out by then, or told
    assert!(statuses.contains(&303), "{statuses:?}");
    let left = support::ask(
        app,
        "select count(*)::text as value from users where is_platform_admin and disabled_at is null",
    );
    assert_eq!(left, "1");
}

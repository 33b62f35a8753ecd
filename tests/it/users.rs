//! How people get in, stay in and get out: sign-in, throttle, codes, reset, sessions, their own settings.

use crate::support::process;
use crate::support::{Browser, PASSWORD, Page, app, email, tenant};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn run(sql: &str) {
    app()
        .owner()
        .batch_execute(sql)
        .unwrap_or_else(|error| panic!("{error} in {sql}"));
}

fn count(sql: &str) -> i64 {
    diesel::sql_query(format!("select count(*) as count from {sql}"))
        .get_result::<Count>(&mut app().owner())
        .unwrap()
        .count
}

/// The code in the newest letter to an address.
fn code(to: &str) -> String {
    let sql = format!(
        "select text_body as words from mails where recipient = '{to}' order by created_at desc, id desc limit 1"
    );
    let letter = diesel::sql_query(sql)
        .get_result::<Words>(&mut app().owner())
        .unwrap()
        .words;
    letter
        .split_whitespace()
        .find(|word| word.len() == 8 && word.chars().all(|c| c.is_ascii_digit()))
        .unwrap()
        .to_owned()
}

fn sign_in_form(browser: &Browser, email: &str, password: &str) -> crate::support::FormFiller {
    browser
        .open("/sign-in")
        .form("form[action='/sign-in']")
        .fill("email", email)
        .fill("password", password)
}

/// A page without what differs from request to request.
fn bare(page: &Page, email: &str) -> String {
    page.html.replace(email, "(address)")
}

#[test]
fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let (tenant, nobody) = (tenant(), email("nobody"));
    let known = sign_in_form(&Browser::new(), &tenant.owner_email, "wrong password").submit();
    let unknown = sign_in_form(&Browser::new(), &nobody, "wrong password").submit();
    known.is(422).shows(
        "#email-e",
        "E-mail and password don't match. Check both, or ask for a code.",
    );
    assert_eq!(unknown.status, 422);
    assert_eq!(bare(&known, &tenant.owner_email), bare(&unknown, &nobody));
    assert_eq!(
        known.attribute("#email", "value").as_deref(),
        Some(tenant.owner_email.as_str())
    );
    assert_eq!(
        known.attribute("#password", "value").as_deref(),
        Some(""),
        "a password is never given back"
    );
}

#[test]
fn empty_fields_are_said_beside_them() {
    let page = sign_in_form(&Browser::new(), "", "").submit();
    page.is(422)
        .shows("#email-e", "Enter the e-mail address.")
        .shows("#password-e", "Enter the password.")
        .shows("#errors h2", "2");
    assert_eq!(page.count("#errors li"), 2);
}

#[test]
fn only_pages_of_ours_are_gone_on_to() {
    let tenant = tenant();
    for (next, expected) in [
        ("/me/security", "/me/security"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("", "/"),
    ] {
        let page = sign_in_form(&Browser::new(), &tenant.owner_email, PASSWORD)
            .forge("next", next)
            .submit();
        assert_eq!(
            (page.status, page.header("location")),
            (303, expected),
            "{next}"
        );
    }
}

#[test]
fn a_stranger_comes_back_to_where_they_wanted_to_go() {
    let tenant = tenant();
    let browser = Browser::new();
    let page = browser.open(&tenant.path("/settings/people"));
    page.is(200).shows("h1", "Sign in");
    let page = page
        .form("form[action='/sign-in']")
        .fill("email", &tenant.owner_email)
        .fill("password", PASSWORD)
        .submit()
        .follow();
    page.is(200).shows("h1", "People");
}

#[test]
fn the_session_key_changes_at_sign_in_and_dies_at_sign_out() {
    let tenant = tenant();
    let browser = Browser::new();
    let signed_in = sign_in_form(&browser, &tenant.owner_email, PASSWORD).submit();
    let cookie = signed_in.header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("mandi=")
            && cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && cookie.contains("Path=/"),
        "{cookie}"
    );
    let key = cookie.split(';').next().unwrap().to_owned();
    // A planted session is worth nothing: signing in on top of it gives a new key, and the old one opens nothing.
    let again = Browser::new().post_with(
        "/sign-in",
        &[
            ("email", tenant.owner_email.as_str()),
            ("password", PASSWORD),
        ],
        &[("Origin", &app().base), ("Cookie", &key)],
    );
    let second = again
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert_ne!(key, second);
    assert_eq!(
        Browser::new().get_with("/me", &[("Cookie", &key)]).status,
        303,
        "the old key still opens"
    );
    assert_eq!(
        Browser::new()
            .get_with("/me", &[("Cookie", &second)])
            .status,
        200
    );

    let out = Browser::new().post_with(
        "/sign-out",
        &[],
        &[("Origin", &app().base), ("Cookie", &second)],
    );
    assert_eq!(
        (out.status, out.header("clear-site-data")),
        (303, "\"cache\", \"storage\"")
    );
    assert_eq!(
        Browser::new()
            .get_with("/me", &[("Cookie", &second)])
            .status,
        303,
        "the session outlives the sign-out"
    );
}

#[test]
fn a_session_ends_when_idle_when_old_and_when_revoked() {
    let tenant = tenant();
    let of_owner = format!(
        "user_id = (select id from users where email = '{}')",
        tenant.owner_email
    );
    tenant.owner.open("/me").is(200).shows("h1", "My account");
    run(&format!(
        "update sessions set seen_at = now() - interval '13 hours' where {of_owner}"
    ));
    tenant.owner.open("/me").shows("h1", "Sign in");

    tenant.owner.sign_in(&tenant.owner_email, PASSWORD);
    run(&format!(
        "update sessions set expires_at = now() - interval '1 second' where {of_owner}"
    ));
    tenant.owner.open("/me").shows("h1", "Sign in");

    run(&format!("delete from sessions where {of_owner}"));
    let (here, there) = (Browser::new(), Browser::new());
    here.sign_in(&tenant.owner_email, PASSWORD);
    there.sign_in(&tenant.owner_email, PASSWORD);
    let page = here.open("/me/security");
    assert_eq!(page.count("li .tag"), 1, "one device is this one");
    page.form("form[action$='/end']")
        .submit()
        .follow()
        .shows(".toast", "That device is signed out.");
    there.open("/me").shows("h1", "Sign in");
    here.open("/me").is(200).shows("h1", "My account");
}

#[test]
fn after_five_wrong_tries_even_the_right_password_waits() {
    let tenant = tenant();
    let browser = Browser::new();
    for _ in 0..5 {
        sign_in_form(&browser, &tenant.owner_email, "wrong password")
            .submit()
            .is(422);
    }
    let page = sign_in_form(&browser, &tenant.owner_email, PASSWORD).submit();
    page.is(429).shows("h1", "Too many tries");
    let wait: u32 = page.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    // Time heals it.
    run(&format!(
        "update sign_in_attempts set at = at - interval '16 minutes' where email = '{}'",
        tenant.owner_email
    ));
    sign_in_form(&browser, &tenant.owner_email, PASSWORD)
        .submit()
        .is(303);
}

#[test]
fn thirty_wrong_tries_from_one_address_close_it_for_every_account_and_no_other_address() {
    // given: a process behind a proxy that it believes
    let urls = process::database("users_throttle");
    let mut settings = process::two_logins(&urls);
    settings.push(("MANDI_TRUSTED_PROXIES", "127.0.0.1"));
    let mandi = process::serve(&settings);
    let (known, _) = mandi.admin(&urls);
    let browser = mandi.browser();
    let attempt = |from: &str, email: &str, password: &str| {
        browser.post_with(
            "/sign-in",
            &[("email", email), ("password", password)],
            &[("X-Forwarded-For", from), ("Origin", &mandi.base)],
        )
    };

    // when: one address tries thirty accounts, none of them twice
    for _ in 0..30 {
        attempt("203.0.113.7", &email("guess"), "wrong password").is(422);
    }

    // then: it is refused at any account, with whatever password, and can't hide behind a made-up hop
    for from in ["203.0.113.7", "198.51.100.9, 203.0.113.7"] {
        let page = attempt(from, &known, PASSWORD);
        page.is(429).shows("h1", "Too many tries");
        let wait: u32 = page.header("retry-after").parse().unwrap();
        assert!((1..=900).contains(&wait), "{wait}");
    }

    // then: somebody elsewhere is not, at the same account
    attempt("203.0.113.8", &known, "wrong password").is(422);
    attempt("203.0.113.8", &known, PASSWORD).is(303);
    let mut settings = process::two_logins(&urls);
    settings.push(("MANDI_TRUSTED_PROXIES", "10.0.0.0/8"));
    let direct = process::serve(&settings);
    // A process that believes no such proxy goes by who really calls.
    direct
        .browser()
        .post_with(
            "/sign-in",
            &[("email", &known), ("password", PASSWORD)],
            &[("X-Forwarded-For", "203.0.113.7"), ("Origin", &direct.base)],
        )
        .is(303);
}

#[test]
fn many_tries_at_once_do_not_slip_past_the_count() {
    let tenant = tenant();
    run(&format!(
        "delete from sign_in_attempts where email = '{}'",
        tenant.owner_email
    ));
    let forms: Vec<_> = (0..20)
        .map(|_| sign_in_form(&Browser::new(), &tenant.owner_email, "wrong password"))
        .collect();
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let started: Vec<_> = forms
            .into_iter()
            .map(|form| threads.spawn(move || form.submit().status))
            .collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 422).count(),
        5,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 429).count(),
        15,
        "{statuses:?}"
    );
    assert_eq!(
        count(&format!(
            "sign_in_attempts where email = '{}' and outcome = 'wrong'",
            tenant.owner_email
        )),
        5
    );
}

#[test]
fn a_code_signs_in_once_and_only_the_newest() {
    let tenant = tenant();
    let browser = Browser::new();
    let ask = |browser: &Browser| {
        browser
            .open("/sign-in/code")
            .form("form[action='/sign-in/code']")
            .fill("email", &tenant.owner_email)
            .submit()
    };
    let page = ask(&browser);
    page.is(200).shows(
        "main",
        "If this address has an account, a letter with a code is on its way.",
    );
    let old = code(&tenant.owner_email);
    let page = ask(&browser);
    let new = code(&tenant.owner_email);
    page.form("form[action='/sign-in/code']")
        .fill("code", &old)
        .press("op", "enter")
        .submit()
        .is(422)
        .shows("#code-e", "This code is not right");
    page.form("form[action='/sign-in/code']")
        .fill("code", &new)
        .press("op", "enter")
        .submit()
        .follow()
        .is(200)
        .shows("h1", "Dashboard");
    page.form("form[action='/sign-in/code']")
        .fill("code", &new)
        .press("op", "enter")
        .submit()
        .is(422);
}

#[test]
fn a_code_has_five_tries_and_ten_minutes() {
    let tenant = tenant();
    let browser = Browser::new();
    let page = browser
        .open("/sign-in/code")
        .form("form[action='/sign-in/code']")
        .fill("email", &tenant.owner_email)
        .submit();
    let right = code(&tenant.owner_email);
    let enter = |typed: &str| {
        // The door's own throttle is not what is tested here.
        run(&format!(
            "delete from sign_in_attempts where email = '{}' and outcome = 'wrong'",
            tenant.owner_email
        ));
        page.form("form[action='/sign-in/code']")
            .fill("code", typed)
            .press("op", "enter")
            .submit()
            .status
    };
    for _ in 0..5 {
        assert_eq!(enter("00000000"), 422);
    }
    assert_eq!(enter(&right), 422, "a sixth try counts");

    let other = Browser::new();
    let page = other
        .open("/sign-in/code")
        .form("form[action='/sign-in/code']")
        .fill("email", &tenant.owner_email)
        .submit();
    let late = code(&tenant.owner_email);
    run(&format!(
        "update one_time_codes set expires_at = now() where user_id = (select id from users where email = '{}')",
        tenant.owner_email
    ));
    page.form("form[action='/sign-in/code']")
        .fill("code", &late)
        .press("op", "enter")
        .submit()
        .is(422);
}

#[test]
fn an_unknown_address_gets_the_same_words_and_no_letter() {
    let (tenant, nobody) = (tenant(), email("nobody"));
    let ask = |who: &str| {
        Browser::new()
            .open("/forgot")
            .form("form[action='/forgot']")
            .fill("email", who)
            .submit()
    };
    let (known, unknown) = (ask(&tenant.owner_email), ask(&nobody));
    assert_eq!((known.status, unknown.status), (200, 200));
    assert_eq!(bare(&known, &tenant.owner_email), bare(&unknown, &nobody));
    assert_eq!(count(&format!("mails where recipient = '{nobody}'")), 0);
    assert_eq!(
        count(&format!("mails where recipient = '{}'", tenant.owner_email)),
        1
    );
    // At most three letters in a quarter of an hour, and nobody can tell.
    for _ in 0..4 {
        assert_eq!(ask(&tenant.owner_email).status, 200);
    }
    assert_eq!(
        count(&format!("mails where recipient = '{}'", tenant.owner_email)),
        3
    );
}

#[test]
fn a_reset_sets_the_password_and_ends_every_session() {
    let tenant = tenant();
    let browser = Browser::new();
    let page = browser
        .open("/forgot")
        .form("form[action='/forgot']")
        .fill("email", &tenant.owner_email)
        .submit();
    let code = code(&tenant.owner_email);
    let form = page.form("form[action='/reset']").fill("code", &code);
    form.clone()
        .fill("password", "short")
        .submit()
        .is(422)
        .shows(
            "#password-e",
            "The password must have 10 characters or more.",
        );
    form.fill("password", "five calm blue mangoes")
        .submit()
        .follow()
        .is(200)
        .shows(".toast", "The new password is set. Sign in with it.");
    tenant.owner.open("/me").shows("h1", "Sign in");
    Browser::new()
        .sign_in(&tenant.owner_email, "five calm blue mangoes")
        .is(200)
        .shows("h1", "Dashboard");
}

#[test]
fn the_password_is_changed_with_the_old_one_only() {
    let tenant = tenant();
    let elsewhere = Browser::new();
    elsewhere.sign_in(&tenant.owner_email, PASSWORD);
    let form = tenant.owner.open("/me/security").form("#change-password");
    form.clone()
        .fill("current", "not this one")
        .fill("password", "five calm blue mangoes")
        .submit()
        .is(422)
        .shows("#current-e", "This is not your current password.");
    form.clone()
        .fill("current", PASSWORD)
        .fill("password", "password123")
        .submit()
        .is(422)
        .shows("#password-e", "This password is easy to guess.");
    form.fill("current", PASSWORD)
        .fill("password", "five calm blue mangoes")
        .submit()
        .follow()
        .is(200)
        .shows(
            ".toast",
            "The new password is set. Other devices are signed out.",
        );
    elsewhere.open("/me").shows("h1", "Sign in");
    tenant.owner.open("/me").is(200).shows("h1", "My account");
}

#[test]
fn two_windows_on_one_profile_lose_nothing() {
    let tenant = tenant();
    let (one, other) = (
        tenant.owner.open("/me").form("#profile"),
        tenant.owner.open("/me").form("#profile"),
    );
    one.fill("name", "Asha Raman")
        .submit()
        .follow()
        .is(200)
        .shows(".toast", "Your account is saved.");
    let page = other
        .fill("name", "Asha R.")
        .fill("phone", "98400 00012")
        .submit();
    page.is(422)
        .shows("#conflict", "saved in another window meanwhile")
        .shows("#name-t", "Saved meanwhile: Asha Raman");
    page.form("#profile").submit().is(303);
    let page = tenant.owner.open("/me");
    assert_eq!(page.attribute("#name", "value").as_deref(), Some("Asha R."));
    assert_eq!(
        page.attribute("#phone", "value").as_deref(),
        Some("+919840000012")
    );
}

#[test]
fn preferences_reach_every_page() {
    let tenant = tenant();
    tenant
        .owner
        .open("/me/preferences")
        .form("#preferences")
        .fill("theme", "dark")
        .fill("language", "hi-IN")
        .submit()
        .follow()
        .is(200);
    let page = tenant.owner.open("/me/preferences");
    assert_eq!(
        page.attribute("html", "data-theme").as_deref(),
        Some("dark")
    );
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("hi-IN"));
    assert_eq!(page.attribute("html", "data-keys").as_deref(), None);
    page.shows_not("h1", "Preferences");
}

#[test]
fn signed_out_pages_speak_the_browsers_language_until_somebody_chooses() {
    let page = Browser::new().get_with(
        "/sign-in",
        &[("Accept-Language", "hi-IN,hi;q=0.9,en;q=0.5")],
    );
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("hi-IN"));
    let browser = Browser::new();
    let english = browser.open("/sign-in");
    english.shows("h1", "Sign in");
    english
        .form("form[action='/language']")
        .press("language", "hi-IN")
        .submit()
        .is(303);
    assert_eq!(
        browser
            .open("/sign-in")
            .attribute("html", "lang")
            .as_deref(),
        Some("hi-IN")
    );
}

#[test]
fn a_request_from_elsewhere_changes_nothing() {
    let tenant = tenant();
    let cookie = sign_in_form(&Browser::new(), &tenant.owner_email, PASSWORD)
        .submit()
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let fields = [("theme", "dark"), ("language", "")];
    let foreign: [&[(&str, &str)]; 4] = [
        &[],
        &[("Origin", "https://evil.example")],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site"), ("Origin", &app().base)],
    ];
    for proof in foreign {
        let headers: Vec<(&str, &str)> = proof
            .iter()
            .copied()
            .chain([("Cookie", cookie.as_str())])
            .collect();
        let page = Browser::new().post_with("/me/preferences", &fields, &headers);
        page.is(403)
            .shows("h1", "This did not come from our own page");
    }
    assert_eq!(
        count(&format!(
            "users where email = '{}' and theme is not null",
            tenant.owner_email
        )),
        0
    );
    let own = [("Origin", app().base.as_str()), ("Cookie", cookie.as_str())];
    assert_eq!(
        Browser::new()
            .post_with("/me/preferences", &fields, &own)
            .status,
        303
    );
    assert_eq!(
        count(&format!(
            "users where email = '{}' and theme = 'dark'",
            tenant.owner_email
        )),
        1
    );
}

#[test]
fn every_page_carries_the_headers_that_keep_it_safe() {
    let page = Browser::new().get("/sign-in");
    assert_eq!(
        page.header("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("cache-control"), "private, no-cache");
    assert_eq!(page.header("x-request-id").len(), 36);
    let lost = Browser::new().get("/nowhere");
    lost.is(404)
        .shows("h1", "Page not found")
        .shows("main", lost.header("x-request-id"));
}

#[test]
fn assets_are_named_after_their_content_and_kept_for_a_year() {
    let page = Browser::new().get("/sign-in");
    for selector in ["link[rel=stylesheet]", "script[src]"] {
        let path = page
            .attribute(selector, "href")
            .or_else(|| page.attribute(selector, "src"))
            .unwrap();
        let asset = Browser::new().get_with(&path, &[("Accept-Encoding", "identity")]);
        assert_eq!(
            (asset.status, asset.header("cache-control")),
            (200, "public, max-age=31536000, immutable"),
            "{path}"
        );
        assert_eq!(
            Browser::new()
                .get_with(&path, &[("If-None-Match", asset.header("etag"))])
                .status,
            304
        );
        assert_eq!(
            Browser::new()
                .get_with(&path, &[("Accept-Encoding", "gzip, br")])
                .header("content-encoding"),
            "br"
        );
    }
    assert_eq!(
        Browser::new().get("/assets/app.000000000000.css").status,
        404
    );
    let sizes = mandi::web::assets::sizes();
    let brotli = |name: &str| sizes.iter().find(|(known, _)| *known == name).unwrap().1;
    assert!(brotli("app.css") <= 16 * 1024, "{}", brotli("app.css"));
    assert!(brotli("app.js") <= 5 * 1024, "{}", brotli("app.js"));
    assert!(brotli("app.js") + brotli("htmx.js") <= 20 * 1024);
}

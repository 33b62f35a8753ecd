//! From an opened company to an employee at work: invitations, their letters, and what can go wrong with a link.

use crate::support::{
    Browser, PASSWORD, admin, app, ask, email, gstin, invitation_link as link, run, tenant, unique,
};
use mandi::platform::permissions::Role;

#[test]
fn a_company_is_opened_and_its_owner_settles_in() {
    // given: a platform admin
    let platform = admin();
    let (owner, slug, gstin) = (email("kavita"), format!("shakti-{}", unique()), gstin());

    // when: the company is opened
    let page = platform
        .open("/admin/companies/new")
        .form("#open")
        .fill("name", "Shakti Traders")
        .fill("legal_name", "Shakti Traders LLP")
        .fill("slug", &slug)
        .fill("gstin", &gstin)
        .fill("owner_name", "Kavita Joshi")
        .fill("owner_email", &owner)
        .submit()
        .follow();

    // then: state and PAN come from the GSTIN
    page.is(200)
        .shows(
            ".toast",
            "Shakti Traders is open. Kavita Joshi has an invitation.",
        )
        .shows("main", &gstin)
        .shows("main", "Tamil Nadu")
        .shows("main", &gstin[2..12]);

    // when: the owner accepts
    let browser = Browser::new();
    let invitation = link(&owner);
    browser
        .open(&invitation)
        .is(200)
        .shows("h1", "Shakti Traders invites you")
        .shows("main", &owner);
    let home = browser
        .open(&invitation)
        .form("#accept")
        .fill("name", "Kavita Joshi")
        .fill("password", "four quiet green words")
        .submit()
        .follow();

    // then: signed in, at work
    home.is(200)
        .shows("h1", "Dashboard")
        .shows(".toast", "Welcome to Shakti Traders.");
    assert_eq!(home.path.replace(&app().base, ""), format!("/c/{slug}/"));

    // when: fills the profile, invites an employee, who accepts in Hindi
    let saved = browser
        .open(&format!("/c/{slug}/settings/company"))
        .form("#profile")
        .fill("address", "14 Market Road")
        .fill("city", "Salem")
        .fill("pincode", "110001")
        .submit()
        .is(422)
        .shows("#pincode-e", "110001 is not a PIN code of Tamil Nadu")
        .form("#profile")
        .fill("pincode", "636001")
        .submit()
        .follow();
    saved
        .is(200)
        .shows(".toast", "The company's profile is saved.");
    let clerk = email("ravi");
    browser
        .open(&format!("/c/{slug}/settings/people/invite"))
        .form("#invite")
        .fill("name", "Ravi Kumar")
        .fill("email", &clerk)
        .fill("role", "sales")
        .fill("language", "hi-IN")
        .submit()
        .follow()
        .is(200)
        .shows(
            ".toast",
            &format!("The invitation is on its way to {clerk}."),
        );
    let other = Browser::new();
    other
        .open(&link(&clerk))
        .form("#accept")
        .fill("password", "four quiet green words")
        .submit()
        .follow()
        .is(200);
    browser
        .open(&format!("/c/{slug}/settings/people"))
        .shows("tbody", "Ravi Kumar")
        .shows("tbody", &clerk);

    // and the way in works again with the password
    Browser::new()
        .sign_in(&owner, "four quiet green words")
        .is(200)
        .shows("h1", "Dashboard");
}

#[test]
fn a_wrong_gstin_is_refused_beside_its_field_and_nothing_is_lost() {
    let platform = admin();
    let right = gstin();
    let wrong = format!(
        "{}{}",
        &right[..14],
        if right.ends_with('A') { 'B' } else { 'A' }
    );
    let filled = platform
        .open("/admin/companies/new")
        .form("#open")
        .fill("name", "Shakti Traders")
        .fill("legal_name", "Shakti")
        .fill("slug", &format!("s-{}", unique()));
    let page = filled
        .fill("gstin", &wrong)
        .fill("owner_name", "Kavita")
        .fill("owner_email", &email("k"))
        .submit();
    page.is(422)
        .shows("#gstin-e", "GSTIN")
        .shows("#errors", "GSTIN");
    assert_eq!(
        page.attribute("#name", "value").as_deref(),
        Some("Shakti Traders")
    );
    assert_eq!(
        page.attribute("#gstin", "value").as_deref(),
        Some(wrong.as_str())
    );
    assert!(page.texts("title")[0].starts_with("Error:"));
}

#[test]
fn a_taken_short_name_is_said_beside_its_field() {
    let (platform, tenant) = (admin(), tenant());
    let form = platform
        .open("/admin/companies/new")
        .form("#open")
        .fill("name", "Another")
        .fill("legal_name", "Another")
        .fill("slug", &tenant.slug);
    form.fill("gstin", &gstin())
        .fill("owner_name", "K")
        .fill("owner_email", &email("k"))
        .submit()
        .is(422)
        .shows("#slug-e", "This short name is taken. Choose another.");
}

#[test]
fn a_link_works_once() {
    let tenant = tenant();
    let who = email("once");
    tenant
        .owner
        .open(&tenant.path("/settings/people/invite"))
        .form("#invite")
        .fill("name", "Once")
        .fill("email", &who)
        .submit()
        .is(303);
    let link = link(&who);
    Browser::new()
        .open(&link)
        .form("#accept")
        .fill("password", "four quiet green words")
        .submit()
        .is(303);
    Browser::new().open(&link).is(410).shows(
        "main",
        "This invitation was accepted already. Sign in with your e-mail and password.",
    );
}

#[test]
fn an_expired_a_revoked_and_an_unknown_link_say_so() {
    let tenant = tenant();
    let who = email("late");
    tenant
        .owner
        .open(&tenant.path("/settings/people/invite"))
        .form("#invite")
        .fill("name", "Late")
        .fill("email", &who)
        .submit()
        .is(303);
    let first = link(&who);

    run(
        app(),
        &format!(
            "update invitations set expires_at = now() - interval '1 minute' where email = '{who}'"
        ),
    );
    Browser::new()
        .open(&first)
        .is(410)
        .shows("main", "This invitation has had its time.");
    tenant
        .owner
        .open(&tenant.path("/settings/invitations"))
        .shows("tbody", "Expired");

    // sent again: the old link is void, the new one works
    tenant
        .owner
        .open(&tenant.path("/settings/invitations"))
        .form("form[action$='/resend']")
        .submit()
        .is(303);
    let second = link(&who);
    assert_ne!(first, second);
    Browser::new().open(&first).is(404);
    Browser::new().open(&second).is(200);

    tenant
        .owner
        .open(&tenant.path("/settings/invitations"))
        .form("form[action$='/revoke']")
        .submit()
        .is(303);
    Browser::new().open(&second).is(410).shows(
        "main",
        "This invitation was taken back. Ask whoever sent it.",
    );
    Browser::new().open("/invite/nothing-like-a-token").is(404);
}

#[test]
fn an_invitation_is_for_its_address_alone() {
    let (tenant, rival) = (tenant(), tenant());
    let who = email("mine");
    tenant
        .owner
        .open(&tenant.path("/settings/people/invite"))
        .form("#invite")
        .fill("name", "Mine")
        .fill("email", &who)
        .submit()
        .is(303);
    let refused = rival.owner.open(&link(&who));
    refused.is(409).shows(
        "main",
        &format!(
            "This invitation is for {who}, and you are signed in as {}.",
            rival.owner_email
        ),
    );
}

#[test]
fn somebody_with_an_account_proves_it_by_their_password() {
    let (tenant, rival) = (tenant(), tenant());
    tenant
        .owner
        .open(&tenant.path("/settings/people/invite"))
        .form("#invite")
        .fill("name", "Asha Owner")
        .fill("email", &rival.owner_email)
        .submit()
        .is(303);
    let link = link(&rival.owner_email);
    let browser = Browser::new();
    let page = browser.open(&link);
    page.shows("main", "You have an account with this address already.");
    page.form("#accept")
        .fill("password", "not the password")
        .submit()
        .is(422)
        .shows("#password-e", "This is not the password of your account.");
    page.form("#accept")
        .fill("password", PASSWORD)
        .submit()
        .follow()
        .is(200);
    browser
        .open("/workspaces")
        .shows("main", &tenant.name)
        .shows("main", &rival.name);
}

#[test]
fn of_two_who_accept_at_once_one_wins() {
    let tenant = tenant();
    let who = email("race");
    tenant
        .owner
        .open(&tenant.path("/settings/people/invite"))
        .form("#invite")
        .fill("name", "Race")
        .fill("email", &who)
        .submit()
        .is(303);
    let link = link(&who);
    let forms: Vec<_> = (0..6)
        .map(|_| {
            Browser::new()
                .open(&link)
                .form("#accept")
                .fill("password", "four quiet green words")
        })
        .collect();
    let barrier = std::sync::Barrier::new(forms.len());
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let started: Vec<_> = forms
            .into_iter()
            .map(|form| {
                let barrier = &barrier;
                threads.spawn(move || {
                    barrier.wait();
                    form.submit().status
                })
            })
            .collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 303).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses
            .iter()
            .all(|status| matches!(status, 303 | 410 | 422)),
        "{statuses:?}"
    );
    let people = tenant
        .owner
        .open(&tenant.path(&format!("/settings/people?q={who}")));
    assert_eq!(people.count("tbody tr"), 1);
}

#[test]
fn the_same_form_sent_twice_invites_once() {
    let tenant = tenant();
    let who = email("twice");
    let form = tenant
        .owner
        .open(&tenant.path("/settings/people/invite"))
        .form("#invite")
        .fill("name", "Twice")
        .fill("email", &who);
    let (first, second) = (form.clone().submit(), form.submit());
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(
        tenant
            .owner
            .open(&tenant.path("/settings/invitations"))
            .count("tbody tr"),
        1
    );
    // Another body under the same key is a new question: the address is open already, and that is said.
    let other = tenant
        .owner
        .open(&tenant.path("/settings/people/invite"))
        .form("#invite")
        .fill("name", "Twice again")
        .fill("email", &who)
        .submit();
    other
        .is(422)
        .shows("#email-e", "This address has an open invitation.");
}

#[test]
fn the_last_owner_stays() {
    // given: two owners who demote each other at the same moment
    let tenant = tenant();
    let (second_email, second) = tenant.employee(Role::Owner);
    let id = |address: &str| {
        let page = tenant
            .owner
            .open(&tenant.path(&format!("/settings/people?q={address}")));
        page.attribute("tbody a.go", "href").unwrap()
    };
    let (of_first, of_second) = (id(&tenant.owner_email), id(&second_email));
    let forms = [
        tenant
            .owner
            .open(&of_second)
            .form("#employee")
            .fill("role", "viewer"),
        second
            .open(&of_first)
            .form("#employee")
            .fill("role", "viewer"),
    ];
    let barrier = std::sync::Barrier::new(2);
    let pages: Vec<_> = std::thread::scope(|threads| {
        let started: Vec<_> = forms
            .into_iter()
            .map(|form| {
                let barrier = &barrier;
                threads.spawn(move || {
                    barrier.wait();
                    form.submit()
                })
            })
            .collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });

    // then: one went through, the other is told (or has no right left to ask)
    let statuses: Vec<u16> = pages.iter().map(|page| page.status).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 303).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().any(|status| matches!(status, 422 | 403)),
        "{statuses:?}"
    );
}

#[test]
fn nobody_changes_their_own_role_and_managers_make_no_owners() {
    let tenant = tenant();
    let (manager_email, manager) = tenant.employee(Role::Manager);
    let own = manager
        .open(&tenant.path(&format!("/settings/people?q={manager_email}")))
        .attribute("tbody a.go", "href")
        .unwrap();
    manager
        .open(&own)
        .form("#employee")
        .fill("role", "viewer")
        .submit()
        .is(422)
        .shows("#role-e", "Nobody changes their own role");
    let page = manager.open(&tenant.path("/settings/people/invite"));
    page.form("#invite")
        .fill("name", "New")
        .fill("email", &email("n"))
        .fill("role", "owner")
        .submit()
        .is(422)
        .shows("#role-e", "Only an owner can make somebody an owner");
}

#[test]
fn two_who_edit_one_profile_see_each_others_values() {
    let tenant = tenant();
    let (_, manager) = tenant.employee(Role::Manager);
    let (mine, theirs) = (
        tenant.owner.open(&tenant.path("/settings/company")),
        manager.open(&tenant.path("/settings/company")),
    );
    theirs
        .form("#profile")
        .fill("city", "Salem")
        .submit()
        .is(303);
    let page = mine.form("#profile").fill("city", "Erode").submit();
    page.is(422)
        .shows("#conflict", "Somebody else saved this meanwhile.")
        .shows("#city-t", "Saved meanwhile: Salem");
    assert_eq!(page.attribute("#city", "value").as_deref(), Some("Erode"));
    page.form("#profile").submit().is(303);
    assert_eq!(
        tenant
            .owner
            .open(&tenant.path("/settings/company"))
            .attribute("#city", "value")
            .as_deref(),
        Some("Erode")
    );
}

#[test]
fn the_audit_tells_who_changed_what_by_which_request() {
    let tenant = tenant();
    let saved = tenant
        .owner
        .open(&tenant.path("/settings/company"))
        .form("#profile")
        .fill("city", "Salem")
        .submit();
    let request = saved.header("x-request-id").to_owned();
    let page = tenant
        .owner
        .open(&tenant.path(&format!("/settings/audit?q={request}")));
    page.is(200)
        .shows("main", "Company changed")
        .shows("main", "Asha Owner")
        .shows("main", "– → Salem");
    assert_eq!(page.count("li.body-row"), 1);
    page.shows("[role=status]", "1 in all");
}

#[test]
fn an_export_holds_what_the_filter_shows_and_runs_no_formula() {
    let tenant = tenant();
    tenant.employee(Role::Sales);
    tenant.employee(Role::Driver);
    run(
        app(),
        &format!(
            "update employees set name = '=1+1' where tenant_id = '{}' and role = 'driver'",
            tenant.id
        ),
    );
    let (status, headers, body) = tenant
        .owner
        .bytes(&tenant.path("/settings/people/export?role=driver&role=sales"));
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (200, "text/csv; charset=utf-8")
    );
    let text = String::from_utf8(body).unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines.iter().any(|line| line.starts_with("'=1+1,")),
        "{text}"
    );
    assert!(
        lines.iter().any(|line| line.starts_with("Ravi Sales,")),
        "{text}"
    );
    let (status, _, body) = tenant
        .owner
        .bytes(&tenant.path("/settings/people/export?format=xlsx"));
    assert_eq!(status, 200);
    assert!(body.starts_with(b"PK"));
}

#[test]
fn a_manager_neither_sends_nor_takes_back_an_owners_invitation() {
    // given: an owner invites another owner
    let tenant = tenant();
    let address = email("second");
    tenant
        .owner
        .open(&tenant.path("/settings/people/invite"))
        .form("#invite")
        .fill("name", "Second Owner")
        .fill("email", &address)
        .fill("role", "owner")
        .submit()
        .is(303);
    let id = ask(
        app(),
        &format!("select id::text as value from invitations where email = '{address}'"),
    );
    let (_, manager) = tenant.employee(Role::Manager);
    let step = |browser: &Browser, step: &str| {
        browser.post(
            &tenant.path(&format!("/settings/invitations/{id}/{step}")),
            &[],
        )
    };

    // when, then
    for verb in ["resend", "revoke"] {
        step(&manager, verb).is(409).shows(
            "main",
            "Only an owner can make somebody an owner, or change one.",
        );
    }
    manager
        .post(
            &tenant.path("/settings/invitations/bulk"),
            &[("action", "revoke"), ("id", &id)],
        )
        .follow()
        .shows("#toasts", "Only an owner can make somebody an owner");
    let state = || {
        ask(
            app(),
            &format!("select status || sent_count as value from invitations where id = '{id}'"),
        )
    };
    assert_eq!(state(), "sent1");

    // The control: an owner does both.
    step(&tenant.owner, "resend").is(303);
    step(&tenant.owner, "revoke").is(303);
    assert_eq!(state(), "revoked2");
}

#[test]
fn who_works_here_is_not_invited_and_keeps_the_role_whatever_an_old_link_says() {
    // given: an open invitation as viewer, and its address becomes the only owner by another way
    let tenant = tenant();
    let address = email("late");
    let invite = || {
        tenant
            .owner
            .open(&tenant.path("/settings/people/invite"))
            .form("#invite")
            .fill("name", "Late Person")
            .fill("email", &address)
            .fill("role", "viewer")
            .submit()
    };
    invite().is(303);
    let link = link(&address);
    let browser = Browser::new();
    browser
        .open(&link)
        .form("#accept")
        .fill("password", "another long password")
        .submit()
        .is(303);
    run(
        app(),
        &format!(
            "update employees set role = 'owner' where tenant_id = '{}' and email = '{address}'",
            tenant.id
        ),
    );

    // when they are invited again
    invite()
        .is(422)
        .shows("#email-e", "This person works here already.");

    // and when a link of theirs is still about
    run(
        app(),
        &format!(
            "update invitations set status = 'sent', accepted_by = null, accepted_at = null where tenant_id = '{}' and email = '{address}'",
            tenant.id
        ),
    );
    let refused = browser.open(&link).form("#accept").submit();

    // then
    refused
        .is(409)
        .shows("main", "This person works here already.");
    let role = ask(
        app(),
        &format!(
            "select role as value from employees where tenant_id = '{}' and email = '{address}'",
            tenant.id
        ),
    );
    assert_eq!(role, "owner");
}

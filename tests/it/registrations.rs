//! GST registrations of a company: added by GSTIN, one of them primary, ended but kept.

use crate::support::{Browser, Tenant, app, gstin, gstin_in, tenant};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use mandi::platform::permissions::Role;
use std::sync::Barrier;

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn pan(tenant: &Tenant) -> String {
    let sql = format!(
        "select pan as value from companies where id = '{}'",
        tenant.id
    );
    let row: Value = diesel::sql_query(sql)
        .get_result(&mut app().owner())
        .unwrap();
    row.value
}

/// How many of a company's registrations are as the condition says.
fn count(tenant: &Tenant, condition: &str) -> i64 {
    let sql = format!(
        "select count(*) as count from gst_registrations where tenant_id = '{}' and {condition}",
        tenant.id
    );
    let row: Count = diesel::sql_query(sql)
        .get_result(&mut app().owner())
        .unwrap();
    row.count
}

/// Adds a registration in a state and gives its GSTIN.
fn registered(tenant: &Tenant, state: &str) -> String {
    let gstin = gstin_in(state, &pan(tenant));
    tenant
        .owner
        .open(&tenant.path("/settings/registrations/new"))
        .form("#register")
        .fill("gstin", &gstin)
        .fill("trade_name", "Branch Foods")
        .submit()
        .is(303);
    gstin
}

fn page(tenant: &Tenant, gstin: &str) -> String {
    tenant.path(&format!("/settings/registrations/{gstin}"))
}

#[test]
fn a_registration_is_added_by_its_gstin_and_takes_its_state_from_it() {
    // given
    let tenant = tenant();
    let gstin = gstin_in("29", &pan(&tenant));
    let new = tenant
        .owner
        .open(&tenant.path("/settings"))
        .click("GST registrations")
        .click("Add a registration");

    // when: typed as people type it
    let list = new
        .form("#register")
        .fill("gstin", &format!(" {} ", gstin.to_lowercase()))
        .fill("trade_name", "Branch Foods")
        .submit()
        .follow();

    // then
    list.is(200)
        .shows(".toast", &format!("{gstin} is added, for Karnataka."));
    assert_eq!(
        list.texts("tbody tr:nth-child(2) > *"),
        [gstin.as_str(), "Karnataka", "Branch Foods", "Active"]
    );
    list.shows("tbody tr:first-child", "Primary");
    tenant
        .owner
        .open(&tenant.path("/settings/audit"))
        .shows("main", "GST registration added · Asha Owner");

    // and a second time it is refused beside its field, with nothing lost
    let again = new
        .form("#register")
        .fill("gstin", &gstin)
        .fill("trade_name", "Twice")
        .submit();
    again
        .is(422)
        .shows("#gstin-e", "This GSTIN is in the list already.");
    assert_eq!(
        again.attribute("#trade_name", "value").as_deref(),
        Some("Twice")
    );
    assert_eq!(count(&tenant, "true"), 2);
}

#[test]
fn anothers_pan_and_a_wrong_check_digit_are_refused() {
    // given
    let tenant = tenant();
    let form = tenant
        .owner
        .open(&tenant.path("/settings/registrations/new"))
        .form("#register")
        .fill("trade_name", "Branch");
    let right = gstin_in("29", &pan(&tenant));
    let wrong = format!(
        "{}{}",
        &right[..14],
        if right.ends_with('A') { 'B' } else { 'A' }
    );

    // when, then
    let foreign = gstin();
    form.clone().fill("gstin", &foreign).submit().is(422).shows(
        "#gstin-e",
        &format!(
            "This GSTIN holds the PAN {}, but this company's PAN is {}.",
            &foreign[2..12],
            pan(&tenant)
        ),
    );
    form.clone().fill("gstin", &wrong).submit().is(422).shows(
        "#gstin-e",
        "The last character of this GSTIN does not match",
    );
    assert_eq!(count(&tenant, "true"), 1);
    form.fill("gstin", &right).submit().is(303);
    assert_eq!(count(&tenant, "true"), 2);
}

#[test]
fn two_who_rename_one_registration_see_each_others_values() {
    // given
    let tenant = tenant();
    let gstin = registered(&tenant, "29");
    let (_, manager) = tenant.employee(Role::Manager);
    let mine = tenant.owner.open(&page(&tenant, &gstin));
    manager
        .open(&page(&tenant, &gstin))
        .form("#registration")
        .fill("trade_name", "Theirs")
        .submit()
        .is(303);

    // when
    let answer = mine
        .form("#registration")
        .fill("trade_name", "Mine")
        .submit();

    // then
    answer
        .is(422)
        .shows("#conflict", "Somebody else saved this meanwhile.")
        .shows("#trade_name-t", "Saved meanwhile: Theirs");
    assert_eq!(
        answer.attribute("#trade_name", "value").as_deref(),
        Some("Mine")
    );
    answer.form("#registration").submit().is(303);
    assert_eq!(count(&tenant, "trade_name = 'Mine'"), 1);
    mine.form("#registration")
        .fill("trade_name", "")
        .submit()
        .is(422)
        .shows("#trade_name-e", "Trade name must be filled in.");
}

#[test]
fn an_ended_registration_stays_in_the_list_and_nothing_more_happens_to_it() {
    // given
    let tenant = tenant();
    let gstin = registered(&tenant, "29");
    let question = tenant
        .owner
        .open(&page(&tenant, &gstin))
        .click("End registration…");
    question
        .is(200)
        .shows("h1", &format!("End the registration {gstin}?"));

    // when: first with days that can't be
    for (day, words) in [
        ("2999-01-01", "The last day must be today or earlier."),
        (
            "2017-06-30",
            "Enter the last day as a date from 1 July 2017 on.",
        ),
        ("soon", "Enter the last day as a date"),
    ] {
        question
            .form("#confirm")
            .fill("ended_on", day)
            .submit()
            .is(422)
            .shows("#ended_on-e", words);
    }
    let list = question
        .form("#confirm")
        .fill("ended_on", "2026-03-31")
        .submit()
        .follow();

    // then
    list.is(200)
        .shows(".toast", &format!("The registration {gstin} has ended."))
        .shows("tbody tr:last-child", "Ended 31 Mar 2026");
    let after = tenant.owner.open(&page(&tenant, &gstin));
    after.is(200).shows_not("main", "Make primary");
    for verb in ["end", "primary"] {
        tenant
            .owner
            .post(
                &format!("{}/{verb}", page(&tenant, &gstin)),
                &[("ended_on", "2026-04-30")],
            )
            .is(409)
            .shows(
                "main",
                &format!("The registration {gstin} ended on 31 Mar 2026."),
            );
    }
    assert_eq!(
        count(&tenant, "ended_on = '2026-03-31' and not is_primary"),
        1
    );
}

#[test]
fn the_primary_registration_can_not_end_until_another_takes_its_place() {
    // given
    let tenant = tenant();
    let second = registered(&tenant, "29");
    let first = gstin_of_primary(&tenant);
    let list = tenant.owner.open(&tenant.path("/settings/registrations"));
    list.shows("tbody tr:first-child", &first);
    let refusal = format!("{first} is the primary registration. Make another one primary first.");
    let end = format!("{}/end", page(&tenant, &first));
    tenant.owner.open(&end).is(409).shows("main", &refusal);
    tenant
        .owner
        .post(&end, &[("ended_on", "2026-03-31")])
        .is(409)
        .shows("main", &refusal);

    // when
    tenant
        .owner
        .open(&page(&tenant, &second))
        .form("#primary")
        .submit()
        .follow()
        .shows(".toast", &format!("{second} is the primary registration."))
        .shows("tbody tr:first-child", &second);

    // then
    assert_eq!(gstin_of_primary(&tenant), second);
    tenant.owner.open(&end).form("#confirm").submit().is(303);
    assert_eq!(count(&tenant, "is_primary and ended_on is null"), 1);
}

fn gstin_of_primary(tenant: &Tenant) -> String {
    let sql = format!(
        "select gstin as value from gst_registrations where tenant_id = '{}' and is_primary",
        tenant.id
    );
    let row: Value = diesel::sql_query(sql)
        .get_result(&mut app().owner())
        .unwrap();
    row.value
}

/// Sends requests at the same moment and gives their statuses.
fn at_once(requests: Vec<(Browser, String)>) -> Vec<u16> {
    let barrier = Barrier::new(requests.len());
    std::thread::scope(|threads| {
        let started: Vec<_> = requests
            .iter()
            .map(|(browser, path)| {
                let barrier = &barrier;
                threads.spawn(move || {
                    barrier.wait();
                    browser.post(path, &[("ended_on", "2026-03-31")]).status
                })
            })
            .collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[test]
fn of_many_made_primary_at_once_exactly_one_is() {
    // given
    let tenant = tenant();
    let (_, manager) = tenant.employee(Role::Manager);
    let all: Vec<String> = ["29", "27", "24", "32", "36", "07"]
        .iter()
        .map(|state| registered(&tenant, state))
        .collect();

    // when: two people, six registrations
    let requests = all
        .iter()
        .enumerate()
        .map(|(number, gstin)| {
            let browser = if number % 2 == 0 {
                tenant.owner.clone()
            } else {
                manager.clone()
            };
            (browser, format!("{}/primary", page(&tenant, gstin)))
        })
        .collect();
    let statuses = at_once(requests);

    // then: each was done, one after the other
    assert_eq!(statuses, [303; 6]);
    assert_eq!(count(&tenant, "is_primary"), 1);
    assert!(all.contains(&gstin_of_primary(&tenant)));
}

#[test]
fn a_registration_is_not_ended_and_made_primary_at_once() {
    // given
    let tenant = tenant();
    let (_, manager) = tenant.employee(Role::Manager);
    for state in ["29", "27", "24"] {
        let gstin = registered(&tenant, state);

        // when
        let statuses = at_once(vec![
            (
                tenant.owner.clone(),
                format!("{}/primary", page(&tenant, &gstin)),
            ),
            (manager.clone(), format!("{}/end", page(&tenant, &gstin))),
        ]);

        // then: whoever came second is told
        assert!(
            statuses == [303, 409] || statuses == [409, 303],
            "{statuses:?}"
        );
        assert_eq!(count(&tenant, "is_primary and ended_on is null"), 1);
        assert_eq!(count(&tenant, "is_primary"), 1);
    }
}

#[test]
fn whoever_may_only_look_changes_no_registration() {
    // given
    let tenant = tenant();
    let gstin = registered(&tenant, "29");
    let (_, viewer) = tenant.employee(Role::Viewer);

    // when, then
    viewer
        .open(&tenant.path("/settings/registrations"))
        .is(200)
        .shows("tbody", &gstin)
        .shows_not("main a", "Add a registration");
    let seen = viewer.open(&page(&tenant, &gstin));
    seen.is(200);
    assert_eq!(seen.count("main button"), 0);
    for path in [
        tenant.path("/settings/registrations/new"),
        page(&tenant, &gstin),
        format!("{}/primary", page(&tenant, &gstin)),
        format!("{}/end", page(&tenant, &gstin)),
    ] {
        viewer.post(&path, &[("ended_on", "2026-03-31")]).is(403);
    }
    assert_eq!(count(&tenant, "is_primary and ended_on is null"), 1);
    assert_eq!(count(&tenant, "ended_on is not null"), 0);
}

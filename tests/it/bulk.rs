//! Changes of many rows at once: what is done, what is skipped and why, and who may not.

use crate::support::{Browser, FormFiller, Page, Tenant, admin, app, ask, tenant};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use mandi::platform::permissions::Role;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(sql: &str) -> i64 {
    let row: Count = diesel::sql_query(format!("select count(*) as count from {sql}"))
        .get_result(&mut app().owner())
        .unwrap();
    row.count
}

fn run(sql: &str) {
    app().owner().batch_execute(sql).unwrap();
}

/// Open invitations of a company, `count` of them, in the order of their numbers.
fn invited(tenant: &Tenant, count: usize) {
    run(&format!(
        "insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at, created_at)
           select '{0}', gen_random_uuid(), 'guest' || n || '.{1}@test.example', 'Guest ' || lpad(n::text, 2, '0'), 'viewer',
                  sha256(('bulk{0}' || n)::bytea), now() + interval '7 days', now() - n * interval '1 second'
             from generate_series(1, {count}) n",
        tenant.id, tenant.slug
    ));
}

/// The form of the list with some rows ticked, by a part of what their tick is called.
fn ticked(page: &Page, rows: &[&str]) -> FormFiller {
    let mut form = page.form("#bulk");
    for row in rows {
        let id = page
            .attribute(&format!("#bulk tbody .check[aria-label*='{row}']"), "value")
            .unwrap_or_else(|| panic!("no tick for {row}"));
        form.fields.push(("id".to_owned(), id));
    }
    form
}

/// Names of the rows that are ticked.
fn still_ticked(page: &Page) -> Vec<String> {
    page.texts("#bulk tbody tr:has(.check[checked]) th")
}

fn letters(tenant: &Tenant) -> i64 {
    count(&format!(
        "mails where recipient like 'guest%.{}@test.example'",
        tenant.slug
    ))
}

#[test]
fn ticked_invitations_are_sent_again_and_settled_ones_skipped_in_words() {
    // given: one of them revoked, one accepted meanwhile
    let tenant = tenant();
    invited(&tenant, 4);
    let page = tenant
        .owner
        .open(&tenant.path("/settings/invitations?sort=x"));
    run(&format!(
        "update invitations set status = 'revoked' where email = 'guest2.{0}@test.example';
         update invitations set status = 'accepted', accepted_at = now(), accepted_by = (select user_id from employees where tenant_id = '{1}') where email = 'guest3.{0}@test.example'",
        tenant.slug, tenant.id
    ));

    // when
    let after = ticked(&page, &["guest1", "guest2", "guest3"])
        .press("action", "resend")
        .submit()
        .follow();

    // then
    after
        .is(200)
        .shows(".toast", "1 sent again. 2 skipped:")
        .shows(
            ".toast",
            "This invitation was revoked. Invite Guest 02 again instead.",
        )
        .shows(".toast", "Guest 03 has accepted this invitation already.");
    assert_eq!(letters(&tenant), 1);
    assert_eq!(still_ticked(&after).len(), 2);
    // and the ticks are forgotten with the next step
    assert_eq!(
        after
            .form("#bulk")
            .fields
            .iter()
            .filter(|(name, value)| name == "query" && value.contains("ticked"))
            .count(),
        0
    );

    // when: the same form once more, as a double click sends it
    let form = ticked(&after, &["guest1", "guest4"]).press("action", "revoke");
    assert_eq!(form.clone().submit().status, 303);
    form.submit().is(303);

    // then
    assert_eq!(
        count(&format!(
            "invitations where tenant_id = '{}' and status = 'revoked'",
            tenant.id
        )),
        3
    );
}

#[test]
fn more_than_one_request_changes_are_not_offered() {
    // given: as many as one request changes, and one more
    let tenant = tenant();
    invited(&tenant, 501);
    let list = |search: &str| {
        let path = format!("/settings/invitations?status=sent&q={search}");
        tenant.owner.open(&tenant.path(&path))
    };

    // when, then
    assert_eq!(list("").count(".bulk-all"), 0);
    run(&format!(
        "update invitations set status = 'revoked' where email = 'guest501.{0}@test.example'",
        tenant.slug
    ));
    list("").shows(".bulk-all", "Select all 500 that match");
}

#[test]
fn all_that_match_means_the_filter_and_not_the_page() {
    // given: 30 that match, of which a page shows 25, and one that does not
    let tenant = tenant();
    invited(&tenant, 31);
    run(&format!(
        "update invitations set name = 'Other', email = 'other.{0}@test.example' where email = 'guest31.{0}@test.example'",
        tenant.slug
    ));
    let revoked = || {
        count(&format!(
            "invitations where tenant_id = '{}' and status = 'revoked'",
            tenant.id
        ))
    };
    let all = tenant.path("/settings/invitations?q=guest&status=sent");
    let rows: Vec<String> = (1..=25).map(|number| format!("guest{number}.")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let page = tenant.owner.open(&all);
    page.shows(".bulk-all", "Select all 30 that match");
    let narrow = tenant
        .owner
        .open(&tenant.path("/settings/invitations?q=Guest+0"));
    assert_eq!(narrow.count(".bulk-all"), 0, "9 rows are one page");

    // when: the box is ticked, but one row is not any more, so that the box is out of sight
    ticked(&page, &rows[..24])
        .fill("all", "1")
        .press("action", "resend")
        .submit()
        .follow()
        .shows(".toast", "24 sent again.");
    assert_eq!(letters(&tenant), 24);

    // when: every row and the box
    ticked(&page, &rows)
        .fill("all", "1")
        .press("action", "revoke")
        .submit()
        .follow()
        .shows(".toast", "30 revoked.")
        .shows(".empty", "No invitations match");

    // then
    assert_eq!(revoked(), 30);
}

#[test]
fn access_is_ended_and_given_back_and_who_stays_is_named() {
    // given: an owner, a manager at work, two others
    let tenant = tenant();
    let (_, manager) = tenant.employee(Role::Manager);
    let (sales, sold) = tenant.employee(Role::Sales);
    let (driver, _) = tenant.employee(Role::Driver);
    let people = tenant.path("/settings/people");
    let page = manager.open(&people);

    // when: the manager ticks everybody
    let after = ticked(&page, &["owner", "manager", &sales, &driver])
        .press("action", "end")
        .submit()
        .follow();

    // then
    after.is(200).shows(".toast", "2 ended. 2 skipped: ");
    for words in [
        "Only an owner can make somebody an owner, or change one.",
        "Nobody changes their own role or ends their own access.",
    ] {
        after.shows(".toast", words);
    }
    let mut left = still_ticked(&after);
    left.sort();
    assert_eq!(left.len(), 2);
    assert!(
        left[0].contains("Asha Owner") && left[1].contains("Ravi Manager"),
        "{left:?}"
    );
    sold.open(&tenant.path("/")).is(404);
    after.shows("tbody tr:has(.check:not([checked]))", "Ended");

    // when: back again, one of them twice
    let ended = manager.open(&format!("{people}?state=ended"));
    ticked(&ended, &[&sales])
        .press("action", "give_back")
        .submit()
        .follow()
        .shows(".toast", "1 may come in again.");
    ticked(&ended, &[&sales, &driver])
        .press("action", "give_back")
        .submit()
        .follow()
        .shows(
            ".toast",
            "1 may come in again. 1 skipped: Ravi Sales may come in already.",
        );
    sold.open(&tenant.path("/")).is(200);
}

#[test]
fn the_platform_does_the_same_over_all_companies() {
    // given: one invitation each of two companies, one of them revoked
    let (one, other, platform) = (tenant(), tenant(), admin());
    invited(&one, 1);
    invited(&other, 2);
    let address = |tenant: &Tenant, number: u32| format!("guest{number}.{}@", tenant.slug);
    let page = |tenant: &Tenant| platform.open(&format!("/admin/invitations?q={}@", tenant.slug));
    let mut form = ticked(&page(&one), &[&address(&one, 1)]);
    for number in [1, 2] {
        let more = ticked(&page(&other), &[&address(&other, number)]);
        form.fields
            .extend(more.fields.into_iter().filter(|(name, _)| name == "id"));
    }
    run(&format!(
        "update invitations set status = 'revoked' where email like 'guest2.{}@%'",
        other.slug
    ));

    // when
    let after = form.press("action", "revoke").submit().follow();

    // then
    after.is(200).shows(
        ".toast",
        "2 revoked. 1 skipped: This invitation was revoked. Invite Guest 02 again instead.",
    );
    for tenant in [&one, &other] {
        tenant
            .owner
            .open(&tenant.path("/settings/audit"))
            .shows("main", "Invitation changed · Platform");
    }
}

#[test]
fn one_foreign_row_refuses_the_whole_and_so_does_a_role_without_the_right() {
    // given
    let (tenant, rival) = (tenant(), tenant());
    invited(&tenant, 2);
    invited(&rival, 1);
    let own = tenant.owner.open(&tenant.path("/settings/invitations"));
    let foreign = rival.owner.open(&rival.path("/settings/invitations"));
    let theirs = foreign.attribute("#bulk tbody .check", "value").unwrap();
    let open = |tenant: &Tenant| {
        count(&format!(
            "invitations where tenant_id = '{}' and status = 'sent'",
            tenant.id
        ))
    };

    // when: one's own two and one of a rival's
    let mut form = ticked(&own, &["guest1", "guest2"]).press("action", "revoke");
    form.fields.push(("id".to_owned(), theirs));
    form.clone().submit().is(404);

    // then: not even one's own are changed
    assert_eq!((open(&tenant), open(&rival)), (2, 1));

    // and others are shut out, while the same form of the rightful owner passes
    let (_, viewer) = tenant.employee(Role::Viewer);
    let path = tenant.path("/settings/invitations/bulk");
    let fields: Vec<(String, String)> = ticked(&own, &["guest1"]).fields;
    let mut fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    fields.push(("action", "revoke"));
    viewer.post(&path, &fields).is(403);
    rival.owner.post(&path, &fields).is(404);
    Browser::new().post(&path, &fields).is(303);
    assert_eq!(open(&tenant), 2);
    let people = viewer.open(&tenant.path("/settings/people"));
    assert_eq!(people.is(200).count("#bulk, tbody .check"), 0);
    tenant.owner.post(&path, &fields).is(303);
    assert_eq!(open(&tenant), 1);
    tenant.owner.post(&path, &[("action", "burn")]).is(404);
}

#[test]
fn two_who_change_the_same_rows_in_opposite_orders_both_come_through() {
    // given: forty open invitations
    let tenant = tenant();
    run(&format!(
        "insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at)
           select '{}', gen_random_uuid(), 'opposite' || n || '-{}@test.example', 'Guest', 'viewer', sha256(random()::text::bytea), now() + interval '1 day'
           from generate_series(1, 40) n",
        tenant.id, tenant.slug
    ));
    let mut ids: Vec<String> = ask(
        app(),
        &format!(
            "select string_agg(id::text, ' ') as value from invitations where tenant_id = '{}'",
            tenant.id
        ),
    )
    .split(' ')
    .map(str::to_owned)
    .collect();
    let path = tenant.path("/settings/invitations/bulk");
    let (_, manager) = tenant.employee(Role::Manager);
    for _ in 0..3 {
        let forward = ids.clone();
        ids.reverse();
        let backward = ids.clone();

        // when
        let send = |browser: &Browser, ids: &[String]| {
            let mut fields = vec![("action", "resend")];
            fields.extend(ids.iter().map(|id| ("id", id.as_str())));
            browser.post(&path, &fields).status
        };
        let (one, other) = std::thread::scope(|scope| {
            let one = scope.spawn(|| send(&tenant.owner, &forward));
            let other = scope.spawn(|| send(&manager, &backward));
            (one.join().unwrap(), other.join().unwrap())
        });

        // then
        assert_eq!((one, other), (303, 303));
    }
    let sent = ask(
        app(),
        &format!(
            "select string_agg(distinct sent_count::text, ' ') as value from invitations where tenant_id = '{}'",
            tenant.id
        ),
    );
    assert_eq!(sent, "7", "each of six rounds sent each letter again");
}

//! Filters kept under a name: tabs above a list, one's own or everyone's.

use crate::support::{Browser, Page, Tenant, app, tenant};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use mandi::platform::permissions::Role;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many views a company has kept.
fn kept(tenant: &Tenant) -> i64 {
    let sql = format!(
        "select count(*) as count from saved_views where tenant_id = '{}'",
        tenant.id
    );
    let row: Count = diesel::sql_query(sql)
        .get_result(&mut app().owner())
        .unwrap();
    row.count
}

/// Saves the filter of a list under a name and gives the page that follows.
fn save(browser: &Browser, list: &str, name: &str, audience: Option<&str>) -> Page {
    let mut form = browser
        .open(list)
        .click("Save view")
        .form("#confirm")
        .fill("name", name);
    if let Some(audience) = audience {
        form = form.fill("audience", audience);
    }
    form.submit()
}

fn tabs(browser: &Browser, list: &str) -> Vec<String> {
    browser.open(list).texts("#list .views a")
}

#[test]
fn a_filter_becomes_a_tab_of_its_list_and_goes_again() {
    // given: every list that keeps filters, without one
    let tenant = tenant();
    tenant.employee(Role::Sales);
    for (list, filter, shown) in [
        ("/settings/people", "role=sales", "Ravi Sales"),
        ("/settings/invitations", "status=sent&status=expired", ""),
        (
            "/settings/audit",
            "record=employees&from=2020-01-01",
            "Employee added",
        ),
        ("/orders", "status=held", ""),
        ("/products", "status=active&status=upcoming", ""),
        ("/customers", "status=paused", ""),
        ("/stock", "level=low", ""),
        ("/shipments", "status=out&status=packed", ""),
    ] {
        let list = tenant.path(list);
        // Orders have tabs of their own, and kept ones stand behind them.
        let own = tabs(&tenant.owner, &list);
        assert_eq!(own.len(), if list.ends_with("/orders") { 5 } else { 0 });
        let and = |last: &str| {
            let mut all = own.clone();
            if all.is_empty() {
                all.push("All".to_owned());
            }
            all.push(last.to_owned());
            all
        };
        let filtered = format!("{list}?{filter}");
        assert_eq!(tabs(&tenant.owner, &filtered), and("Save view"));

        // when
        let page = save(&tenant.owner, &filtered, "Mine", Some("me")).follow();

        // then: the list is as it was, and the tab is the current one
        page.is(200)
            .shows(".toast", "The view Mine is saved.")
            .shows("main", shown);
        assert_eq!(page.texts("#list .views a"), and("Mine"));
        let current = page.texts("#list .views a[aria-current]");
        assert_eq!(current.last().map(String::as_str), Some("Mine"));
        let plain = tenant.owner.open(&list);
        assert_eq!(plain.texts("#list .views a[aria-current]"), ["All"]);
        let current = plain.click("Mine").texts("#list .views a[aria-current]");
        assert_eq!(current.last().map(String::as_str), Some("Mine"));

        // when: sorted or paged it is another address, but no mark of a page is kept
        tenant
            .owner
            .open(&format!("{filtered}&after=abc&ticked=abc"))
            .shows("#list .views a[aria-current]", "Mine");

        // when: removed
        let gone = page.form("#list .views form").submit().follow();
        gone.shows(".toast", "The view Mine is removed.");
        assert_eq!(gone.texts("#list .views a"), and("Save view"));
    }
    assert_eq!(kept(&tenant), 0);
    tenant
        .owner
        .open(&tenant.path("/settings/audit?record=saved_views"))
        .shows("main", "Saved view added")
        .shows("main", "Saved view removed");
}

#[test]
fn ones_own_views_are_ones_own_and_everyones_are_everyones() {
    // given
    let tenant = tenant();
    let (_, viewer) = tenant.employee(Role::Viewer);
    let list = tenant.path("/settings/people");
    save(
        &tenant.owner,
        &format!("{list}?role=sales"),
        "Private",
        Some("me"),
    )
    .is(303);
    save(
        &tenant.owner,
        &format!("{list}?role=driver"),
        "Drivers",
        Some("everyone"),
    )
    .is(303);

    // when: somebody who may not manage people saves one, even if the page is edited to share it
    let form = viewer
        .open(&format!("{list}?role=viewer"))
        .click("Save view")
        .form("#confirm");
    form.fill("name", "Lookers")
        .forge("audience", "everyone")
        .submit()
        .is(303);

    // then
    assert_eq!(tabs(&tenant.owner, &list), ["All", "Drivers", "Private"]);
    assert_eq!(tabs(&viewer, &list), ["All", "Drivers", "Lookers"]);

    // and a viewer removes neither another's nor everyone's
    let own = |browser: &Browser, filter: &str| {
        browser
            .open(&format!("{list}?{filter}"))
            .attribute("#list .views form", "action")
    };
    assert_eq!(own(&viewer, "role=driver"), None);
    let (drivers, private) = (
        own(&tenant.owner, "role=driver").unwrap(),
        own(&tenant.owner, "role=sales").unwrap(),
    );
    viewer.post(&drivers, &[]).is(409).shows(
        "main",
        "Everyone sees this view, so only an owner or a manager removes it.",
    );
    viewer.post(&private, &[]).is(404);
    assert_eq!(kept(&tenant), 3);
    viewer
        .post(&own(&viewer, "role=viewer").unwrap(), &[])
        .is(303);
    tenant.owner.post(&drivers, &[]).is(303);
    assert_eq!(tabs(&tenant.owner, &list), ["All", "Private"]);
}

#[test]
fn a_view_needs_a_name_of_its_own_and_a_filter() {
    // given
    let tenant = tenant();
    let list = tenant.path("/settings/people");
    let filtered = format!("{list}?q=asha");
    save(&tenant.owner, &filtered, "Asha", Some("me")).is(303);

    // when, then
    let other = format!("{list}?q=ravi");
    let taken = save(&tenant.owner, &other, "Asha", Some("me"));
    taken
        .is(422)
        .shows("#name-e", "There is a view with this name. Choose another.");
    assert_eq!(taken.attribute("#name", "value").as_deref(), Some("Asha"));
    save(&tenant.owner, &other, "", Some("me"))
        .is(422)
        .shows("#name-e", "Name of the view must be filled in.");
    let post = |list: &str, filter: &str| {
        let fields = [("list", list), ("filter", filter), ("name", "New")];
        tenant.owner.post(&tenant.path("/settings/views"), &fields)
    };
    post("people", "after=abc").is(422);
    post("no-such-list", "q=asha").is(404);
    assert_eq!(kept(&tenant), 1);
    post("people", "q=ravi").is(303);

    // and the same name may serve everyone, or another list
    save(
        &tenant.owner,
        &format!("{list}?q=x"),
        "Asha",
        Some("everyone"),
    )
    .is(303);
    save(
        &tenant.owner,
        &tenant.path("/settings/audit?record=files"),
        "Asha",
        Some("me"),
    )
    .is(303);
    assert_eq!(kept(&tenant), 4);
}

#[test]
fn a_rival_neither_sees_nor_removes_a_view() {
    // given
    let (tenant, rival) = (tenant(), tenant());
    let filtered = tenant.path("/settings/people?role=sales");
    save(&tenant.owner, &filtered, "Sellers", Some("everyone")).is(303);
    let remove = tenant
        .owner
        .open(&filtered)
        .attribute("#list .views form", "action")
        .unwrap();

    // when, then
    rival.owner.post(&remove, &[]).is(404);
    rival
        .owner
        .post(&remove.replace(&tenant.slug, &rival.slug), &[])
        .is(404);
    Browser::new().post(&remove, &[]).is(303);
    assert_eq!(
        tabs(&rival.owner, &rival.path("/settings/people")),
        Vec::<String>::new()
    );
    assert_eq!(kept(&tenant), 1);
    tenant.owner.post(&remove, &[]).is(303);
    assert_eq!(kept(&tenant), 0);
}

//! Nobody passes a wall: every route of the application's own table, asked by the rightful owner, by another company and by nobody.

use crate::support::{Browser, Shop, Tenant, admin, app, gstin_in, retailer, tenant};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use mandi::platform::permissions::{DoorKind, Role};
use mandi::web::routes::{Kind, RouteInfo};

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

fn ask(sql: &str) -> String {
    diesel::sql_query(sql)
        .get_result::<Value>(&mut app().owner())
        .unwrap_or_else(|error| panic!("{error} in {sql}"))
        .value
}

/// A company, a shop of it, and one real row for every parameter of every route.
struct World {
    tenant: Tenant,
    shop: Shop,
    employee: String,
    invitation: String,
    /// A saved view that everyone sees.
    view: String,
    /// Two registrations beside the primary one: one to be made primary, one to be ended.
    registrations: [String; 2],
}

impl World {
    fn new() -> Self {
        let tenant = tenant();
        let shop = retailer(&tenant);
        tenant.employee(Role::Sales);
        let employee = ask(&format!(
            "select id::text as value from employees where tenant_id = '{}' and role = 'sales'",
            tenant.id
        ));
        tenant
            .owner
            .open(&tenant.path("/settings/people/invite"))
            .form("#invite")
            .fill("name", "New Person")
            .fill("email", &crate::support::email("new"))
            .submit()
            .is(303);
        let invitation = ask(&format!(
            "select id::text as value from invitations where tenant_id = '{}'",
            tenant.id
        ));
        let pan = ask(&format!(
            "select pan as value from companies where id = '{}'",
            tenant.id
        ));
        let registrations = ["29", "27"].map(|state| gstin_in(state, &pan));
        for gstin in &registrations {
            tenant
                .owner
                .open(&tenant.path("/settings/registrations/new"))
                .form("#register")
                .fill("gstin", gstin)
                .fill("trade_name", "Branch")
                .submit()
                .is(303);
        }
        tenant
            .owner
            .open(&tenant.path("/settings/people?role=sales"))
            .click("Save view")
            .form("#confirm")
            .fill("name", "Sales people")
            .fill("audience", "everyone")
            .submit()
            .is(303);
        let view = ask(&format!(
            "select id::text as value from saved_views where tenant_id = '{}'",
            tenant.id
        ));
        Self {
            tenant,
            shop,
            employee,
            invitation,
            view,
            registrations,
        }
    }

    /// The address of a route with this world's own rows in it.
    fn path(&self, route: &RouteInfo) -> String {
        let id = if route.pattern.contains("/invitations/") {
            &self.invitation
        } else if route.pattern.contains("/views/") {
            &self.view
        } else {
            &self.employee
        };
        route
            .pattern
            .replace("{company}", &self.tenant.slug)
            .replace("{retailer}", &self.shop.slug)
            .replace("{supplier}", &self.tenant.slug)
            .replace("{id}", id)
            .replace(
                "{gstin}",
                &self.registrations[usize::from(route.pattern.ends_with("/end"))],
            )
    }

    /// Everything that is this company's, counted: a foreign request may change none of it.
    fn rows(&self) -> i64 {
        let sql = format!(
            "select count(*) as count from audit_entries where tenant_id = '{}'",
            self.tenant.id
        );
        diesel::sql_query(sql)
            .get_result::<Count>(&mut app().owner())
            .unwrap()
            .count
    }
}

fn routes(doors: &[DoorKind]) -> Vec<RouteInfo> {
    mandi::app::routes()
        .table()
        .iter()
        .filter(|route| doors.contains(&route.door))
        .cloned()
        .collect()
}

/// Sends a request that the route's own page could send: a valid form where it needs one.
fn send(browser: &Browser, world: &World, route: &RouteInfo) -> u16 {
    let path = world.path(route);
    if route.kind != Kind::Change {
        return browser.get(&path).status;
    }
    let fields = valid_form(&route.pattern, world);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    browser.post(&path, &fields).status
}

/// A valid form for each change of a company's or a shop's rooms; a route without one fails the walk.
fn valid_form(pattern: &str, world: &World) -> Vec<(&'static str, String)> {
    let key = ("_key", mandi::web::forms::new_key().to_string());
    let version = |table: &str, id: &str| {
        let at = ask(&format!(
            "select to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as value from {table} where id = '{id}'"
        ));
        ("version", at)
    };
    let text = |name: &'static str, value: &str| (name, value.to_owned());
    match pattern {
        "/c/{company}/settings/company" => {
            vec![
                key,
                version("companies", &world.tenant.id.to_string()),
                text("name", &world.tenant.name),
                text("legal_name", "Company Private Limited"),
                text("hue", "150"),
            ]
        }
        "/c/{company}/settings/people/invite" => vec![
            key,
            text("name", "Another Person"),
            ("email", crate::support::email("another")),
            text("role", "viewer"),
            text("language", "en-IN"),
        ],
        "/c/{company}/settings/people/{id}" => vec![
            key,
            version("employees", &world.employee),
            text("name", "Ravi Sales"),
            text("role", "sales"),
            text("active", "on"),
        ],
        "/c/{company}/settings/views" => vec![
            key,
            text("list", "people"),
            text("filter", "role=driver"),
            text("name", "Drivers"),
            text("audience", "everyone"),
        ],
        "/c/{company}/settings/views/{id}/remove" => vec![key],
        "/c/{company}/settings/people/bulk" => {
            vec![key, text("action", "end"), text("id", &world.employee)]
        }
        "/c/{company}/settings/invitations/bulk" => {
            vec![key, text("action", "resend"), text("id", &world.invitation)]
        }
        "/c/{company}/settings/registrations/new" => {
            let pan = ask(&format!(
                "select pan as value from companies where id = '{}'",
                world.tenant.id
            ));
            vec![
                key,
                ("gstin", gstin_in("24", &pan)),
                text("trade_name", "Another Branch"),
            ]
        }
        "/c/{company}/settings/registrations/{gstin}" => {
            let id = ask(&format!(
                "select id::text as value from gst_registrations where tenant_id = '{}' and gstin = '{}'",
                world.tenant.id, world.registrations[0]
            ));
            vec![
                key,
                version("gst_registrations", &id),
                text("trade_name", "Renamed Branch"),
            ]
        }
        "/c/{company}/settings/registrations/{gstin}/end" => {
            vec![key, text("ended_on", "2026-03-31")]
        }
        "/c/{company}/settings/registrations/{gstin}/primary" => vec![key],
        "/c/{company}/settings/invitations/{id}/resend"
        | "/c/{company}/settings/invitations/{id}/revoke" => vec![key],
        other => panic!("{other} has no valid form in tests/it/walls.rs"),
    }
}

#[test]
fn the_rightful_owner_passes_every_door() {
    // The control of the walk below: the same requests, asked by those whose rows they are.
    let world = World::new();
    let all = routes(&[DoorKind::Company, DoorKind::Retailer, DoorKind::Shop]);
    assert!(all.len() >= 20, "only {} routes", all.len());
    for route in &all {
        let browser = if route.door == DoorKind::Company {
            &world.tenant.owner
        } else {
            &world.shop.owner
        };
        let status = send(browser, &world, route);
        let expected = if route.kind == Kind::Change || route.pattern == "/r/{retailer}" {
            303
        } else {
            200
        };
        assert_eq!(status, expected, "{} {}", route.method, route.pattern);
    }
}

#[test]
fn nobody_passes_anothers_door() {
    // given
    let world = World::new();
    let (rival, rival_shop) = (tenant(), retailer(&tenant()));
    let platform = admin();
    let before = world.rows();

    // when, then: another company's owner, another retailer's owner, a platform admin and a stranger
    for route in routes(&[DoorKind::Company, DoorKind::Retailer, DoorKind::Shop]) {
        for (who, browser) in [
            ("rival", &rival.owner),
            ("rival shop", &rival_shop.owner),
            ("platform admin", &platform),
        ] {
            assert_eq!(
                send(browser, &world, &route),
                404,
                "{who}: {} {}",
                route.method,
                route.pattern
            );
        }
        assert_eq!(
            send(&Browser::new(), &world, &route),
            303,
            "stranger: {} {}",
            route.method,
            route.pattern
        );
    }
    assert_eq!(world.rows(), before, "a foreign request changed something");
}

#[test]
fn anothers_row_is_not_found_behind_ones_own_door() {
    // given: the rival is at home, and names rows of the other company
    let world = World::new();
    let rival = tenant();
    let before = world.rows();

    // when, then
    for route in routes(&[DoorKind::Company])
        .iter()
        .filter(|route| route.pattern.contains("{id}") || route.pattern.contains("{gstin}"))
    {
        let path = world.path(route).replace(&world.tenant.slug, &rival.slug);
        let status = if route.kind == Kind::Change {
            let fields = valid_form(&route.pattern, &world);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            rival.owner.post(&path, &fields).status
        } else {
            rival.owner.get(&path).status
        };
        assert_eq!(status, 404, "{} {path}", route.method);
    }
    assert_eq!(world.rows(), before);
}

#[test]
fn the_platforms_rooms_are_not_there_for_others() {
    let tenant = tenant();
    for route in routes(&[DoorKind::Platform]) {
        let path = route.pattern.replace("{id}", &tenant.id.to_string());
        let status = if route.kind == Kind::Change {
            tenant.owner.post(&path, &[]).status
        } else {
            tenant.owner.get(&path).status
        };
        assert_eq!(status, 404, "{} {path}", route.method);
    }
}

#[test]
fn a_role_without_the_right_is_told_who_can_grant_it() {
    let tenant = tenant();
    let (_, viewer) = tenant.employee(Role::Viewer);
    let page = viewer.open(&tenant.path("/settings/audit"));
    page.is(403)
        .shows(
            "main",
            "This page needs the right to: See who changed what. An owner of",
        )
        .shows("main", &tenant.name);
    for (role, expected) in [
        (Role::Owner, 200),
        (Role::Manager, 200),
        (Role::Accounts, 200),
        (Role::Sales, 403),
        (Role::Driver, 403),
    ] {
        assert_eq!(
            tenant
                .employee(role)
                .1
                .get(&tenant.path("/settings/audit"))
                .status,
            expected,
            "{role:?}"
        );
    }
}

#[test]
fn a_buyer_in_the_database_sees_one_customer() {
    // given: two shops of one company
    let tenant = tenant();
    let (one, other) = (retailer(&tenant), retailer(&tenant));

    // when: the portal asks the database as one of them
    let page = one.owner.open(&one.path(&tenant, "/"));

    // then: the code on the page is that shop's, though the query names no customer
    let code = |shop: &Shop| {
        ask(&format!(
            "select code as value from customers where id = '{}'",
            shop.customer
        ))
    };
    page.is(200)
        .shows(
            "main",
            &format!("Customer {} of {}", code(&one), tenant.name),
        )
        .shows_not("main", &code(&other));
}

#[test]
fn a_suspended_company_is_shut_at_the_next_request() {
    // given
    let tenant = tenant();
    let platform = admin();
    tenant.owner.open(&tenant.path("/")).is(200);

    // when
    let confirm = platform.open(&format!("/admin/companies/{}/suspend", tenant.id));
    confirm
        .form("#confirm")
        .fill("reason", "Fees are open since March")
        .submit()
        .follow()
        .is(200)
        .shows(".toast", &format!("{} is suspended.", tenant.name));

    // then
    tenant
        .owner
        .open(&tenant.path("/"))
        .is(403)
        .shows("main", "Fees are open since March");
    let again = confirm
        .form("#confirm")
        .fill("reason", "Twice")
        .forge("_key", "")
        .submit();
    again.is(409).shows(
        "main",
        &format!("{} is suspended, so this can't be done.", tenant.name),
    );

    // when: reactivated
    platform
        .open(&format!("/admin/companies/{}", tenant.id))
        .form("#reactivate")
        .submit()
        .follow()
        .is(200);
    tenant.owner.open(&tenant.path("/")).is(200);
}

#[test]
fn pages_ask_the_database_a_fixed_number_of_times() {
    let world = World::new();
    for number in 0..30 {
        world.tenant.employee(if number % 2 == 0 {
            Role::Sales
        } else {
            Role::Driver
        });
        if number > 3 {
            break;
        }
    }
    for route in routes(&[DoorKind::Company, DoorKind::Shop, DoorKind::Retailer])
        .iter()
        .filter(|route| route.kind == Kind::Page)
    {
        let browser = if route.door == DoorKind::Company {
            &world.tenant.owner
        } else {
            &world.shop.owner
        };
        let page = browser.get(&world.path(route));
        let timing = page.header("server-timing").to_owned();
        let statements: u32 = timing
            .split("desc=\"")
            .nth(1)
            .and_then(|text| text.split(' ').next())
            .and_then(|number| number.parse().ok())
            .unwrap();
        assert!(statements <= 8, "{} asks {statements} times", route.pattern);
    }
}

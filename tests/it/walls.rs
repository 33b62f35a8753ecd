//! Nobody passes a wall: every route of the application's own table, asked by the rightful owner, by another company and by nobody.

use crate::support::{
    App, Browser, Places, Shop, Tenant, admin, app, ask, ask_on, own_app, retailer, tenant,
    tenant_in,
};
use actix_web::{HttpResponse, web};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use mandi::app::checks;
use mandi::error::AppError;
use mandi::platform::db::schema::{employees, invitations};
use mandi::platform::permissions::{self, DoorKind, ManageSelf, Role};
use mandi::platform::verify;
use mandi::web::Allowed;
use mandi::web::page::Answer;
use mandi::web::routes::{Kind, RouteInfo};
use std::time::{Duration, Instant};

/// Addresses with a row in them that are open to everybody, and why that is right.
const OPEN: [&str; 7] = [
    // A colour: reads no row.
    "/brand/{company}",
    // Whoever has the letter has the token, and nobody else.
    "/invite/{token}",
    "/join/{token}",
    // The developers' outbox, which a production build answers with 404.
    "/dev/mail/{id}",
    "/dev/mail/{id}/html",
    // A gateway proves itself by its signature.
    "/hooks/payments/{account}",
    // The sandbox gateway's own page: whoever has the order's id may pay it. Not there in production.
    "/sandbox/pay/{order}",
];

/// What a walk over a route table saw.
#[derive(Debug, Default)]
struct Walk {
    /// Who got past a wall, or changed something behind it.
    leaks: Vec<String>,
    /// Rightful requests that did not get through, which would make the rest of the walk worthless.
    refused: Vec<String>,
    /// Rightful requests in all.
    rightful: usize,
    /// Requests of others in all.
    foreign: usize,
}

/// Everybody who has no business with the rows of a ground.
struct Others {
    rival: Tenant,
    rival_shop: Shop,
    neighbour: Shop,
    platform: Browser,
    stranger: Browser,
    colleagues: Vec<(Role, Browser)>,
}

struct Try<'a> {
    who: &'static str,
    browser: &'a Browser,
    path: String,
    expected: u16,
}

impl Others {
    fn of(places: &Places) -> Self {
        let rival = tenant_in(places.app);
        Self {
            rival_shop: retailer(&rival),
            rival,
            neighbour: retailer(&places.tenant),
            platform: places.platform.clone(),
            stranger: Browser::on(&places.app.base),
            colleagues: Role::ALL
                .iter()
                .map(|role| (*role, places.tenant.employee(*role).1))
                .collect(),
        }
    }

    /// Who tries a route, under which address, and what they have to be told.
    fn tries(&self, route: &RouteInfo, places: &Places, path: &str) -> Vec<Try<'_>> {
        let at = |who, browser, path: &str, expected| Try {
            who,
            browser,
            path: path.to_owned(),
            expected,
        };
        let (rival, rival_shop) = (&self.rival.owner, &self.rival_shop.owner);
        let mut tries = vec![
            at("a stranger", &self.stranger, path, 303),
            at("a rival", rival, path, 404),
            at("a rival's shop", rival_shop, path, 404),
            at("a neighbour", &self.neighbour.owner, path, 404),
        ];
        if route.door != DoorKind::Platform {
            tries.push(at("a platform admin", &self.platform, path, 404));
        }
        match route.door {
            DoorKind::Company => {
                if route.pattern.contains("{id}") {
                    // The rival is at home, and names a row of the other company.
                    let own = path.replace(&places.tenant.slug, &self.rival.slug);
                    tries.push(at("a rival at home", rival, &own, 404));
                }
                let roles = permissions::ALL
                    .iter()
                    .find(|entry| entry.name == route.permission)
                    .map_or(&[] as &[Role], |entry| entry.roles);
                let without = self
                    .colleagues
                    .iter()
                    .filter(|(role, _)| !roles.contains(role));
                tries.extend(without.map(|(role, browser)| at(role.code(), browser, path, 403)));
            }
            DoorKind::Shop => {
                let own = path.replace(&places.shop.slug, &self.rival_shop.slug);
                tries.push(at("a shop without a connection", rival_shop, &own, 404));
            }
            _ => {}
        }
        tries
    }
}

/// Asks every route of a table as everybody who has no business there, then as whoever has.
///
/// The application has to be the test's own: every row of its database is compared.
fn walk(app: &'static App, routes: &[RouteInfo]) -> Walk {
    let places = Places::new(app);
    let others = Others::of(&places);
    let rows = Rows::of(app);
    let mut walk = Walk::default();
    for route in routes {
        let visit = places.rightful(route);
        let name = format!("{} {}", route.method, route.pattern);
        let has_row = route.pattern.contains('{');
        let tries = match route.door {
            DoorKind::Anyone if has_row && !OPEN.contains(&route.pattern.as_str()) => {
                walk.leaks.push(format!("{name} is open to everybody"));
                Vec::new()
            }
            DoorKind::Anyone => Vec::new(),
            DoorKind::Person if !has_row => Vec::new(),
            _ => others.tries(route, &places, &visit.path),
        };
        let before = rows.fingerprint();
        for foreign in &tries {
            let status = visit.send_by(foreign.browser, &foreign.path).status;
            if status != foreign.expected {
                walk.leaks
                    .push(format!("{name} answers {} with {status}", foreign.who));
            }
        }
        walk.foreign += tries.len();
        if !tries.is_empty() && rows.fingerprint() != before {
            walk.leaks.push(format!("{name} changes rows for others"));
        }
        let status = visit.send().status;
        walk.rightful += 1;
        if status != answer_of(route) {
            walk.refused.push(format!("{name}: {status}"));
        }
    }
    walk
}

/// What a rightful request is answered with.
fn answer_of(route: &RouteInfo) -> u16 {
    match route.pattern.as_str() {
        // The form for the code comes next, at the same address.
        "/forgot" => 200,
        // Who is signed out is sent to the door, a shop with one supplier straight to it.
        "/" | "/r/{retailer}" => 303,
        _ if route.kind == Kind::Change => 303,
        _ => 200,
    }
}

/// All rows of a database, but for what changes by itself.
struct Rows {
    app: &'static App,
    sql: String,
}

impl Rows {
    fn of(app: &'static App) -> Self {
        let tables = ask(
            app,
            "select string_agg(relname, ' ') as value from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
        );
        let hashes: Vec<String> = tables
            .split(' ')
            .filter_map(|table| {
                let row = match table {
                    // Every request notes when its session was last used; workers write in their own time.
                    "sessions" => "(t.id, t.user_id)",
                    "mails" => "(t.id, t.recipient)",
                    "jobs" => "case when t.state = 'failed' then t end",
                    "job_attempts" | "schedules" => return None,
                    _ => "t",
                };
                Some(format!("(select md5(coalesce(string_agg({row}::text, ';' order by {row}::text), '')) from {table} t)"))
            })
            .collect();
        Self {
            app,
            sql: format!("select {} as value", hashes.join(" || ")),
        }
    }

    /// All of it in a word, once nothing is at work in the background.
    fn fingerprint(&self) -> String {
        const AT_WORK: &str = "select count(*)::text as value from jobs where state = 'running' or (state = 'queued' and run_at <= now())";
        let deadline = Instant::now() + Duration::from_secs(30);
        while ask(self.app, AT_WORK) != "0" {
            assert!(Instant::now() < deadline, "jobs don't come to an end");
            std::thread::sleep(Duration::from_millis(5));
        }
        ask(self.app, &self.sql)
    }
}

#[test]
fn nobody_passes_anothers_wall() {
    // given
    let routes = mandi::app::routes();
    let app = own_app("walk", mandi::app::routes());

    // when
    let walk = walk(app, routes.table());

    // then
    println!(
        "{} requests of others, {} rightful ones",
        walk.foreign, walk.rightful
    );
    assert_eq!(walk.leaks, Vec::<String>::new());
    assert!(walk.foreign >= 200, "only {}", walk.foreign);
    // The control: the same requests get through when they come from those whose rows they are.
    assert_eq!(walk.refused, Vec::<String>::new());
    // And the books are sound after all of it.
    for finding in verify::run(&app.owner_url, &checks::all()).unwrap() {
        assert_eq!(finding.faults, [], "{}", finding.check.name);
    }
}

/// Reads a row by the id in its address, whosever it is.
async fn leaky(actor: Allowed<ManageSelf>, id: web::Path<uuid::Uuid>) -> Answer {
    let name: String = actor
        .platform_read(move |tx| {
            let row = employees::table.filter(employees::id.eq(*id));
            Ok(tx.one(row.select(employees::name))?)
        })
        .await?;
    Ok(HttpResponse::Ok().body(name))
}

/// Changes a row by the id in its address, and says that there is none.
async fn quiet(actor: Allowed<ManageSelf>, id: web::Path<uuid::Uuid>) -> Answer {
    actor
        .platform_write(move |tx| {
            let row = invitations::table.filter(invitations::id.eq(*id));
            Ok(tx.execute(diesel::update(row).set(invitations::name.eq("Taken")))?)
        })
        .await?;
    Err(AppError::NotFound)
}

#[test]
fn a_leaky_route_is_found() {
    // given: two routes by which somebody forgot the wall
    let planted = || {
        let mut routes = mandi::app::routes();
        routes.page("/me/employees/{id}", leaky);
        routes.change("/me/invitations/{id}/take", quiet);
        routes
    };
    let app = own_app("walk_planted", planted());

    // when
    let walk = walk(app, planted().table());

    // then: these are found, and nothing else
    assert_eq!(
        walk.leaks,
        [
            "GET /me/employees/{id} answers a rival with 200",
            "GET /me/employees/{id} answers a rival's shop with 200",
            "GET /me/employees/{id} answers a neighbour with 200",
            "GET /me/employees/{id} answers a platform admin with 200",
            "POST /me/invitations/{id}/take changes rows for others",
        ]
    );
    assert_eq!(walk.refused, ["POST /me/invitations/{id}/take: 404"]);
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
fn a_buyer_sees_one_customer() {
    // given: two shops of one company
    let tenant = tenant();
    let (one, other) = (retailer(&tenant), retailer(&tenant));

    // when: one of them opens the portal
    let page = one.owner.open(&one.path(&tenant, "/"));

    // then: the code on the page is that shop's
    let code = |shop: &Shop| {
        let sql = format!(
            "select code as value from customers where id = '{}'",
            shop.customer
        );
        ask(app(), &sql)
    };
    page.is(200)
        .shows(
            "main",
            &format!("Customer {} of {}", code(&one), tenant.name),
        )
        .shows_not("main", &code(&other));
}

#[test]
fn row_security_alone_shows_a_buyer_one_customer() {
    // given: two shops of one company
    let tenant = tenant();
    let (one, _other) = (retailer(&tenant), retailer(&tenant));
    let codes = |customer: &str| {
        let mut pg = app().owner();
        pg.batch_execute(&format!(
            "begin; select set_config('role', 'mandi_app', true), set_config('app.tenant_id', '{}', true), set_config('app.customer_id', '{customer}', true)",
            tenant.id
        ))
        .unwrap();
        ask_on(
            &mut pg,
            "select count(*)::text || ' of customers, ' || (select count(*) from search_employees('asha')) || ' of employees' as value from customers",
        )
    };

    // when, then: a query that names no customer, and the search that goes round the wall
    assert_eq!(
        codes(&one.customer.to_string()),
        "1 of customers, 0 of employees"
    );
    assert_eq!(codes(""), "2 of customers, 1 of employees");
}

#[test]
fn a_search_finds_pieces_of_names_in_one_company() {
    // given
    let (tenant, rival) = (tenant(), tenant_in(app()));
    tenant.employee(Role::Sales);
    rival.employee(Role::Sales);
    let found = |words: &str| {
        let page = tenant
            .owner
            .open(&tenant.path(&format!("/settings/people?q={words}")));
        page.is(200).count("tbody a.go")
    };

    // when, then: three letters anywhere, fewer where a word begins; a wild card is none
    for (words, expected) in [
        ("avi", 1),
        ("RAVI+sal", 1),
        ("sa", 1),
        ("al", 0),
        ("_av", 0),
        ("test.example", 2),
        ("zzz", 0),
    ] {
        assert_eq!(found(words), expected, "{words}");
    }
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

//! How often a page or a change asks the database: seldom, and no more often when there are more rows.

use crate::support::{App, Page, Places, app_of_routes, postgres, trade};
use actix_web::HttpResponse;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use mandi::logistics::rules::Status;
use mandi::platform::db::schema::employees;
use mandi::platform::permissions::ReadPeople;
use mandi::web::routes::{Kind, RouteInfo};
use mandi::web::{Allowed, Answer, Routes};

/// Statements of a page, BEGIN, settings and session included.
const MOST_OF_A_PAGE: u32 = 8;
/// Statements of a change beyond its lines.
pub const MOST_OF_A_CHANGE: u32 = 15;
/// A shipment that comes back is two changes in one transaction: its goods are taken in, and a credit note is written for them.
const TWO_IN_ONE: &str = "/c/{company}/shipments/{no}/return";

/// What the answer says about itself.
pub fn statements(page: &Page) -> u32 {
    page.header("server-timing")
        .split("desc=\"")
        .nth(1)
        .and_then(|text| text.split(' ').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("{} ({}) does not say", page.path, page.status))
}

/// How often each route asks the database for its rightful request, in the order of the table.
fn counts(places: &Places, routes: &[RouteInfo]) -> Vec<u32> {
    routes
        .iter()
        .map(|route| {
            let page = places.rightful(route).send();
            assert!(page.status < 400, "{}: {}", route.pattern, page.status);
            statements(&page)
        })
        .collect()
}

/// Rows for everything that a page lists, numbered: companies with an owner and a customer, people, invitations, jobs, letters, sessions.
fn fill(places: &Places, numbers: std::ops::RangeInclusive<u32>) {
    let (tenant, shop) = (places.tenant.id, places.shop.customer);
    let owner = places.ask(&format!(
        "select id::text as value from users where email = '{}'",
        places.tenant.owner_email
    ));
    let sql = format!(
        "create temp table n as select n, gen_random_uuid() as id from generate_series({}, {}) n;
         insert into users (id, email, name) select id, 'filler' || n || '@test.example', 'Filler ' || n from n;
         insert into employees (tenant_id, id, user_id, name, email, role)
           select '{tenant}', id, id, 'Filler ' || n, 'filler' || n || '@test.example', 'sales' from n;
         insert into invitations (tenant_id, id, email, name, role, token_hash, expires_at)
           select '{tenant}', id, 'guest' || n || '@test.example', 'Guest', 'sales', sha256(id::text::bytea), now() + interval '1 day' from n;
         insert into gst_registrations (tenant_id, id, gstin, state_code, trade_name)
           select '{tenant}', id, '33AAACF' || lpad(n::text, 4, '0') || 'A1Z5', '33', 'Filler' from n;
         insert into categories (tenant_id, id, name, slug, path) select '{tenant}', id, 'Filler ' || n, 'filler-' || n, 'Filler ' || n from n;
         insert into products (tenant_id, id, sku, name, hsn, category_id) select '{tenant}', id, 'FILLER-' || n, 'Filler ' || n, '1006', id from n;
         insert into price_items (tenant_id, id, price_list_id, product_id, price)
           select '{tenant}', n.id, l.id, n.id, 10 from n, price_lists l where l.tenant_id = '{tenant}' and l.is_default;
         insert into stock_levels (tenant_id, product_id, warehouse_id, on_hand)
           select '{tenant}', n.id, w.id, 10 from n, warehouses w where w.tenant_id = '{tenant}' and w.is_default;
         insert into customer_addresses (tenant_id, id, customer_id, label, street, city, pincode, state_code)
           select '{tenant}', id, '{shop}', 'Filler ' || n, 'Road', 'Chennai', '600017', '33' from n;
         insert into companies (id, slug, name, legal_name, pan) select id, 'filler-' || n, 'Filler ' || n, 'Filler Limited', 'AAACF1234A' from n;
         insert into employees (tenant_id, id, user_id, name, email, role)
           select id, id, '{owner}', 'Asha Owner', 'owner@test.example', 'owner' from n;
         insert into customers (tenant_id, id, code, name) select id, id, 'C1', 'Shop' from n;
         insert into connections (tenant_id, id, retailer_id, customer_id)
           select n.id, n.id, (select retailer_id from connections where customer_id = '{shop}'), n.id from n;
         insert into price_lists (tenant_id, id, name, status) select '{tenant}', id, 'Filler ' || n, 'active' from n;
         insert into price_list_targets (tenant_id, id, price_list_id, customer_id) select '{tenant}', id, id, '{shop}' from n;
         insert into own_tax_rates (tenant_id, id, hsn_prefix, rate, valid_from, reason) select '{tenant}', id, '99' || lpad(n::text, 4, '0'), 5, '2026-01-01', 'Filler' from n;
         insert into jobs (id, tenant_id, kind, title, state, finished_at) select id, '{tenant}', 'mail.send', 'Filler', 'failed', now() from n;
         insert into mails (id, kind, recipient, subject, text_body, html_body, status)
           select id, 'code', 'filler' || n || '@test.example', 'Filler', '', '', 'kept' from n;
         insert into sessions (key_hash, id, user_id, state, expires_at)
           select sha256(('s' || id)::bytea), id, '{owner}', '{{}}', now() + interval '1 day' from n;
         insert into sign_in_attempts (email, address, user_id, outcome) select 'owner@test.example', '127.0.0.9', '{owner}', 'signed_in' from n;",
        numbers.start(),
        numbers.end()
    );
    places.app.owner().batch_execute(&sql).unwrap();
    fill_supply(places, numbers.end() - numbers.start());
}

/// More of everything that supply lists.
fn fill_supply(places: &Places, more: u32) {
    let (tenant, shop) = (&places.tenant, &places.shop);
    trade::give_address(tenant, shop);
    let product = trade::goods(tenant, &format!("FILL{more}"), "40", "1000");
    for _ in 0..more.min(8) {
        trade::shipment(tenant, shop, product, Status::Picking);
        trade::shipment(tenant, shop, product, Status::Out);
    }
}

/// Routes that ask too often, and routes that ask more often when there is more to show.
#[derive(Debug, Default, PartialEq)]
struct Chatter {
    too_often: Vec<String>,
    growing: Vec<String>,
}

fn chatter(app: &'static App, routes: &[RouteInfo]) -> Chatter {
    let places = Places::new(app);
    fill(&places, 1..=3);
    let few = counts(&places, routes);
    fill(&places, 4..=60);
    let many = counts(&places, routes);
    let mut found = Chatter::default();
    for (route, (few, many)) in routes.iter().zip(few.into_iter().zip(many)) {
        let name = format!("{} {}", route.method, route.pattern);
        println!("{few:3} {many:3}  {name}");
        let most = if route.kind == Kind::Change && route.pattern == TWO_IN_ONE {
            2 * MOST_OF_A_CHANGE
        } else if matches!(route.kind, Kind::Change | Kind::Hook) {
            MOST_OF_A_CHANGE
        } else {
            MOST_OF_A_PAGE
        };
        if few > most {
            found.too_often.push(name.clone());
        }
        if few != many {
            found.growing.push(name);
        }
    }
    found
}

/// Asks for the people, and then for each of them.
async fn chatty(actor: Allowed<ReadPeople>) -> Answer {
    let names = actor
        .read(|scope| {
            let mine = employees::table.filter(employees::tenant_id.eq(scope.tenant()));
            let ids: Vec<uuid::Uuid> = scope.load(mine.select(employees::id).limit(25))?;
            let mut names = Vec::new();
            for id in ids {
                let one = mine.filter(employees::id.eq(id)).select(employees::name);
                names.push(scope.one::<String>(one)?);
            }
            Ok(names)
        })
        .await?;
    Ok(HttpResponse::Ok().body(names.join("\n")))
}

#[test]
fn every_route_asks_a_fixed_number_of_times() {
    // given: every route of the application, and one that asks for each row again
    let planted = || {
        let mut routes: Routes = mandi::app::routes();
        routes.page("/c/{company}/chatty", chatty);
        routes
    };
    // Nobody at work but the requests: a worker that is faster than the next one leaves it less to do.
    let app = app_of_routes(&postgres::server().database("statements"), planted());

    // when
    let found = chatter(app, planted().table());

    // then: the planted one is found, and no other
    let planted = vec!["GET /c/{company}/chatty".to_owned()];
    assert_eq!(found.too_often, planted);
    assert_eq!(found.growing, planted);
}

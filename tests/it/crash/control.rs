//! What the kills have to find: a program that writes one change in two transactions.

use super::{Killer, faults, send};
use crate::support::process::{self, Process};
use crate::support::trade::{goods, sound};
use crate::support::{app_without_workers, run, tenant_in};
use actix_web::rt::time::sleep;
use actix_web::web;
use diesel::sql_types::Uuid as SqlUuid;
use mandi::config::Config;
use mandi::platform::db::Db;
use mandi::platform::permissions::PackShipments;
use mandi::web::page::{self, Answer, Next};
use mandi::web::{Allowed, State};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Takes a unit of a product off the shelf, and writes that down in a transaction of its own, a moment later: as a program does that asks
/// somebody else in between.
async fn take_one(actor: Allowed<PackShipments>, path: web::Path<(String, Uuid)>) -> Answer {
    let product = path.into_inner().1;
    actor
        .write(move |scope| {
            let taken = "update stock_levels set on_hand = on_hand - 1 where tenant_id = $1 and product_id = $2";
            Ok(scope.execute(
                diesel::sql_query(taken)
                    .bind::<SqlUuid, _>(scope.tenant())
                    .bind::<SqlUuid, _>(product),
            )?)
        })
        .await?;
    sleep(Duration::from_millis(20)).await;
    actor
        .write(move |scope| {
            let moved = "insert into stock_moves (id, product_id, warehouse_id, kind, quantity, reason, at)
                           select gen_random_uuid(), product_id, warehouse_id, 'adjustment', -1, 'Taken', now() from stock_levels where tenant_id = $1 and product_id = $2";
            Ok(scope.execute(
                diesel::sql_query(moved)
                    .bind::<SqlUuid, _>(scope.tenant())
                    .bind::<SqlUuid, _>(product),
            )?)
        })
        .await?;
    Ok(page::go(&actor.ctx, Next::to("/")))
}

#[test]
#[ignore = "the faulty program itself; the test below starts it as a process of its own"]
fn faulty_program() {
    let config = Config::from_env().unwrap();
    let url = config.database_url.clone().unwrap().expose().clone();
    let db = Db::new(&url, config.db_pool, config.db_wait);
    let state = State::new(Arc::new(config), db).unwrap();
    let mut routes = mandi::app::routes();
    routes.change("/c/{company}/planted/{id}", take_one);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    eprintln!("{{\"address\":\"{}\"}}", listener.local_addr().unwrap());
    actix_web::rt::System::new()
        .block_on(async { mandi::app::serve(&state, routes, listener).unwrap().await })
        .unwrap();
}

#[test]
fn a_change_in_two_transactions_is_found() {
    // given
    let urls = process::database("crash_control");
    let tenant = tenant_in(app_without_workers(&urls));
    let soaps: Vec<_> = ["A", "B", "C", "D"]
        .iter()
        .map(|sku| goods(&tenant, sku, "40", "100000"))
        .collect();
    let killer = Killer::new();
    let start = || -> Process {
        process::this(
            "crash::control::faulty_program",
            &process::two_logins(&urls),
        )
    };

    // when four people use it until it is killed
    let mut found = Vec::new();
    for _ in 0..10 {
        let process = start();
        let browser = tenant.owner.moved_to(&process.base);
        std::thread::scope(|scope| {
            for soap in &soaps {
                let (browser, path) = (browser.clone(), tenant.path(&format!("/planted/{soap}")));
                scope.spawn(move || {
                    while let Some((status, to)) = send(&browser, &path, &[]) {
                        assert_eq!(status, 303, "{to}");
                    }
                });
            }
            killer.strike(&process, &urls, (200, 900));
        });
        found = faults(&urls);
        if !found.is_empty() {
            break;
        }
    }

    // then
    let told = "stock.ledger_equals_levels: product ";
    assert!(
        !found.is_empty() && found.iter().all(|fault| fault.starts_with(told)),
        "{found:?}"
    );
    // then: and only that was wrong
    run(
        tenant.app,
        "update stock_levels l set on_hand = (select sum(quantity) from stock_moves m where m.product_id = l.product_id)",
    );
    sound(&tenant);
}

//! What a company says once about its documents, by its pages: from bank details to a registered e-invoice.

mod books;
mod einvoices;
mod series;

use crate::support::trade::faults;
use crate::support::{Page, Tenant, ask};
use mandi::kernel::dates;

pub fn open(tenant: &Tenant, rest: &str) -> Page {
    tenant.owner.open(&tenant.path(&format!("/settings{rest}")))
}

/// One value of the company: `$t` is its id.
pub fn one(tenant: &Tenant, sql: &str) -> String {
    let sql = format!("select coalesce(({sql})::text, '') as value");
    ask(tenant.app, &sql.replace("$t", &tenant.id.to_string()))
}

/// A day so many days from today, in India.
pub fn day(tenant: &Tenant, days: i64) -> String {
    let now = tenant.app.state.db.clock().now() + chrono::TimeDelta::days(days);
    dates::today(now).to_string()
}

/// Nothing of the company's documents is wrong.
#[track_caller]
pub fn documents_are_sound(tenant: &Tenant) {
    let rooms = ["documents.", "einvoices."];
    assert_eq!(
        faults(tenant.app, &tenant.slug, &rooms),
        Vec::<String>::new()
    );
}

//! What a company says once about its documents, by its pages: from bank details to a registered e-invoice.

mod books;
mod einvoices;
mod series;

use crate::support::{Page, Tenant, ask};
use mandi::app::checks;
use mandi::kernel::dates;
use mandi::platform::verify;

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
    let checks: Vec<_> = checks::all()
        .into_iter()
        .filter(|check| {
            check.name.starts_with("documents.") || check.name.starts_with("einvoices.")
        })
        .collect();
    assert!(checks.len() >= 10, "{} checks", checks.len());
    for finding in verify::run(&tenant.app.owner_url, &checks).unwrap() {
        let ours = finding.faults.iter();
        let ours: Vec<_> = ours
            .filter(|fault| fault.tenant == Some(tenant.id.uuid()))
            .map(|fault| fault.what.as_str())
            .collect();
        assert_eq!(ours, Vec::<&str>::new(), "{}", finding.check.name);
    }
}

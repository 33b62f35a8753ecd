//! The sandbox registrar, spoken to over HTTP by somebody who shares no code with it.

mod clock;
mod documents;
mod moods;
mod mutants;
mod pages;
mod production;
mod protocol;

use crate::support::registrar::{Registrar, Session, registrar_of};
use crate::support::{App, app_without_workers, gstin, gstin_in, postgres};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// An application whose registrar has the database for itself.
fn own(database: &str) -> &'static App {
    app_without_workers(&postgres::server().database(database))
}

/// Noon in India on a day, `2026-10-01`.
fn noon(day: &str) -> DateTime<Utc> {
    format!("{day}T06:30:00Z").parse().unwrap()
}

/// The registrar whose clock stands at noon of 2 October 2026.
fn october() -> Registrar {
    static APP: OnceLock<&App> = OnceLock::new();
    let app = APP.get_or_init(|| {
        let app = own("registrar_october");
        app.state.db.clock().set(Some(noon("2026-10-02")));
        app
    });
    registrar_of(app)
}

/// A fresh taxpayer of Maharashtra, signed in.
fn seller(registrar: &Registrar) -> Session {
    let gstin = gstin_in("27", &gstin()[2..12]);
    registrar.sign_in(&registrar.enrol(&gstin, "REG"))
}

/// A good document of this taxpayer, for a buyer in its own state.
fn invoice(session: &Session, number: &str) -> Value {
    session.registrar().know("27ZZZPR1111M1Z2", "REG");
    let mut payload = documents::of("INV-01");
    payload["SellerDtls"]["Gstin"] = json!(session.login.gstin);
    payload["DocDtls"]["No"] = json!(number);
    payload
}

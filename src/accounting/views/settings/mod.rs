//! What a company says once about its documents, as pages.

mod account;
mod books;
mod einvoices;
mod series;
mod undertakings;

pub use account::{AccountGround, AccountPage, Typed};
pub use books::{PrintedPage, TurnoverPage, TurnoversPage};
pub use einvoices::{EInvoicesGround, EInvoicesPage};
pub use series::{SeriesListPage, SeriesPage};
pub use undertakings::{UndertakingPage, UndertakingsPage};

use crate::web::components::Choice;
use chrono::{DateTime, Utc};

/// When a row was saved, as its form carries it; nothing for one that is not there yet.
pub fn version(saved: Option<DateTime<Utc>>) -> String {
    saved.map(|saved| saved.to_rfc3339()).unwrap_or_default()
}

/// Registrations to choose from; the only one is chosen.
fn registrations(gstins: &[String], chosen: &str, word: String) -> Vec<Choice> {
    let chosen = match gstins {
        [only] => only.as_str(),
        _ => chosen,
    };
    let mut choices = Vec::new();
    if gstins.len() != 1 {
        choices.push(Choice::new("", word, chosen));
    }
    choices.extend(
        gstins
            .iter()
            .map(|gstin| Choice::new(gstin, gstin.as_str(), chosen)),
    );
    choices
}

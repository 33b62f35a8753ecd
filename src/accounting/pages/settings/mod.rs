//! What a company says once about its documents.

mod account;
mod books;
mod einvoices;
mod series;
mod undertakings;

use crate::companies::model::Registration;
use crate::error::AppError;
use crate::platform::db::Scope;
use crate::web::Routes;

/// E-invoices, series, bank and terms, turnovers, undertakings.
pub fn routes(r: &mut Routes) {
    let at = |rest: &str| format!("/c/{{company}}/settings{rest}");
    r.page(&at("/e-invoices"), einvoices::show);
    r.change(&at("/e-invoices"), einvoices::save);
    let one = at("/e-invoices/{gstin}");
    r.page(&one, account::show);
    r.change(&one, account::save);
    r.change(&format!("{one}/registration"), account::describe);
    r.change(&format!("{one}/try"), account::try_it);
    r.page(&at("/series"), series::index);
    r.page(&at("/series/new"), series::new);
    r.change(&at("/series/new"), series::create);
    r.page(&at("/series/{id}"), series::show);
    r.change(&at("/series/{id}"), series::save);
    r.change(&at("/series/{id}/use"), series::step);
    r.page(&at("/accounting"), books::printed);
    r.change(&at("/accounting"), books::save_printed);
    r.page(&at("/turnovers"), books::turnovers);
    r.page(&at("/turnovers/{year}"), books::turnover);
    r.change(&at("/turnovers/{year}"), books::save_turnover);
    r.page(&at("/undertakings"), undertakings::index);
    r.change(&at("/undertakings"), undertakings::create);
    r.page(&at("/undertakings/{id}"), undertakings::show);
    r.change(&at("/undertakings/{id}"), undertakings::save);
}

/// The GSTINs that documents can be made under.
fn gstins(scope: &mut Scope) -> Result<Vec<String>, AppError> {
    let all = Registration::all(scope)?;
    Ok(all
        .into_iter()
        .filter(|row| row.ended_on.is_none())
        .map(|row| row.gstin)
        .collect())
}

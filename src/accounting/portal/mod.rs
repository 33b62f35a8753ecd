//! The retailer's side of the books.

mod bills;
mod ledger;
mod open;
mod pay;

use crate::web::Routes;

/// The retailer's bills and ledger, and how it pays.
pub fn routes(r: &mut Routes) {
    let at = |rest: &str| format!("/r/{{retailer}}/{{supplier}}{rest}");
    r.page(&at("/bills"), bills::index);
    r.page(&at("/ledger"), ledger::show);
    r.part(&at("/ledger/export"), ledger::export);
    r.page(&at("/ledger/open"), open::index);
    r.page(&at("/pay"), pay::ask);
    r.change(&at("/pay"), pay::begin);
    r.page(&at("/pay/{id}"), pay::show);
    r.change(&at("/pay/{id}"), pay::go_on);
    r.part(&at("/ledger/pdf"), ledger::pdf);
}

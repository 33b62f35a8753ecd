//! The retailer's side of the books.

mod bills;
mod ledger;

use crate::web::Routes;

/// The retailer's bills and ledger.
pub fn routes(r: &mut Routes) {
    let at = |rest: &str| format!("/r/{{retailer}}/{{supplier}}{rest}");
    r.page(&at("/bills"), bills::index);
    r.page(&at("/ledger"), ledger::show);
    r.part(&at("/ledger/export"), ledger::export);
    r.part(&at("/ledger/pdf"), ledger::pdf);
}

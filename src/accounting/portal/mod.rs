//! The retailer's side of the books.

mod ledger;

use crate::web::Routes;

/// The retailer's ledger.
pub fn routes(r: &mut Routes) {
    let at = |rest: &str| format!("/r/{{retailer}}/{{supplier}}{rest}");
    r.page(&at("/ledger"), ledger::show);
    r.part(&at("/ledger/export"), ledger::export);
    r.part(&at("/ledger/pdf"), ledger::pdf);
}

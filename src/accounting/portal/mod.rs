//! The retailer's side: its bills.

use super::model::Document;
use super::rules::document::Family;
use super::views::BillsPage;
use crate::kernel::dates;
use crate::platform::permissions::SeeBills;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};
use crate::web::{Allowed, Routes};

/// A retailer's bills.
pub fn routes(r: &mut Routes) {
    r.page("/r/{retailer}/{supplier}/bills", index);
}

async fn index(actor: Allowed<SeeBills>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| {
            let today = dates::today(scope.now());
            Ok((Document::list(scope, Family::Bills, &asked)?, today))
        })
        .await?;
    let view = BillsPage::new(
        actor.shell(actor.lang().t("Bills")),
        (actor.lang(), actor.pass.base()),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

//! A retailer's bills.

use crate::accounting::model::Document;
use crate::accounting::rules::document::Family;
use crate::accounting::views::BillsPage;
use crate::kernel::dates;
use crate::platform::permissions::SeeBills;
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

pub async fn index(actor: Allowed<SeeBills>, query: ListQuery) -> Answer {
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

//! The list of customers' ledgers.

use crate::accounting::model::Balance;
use crate::accounting::views::{LedgersPage, ledgers_sheet};
use crate::kernel::dates;
use crate::platform::permissions::ReadLedger;
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

pub async fn index(actor: Allowed<ReadLedger>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| {
            let today = dates::today(scope.now());
            Balance::list(scope, &asked, today)
        })
        .await?;
    let view = LedgersPage::new(
        actor.shell(actor.lang().t("Ledgers")),
        actor.lang(),
        actor.pass.base(),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadLedger>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let rows = actor
        .read(move |scope| {
            let today = dates::today(scope.now());
            Balance::export(scope, &asked, today)
        })
        .await?;
    ledgers_sheet(actor.lang(), &rows).answer(query.get("format"))
}

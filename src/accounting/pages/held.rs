//! Orders that wait for credit.

use crate::accounting::model::Held;
use crate::accounting::views::{HeldPage, held_sheet};
use crate::kernel::dates;
use crate::platform::permissions::{ReadLedger, ReadOrders, RecordPayments};
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

/// Rows of a file.
const ALL: i64 = 100_000;

pub async fn index(actor: Allowed<ReadLedger>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, today) = actor
        .read(move |scope| {
            let today = dates::today(scope.now());
            Ok((Held::list(scope, &asked, asked.size())?, today))
        })
        .await?;
    let view = HeldPage::new(
        actor.shell(actor.lang().t("Credit holds")),
        actor.lang(),
        (
            actor.pass.base(),
            actor.pass.may::<ReadOrders>(),
            actor.pass.may::<RecordPayments>(),
        ),
        (&query, today),
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadLedger>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| Held::list(scope, &asked, ALL))
        .await?;
    held_sheet(actor.lang(), &found.page.rows).answer(query.get("format"))
}

//! The documents behind the sales of a period.

use crate::kernel::dates;
use crate::platform::permissions::ReadInvoices;
use crate::reporting::model::{Sale, SalesPeriod};
use crate::reporting::views::{SalesPage, sales_sheet};
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

pub async fn index(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, period) = actor
        .read(move |scope| {
            let period = SalesPeriod::asked(&asked, dates::today(scope.now()));
            Ok((Sale::list(scope, period, &asked)?, period))
        })
        .await?;
    let view = SalesPage::new(
        actor.shell(actor.lang().t("Sales")),
        actor.lang(),
        actor.pass.base(),
        (&query, period),
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let rows = actor
        .read(move |scope| {
            let period = SalesPeriod::asked(&asked, dates::today(scope.now()));
            Sale::export(scope, period, &asked)
        })
        .await?;
    sales_sheet(actor.lang(), &rows).answer(query.get("format"))
}

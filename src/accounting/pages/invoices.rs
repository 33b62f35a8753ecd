//! The list of invoices and bills of supply.

use crate::accounting::model::Document;
use crate::accounting::rules::document::Family;
use crate::accounting::views::{InvoicesPage, invoices_sheet};
use crate::companies::model::SavedView;
use crate::companies::saved_views_of;
use crate::kernel::dates;
use crate::platform::permissions::{IssueInvoices, ReadInvoices};
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

pub async fn index(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, views) = actor
        .read(move |scope| {
            let today = dates::today(scope.now());
            let found = (Document::list(scope, Family::Bills, &asked)?, today);
            Ok((found, SavedView::of_list(scope, "invoices")?))
        })
        .await?;
    let view = InvoicesPage::new(
        actor.shell(actor.lang().t("Invoices")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<IssueInvoices>()),
        (&query, saved_views_of(&actor.pass, views)),
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| Document::export(scope, Family::Bills, &asked))
        .await?;
    invoices_sheet(actor.lang(), found).answer(query.get("format"))
}

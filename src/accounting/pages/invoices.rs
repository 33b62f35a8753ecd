//! The lists of invoices and bills of supply, of credit notes, and of debit notes.

use crate::accounting::model::Document;
use crate::accounting::rules::document::Family;
use crate::accounting::views::papers::folder;
use crate::accounting::views::{InvoicesPage, invoices_sheet, list_title};
use crate::companies::model::SavedView;
use crate::companies::saved_views_of;
use crate::kernel::dates;
use crate::platform::permissions::{IssueInvoices, ReadInvoices};
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

async fn list(actor: Allowed<ReadInvoices>, family: Family, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, views) = actor
        .read(move |scope| {
            let today = dates::today(scope.now());
            let found = (Document::list(scope, family, &asked)?, today);
            Ok((found, SavedView::of_list(scope, folder(family))?))
        })
        .await?;
    let may_issue = family == Family::Bills && actor.pass.may::<IssueInvoices>();
    let view = InvoicesPage::new(
        actor.shell(list_title(actor.lang(), family)),
        actor.lang(),
        (actor.pass.base(), family, may_issue),
        (&query, saved_views_of(&actor.pass, views)),
        found,
    );
    page::show(&actor.ctx, &view)
}

async fn file(actor: Allowed<ReadInvoices>, family: Family, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| Document::export(scope, family, &asked))
        .await?;
    invoices_sheet(actor.lang(), family, found).answer(query.get("format"))
}

pub async fn index(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    list(actor, Family::Bills, query).await
}

pub async fn export(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    file(actor, Family::Bills, query).await
}

pub async fn credit_notes(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    list(actor, Family::CreditNotes, query).await
}

pub async fn export_credit_notes(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    file(actor, Family::CreditNotes, query).await
}

pub async fn debit_notes(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    list(actor, Family::DebitNotes, query).await
}

pub async fn export_debit_notes(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    file(actor, Family::DebitNotes, query).await
}

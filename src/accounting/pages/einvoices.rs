//! Documents at the authority: the list by state, one with its calls, and sending it again.

use crate::accounting::actions::einvoices;
use crate::accounting::model::{Attempt, DocNo, Document, EInvoice, EInvoiceRow};
use crate::accounting::rules::document::Family;
use crate::accounting::views::einvoices::{EInvoicePage, EInvoicesPage};
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::{ReadInvoices, SendEInvoices};
use crate::web::forms::Nothing;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

/// Calls that a page shows.
const SHOWN: i64 = 100;

pub async fn index(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| EInvoiceRow::list(scope, &asked))
        .await?;
    let view = EInvoicesPage::new(
        actor.shell(actor.lang().t("E-invoices")),
        actor.lang(),
        actor.pass.base(),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

/// The document of an address, whichever family it is of.
fn document(scope: &mut Scope, url_no: &str) -> Result<Document, AppError> {
    for family in [Family::Bills, Family::CreditNotes, Family::DebitNotes] {
        let no = DocNo {
            family,
            url_no: url_no.to_owned(),
            year: None,
        };
        match Document::find(scope, &no) {
            Err(AppError::NotFound) => {}
            found => return found,
        }
    }
    Err(AppError::NotFound)
}

pub async fn show(actor: Allowed<ReadInvoices>, path: web::Path<(String, String)>) -> Answer {
    let number = path.into_inner().1;
    let (document, row, attempts) = actor
        .read(move |scope| {
            let document = document(scope, &number)?;
            let row = EInvoice::find(scope, document.id)?;
            let attempts = Attempt::of_document(scope, document.id, SHOWN)?;
            Ok((document, row, attempts))
        })
        .await?;
    let view = EInvoicePage::new(
        actor.shell(document.number.clone()),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<SendEInvoices>()),
        (document, row),
        attempts,
    );
    page::show(&actor.ctx, &view)
}

pub async fn send(
    actor: Allowed<SendEInvoices>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let (number, base) = (path.into_inner().1, actor.pass.base());
    let next = actor
        .once(move |scope| {
            let document = document(scope, &number)?;
            einvoices::again(scope, document.id)?;
            let said = Said::new("{number} is on its way to the authority.")
                .with("number", &document.number);
            Ok(Next::to(format!("{base}/e-invoices/{}", document.url_no)).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

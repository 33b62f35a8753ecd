//! Invoices and bills of supply: the list, and one of them.

use crate::accounting::model::{DocNo, Document, DocumentLine, EInvoice};
use crate::accounting::rules::document::Family;
use crate::accounting::rules::einvoice;
use crate::accounting::views::{DocumentPage, DocumentView, InvoicesPage, invoices_sheet};
use crate::companies::model::SavedView;
use crate::companies::saved_views_of;
use crate::kernel::dates;
use crate::kernel::language::text;
use crate::logistics::model::Shipment;
use crate::platform::permissions::{IssueInvoices, ReadInvoices};
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};
use actix_web::web;

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

pub async fn show(
    actor: Allowed<ReadInvoices>,
    path: web::Path<(String, String)>,
    query: ListQuery,
) -> Answer {
    let lang = actor.lang();
    let no = DocNo {
        family: Family::Bills,
        url_no: path.into_inner().1,
        year: query.get("year").map(str::to_owned),
    };
    let (document, view, shipment, authority) = actor
        .read(move |scope| {
            let document = Document::find(scope, &no)?;
            let lines = DocumentLine::find(scope, document.id)?;
            let open = Document::open(scope, std::slice::from_ref(&document))?;
            let open = open.get(&document.id.uuid()).copied();
            let shipment = match document.shipment_id {
                Some(shipment) => Some(Shipment::by_id(scope, shipment)?.number),
                None => None,
            };
            let authority = EInvoice::find(scope, document.id)?;
            let today = dates::today(scope.now());
            let view = DocumentView::new(lang, &document, &lines, open, today);
            Ok((document, view, shipment, authority))
        })
        .await?;
    let authority = at_the_authority(authority.status).map(|words| lang.t(words).into_owned());
    let view = DocumentPage {
        shell: actor.shell(document.number.clone()),
        base: actor.pass.base(),
        list: "/invoices",
        list_name: lang.t("Invoices").into_owned(),
        document: view,
        shipment,
        authority,
    };
    page::show(&actor.ctx, &view)
}

/// How a document stands at the authority, where it has to be there; a key of the message catalogue.
const fn at_the_authority(status: einvoice::Status) -> Option<&'static str> {
    use einvoice::Status;
    match status {
        Status::NotRequired => None,
        Status::Registered => Some(text!("Registered as an e-invoice")),
        Status::Cancelled => Some(text!("Cancelled as an e-invoice")),
        Status::FailedFix | Status::ExpiredWindow => Some(text!(
            "Not registered as an e-invoice: something has to be put right"
        )),
        Status::Pending | Status::InFlight | Status::Unknown | Status::FailedWait => {
            Some(text!("Waits to be registered as an e-invoice"))
        }
    }
}

//! The retailer's side: its bills.

use super::model::{DocNo, Document, DocumentLine};
use super::rules::document::Family;
use super::views::{BillsPage, DocumentView, PortalDocumentPage};
use crate::kernel::dates;
use crate::platform::permissions::SeeBills;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};
use crate::web::{Allowed, Routes};
use actix_web::web;

/// A retailer's bills.
pub fn routes(r: &mut Routes) {
    r.page("/r/{retailer}/{supplier}/bills", index);
    r.page("/r/{retailer}/{supplier}/bills/{no}", show);
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

async fn show(
    actor: Allowed<SeeBills>,
    path: web::Path<(String, String, String)>,
    query: ListQuery,
) -> Answer {
    let lang = actor.lang();
    let no = DocNo {
        family: Family::Bills,
        url_no: path.into_inner().2,
        year: query.get("year").map(str::to_owned),
    };
    let document = actor
        .read(move |scope| {
            let document = Document::find(scope, &no)?;
            let lines = DocumentLine::find(scope, document.id)?;
            let open = Document::open(scope, std::slice::from_ref(&document))?;
            let open = open.get(&document.id.uuid()).copied();
            let today = dates::today(scope.now());
            Ok(DocumentView::new(lang, &document, &lines, open, today))
        })
        .await?;
    let view = PortalDocumentPage {
        shell: actor.shell(document.number.clone()),
        base: actor.pass.base(),
        document,
    };
    page::show(&actor.ctx, &view)
}

//! E-way bills: asked for on the page of their document, listed, cancelled.

use crate::accounting::actions::einvoices;
use crate::accounting::forms::{CancelForm, EWayForm};
use crate::accounting::model::{Document, EInvoice, EWayBill};
use crate::accounting::views::{EWayBillsPage, EWayPage, eway_cancel_question};
use crate::error::AppError;
use crate::kernel::ids::EWayBillId;
use crate::kernel::language::Said;
use crate::platform::permissions::{ReadInvoices, SendEInvoices};
use crate::web::confirm::ConfirmPage;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

type Number = web::Path<(String, String)>;

pub async fn index(actor: Allowed<ReadInvoices>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| Ok((EWayBill::list(scope, &asked)?, scope.now())))
        .await?;
    let view = EWayBillsPage::new(
        actor.shell(actor.lang().t("E-way bills")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<SendEInvoices>()),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

/// The document of an address, if it may have a bill, and the plate that is known already.
async fn of_document(
    actor: &Allowed<SendEInvoices>,
    number: String,
) -> Result<(Document, Option<String>), AppError> {
    actor
        .read(move |scope| {
            let document = Document::by_number(scope, &number)?;
            let row = EInvoice::find(scope, document.id)?;
            let bill = EWayBill::of_document(scope, document.id)?;
            einvoices::may_have_bill(&document, &row, bill.as_ref())?;
            let plate = document.plate(scope)?;
            Ok((document, plate))
        })
        .await
}

fn form_page(actor: &Allowed<SendEInvoices>, document: Document, form: &EWayForm) -> EWayPage {
    let title = Said::new("E-way bill of {number}").with("number", &document.number);
    let shell = actor
        .shell(actor.lang().say(&title))
        .with_errors(!form.remarks.is_empty());
    EWayPage::new(shell, (actor.lang(), &actor.pass.base()), document, form)
}

pub async fn ask(actor: Allowed<SendEInvoices>, path: Number) -> Answer {
    let (document, plate) = of_document(&actor, path.into_inner().1).await?;
    let form = EWayForm {
        mode: "1".to_owned(),
        vehicle: plate.unwrap_or_default(),
        ..EWayForm::default()
    };
    page::show(&actor.ctx, &form_page(&actor, document, &form))
}

pub async fn make(actor: Allowed<SendEInvoices>, path: Number, form: Form<EWayForm>) -> Answer {
    let number = path.into_inner().1;
    let transport = match form.0.parse() {
        Ok(transport) => transport,
        Err(form) => {
            let (document, _) = of_document(&actor, number).await?;
            return page::again(&actor.ctx, &form_page(&actor, document, &form));
        }
    };
    let base = actor.pass.base();
    let next = actor
        .once(move |scope| {
            let document = Document::by_number(scope, &number)?;
            einvoices::ask_eway_bill(scope, &document, &transport)?;
            let said = Said::new("The e-way bill of {number} is being made.")
                .with("number", &document.number);
            Ok(Next::to(format!("{base}/e-invoices/{}", document.url_no)).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

/// The bill of an address.
fn id(path: &Number) -> Result<EWayBillId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

async fn to_cancel(actor: &Allowed<SendEInvoices>, id: EWayBillId) -> Result<EWayBill, AppError> {
    actor
        .read(move |scope| {
            let bill = EWayBill::find(scope, id)?;
            einvoices::may_cancel_bill(&bill, scope.now())?;
            Ok(bill)
        })
        .await
}

fn question(actor: &Allowed<SendEInvoices>, bill: &EWayBill, form: &CancelForm) -> ConfirmPage {
    let confirm = eway_cancel_question(actor.lang(), &actor.pass.base(), bill, form);
    ConfirmPage {
        shell: actor
            .shell(confirm.question.clone())
            .with_errors(!form.remarks.is_empty()),
        confirm,
    }
}

pub async fn ask_cancel(actor: Allowed<SendEInvoices>, path: Number) -> Answer {
    let bill = to_cancel(&actor, id(&path)?).await?;
    let form = CancelForm {
        code: "3".to_owned(),
        ..CancelForm::default()
    };
    page::show(&actor.ctx, &question(&actor, &bill, &form))
}

pub async fn cancel(actor: Allowed<SendEInvoices>, path: Number, form: Form<CancelForm>) -> Answer {
    let id = id(&path)?;
    let (code, remark) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => {
            let bill = to_cancel(&actor, id).await?;
            return page::again(&actor.ctx, &question(&actor, &bill, &form));
        }
    };
    let base = actor.pass.base();
    let next = actor
        .once(move |scope| {
            let bill = einvoices::cancel_eway_bill(scope, id, (code as i16, &remark))?;
            let said = Said::new("The portal is asked to cancel {number}.")
                .with("number", bill.number.unwrap_or_default());
            Ok(Next::to(format!("{base}/e-way-bills")).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

//! E-way bills: asked for on the page of their document, listed, cancelled.

use super::einvoices::{Named, back};
use crate::accounting::actions::einvoices::{self, Goods};
use crate::accounting::forms::{CancelForm, EWayForm, Road};
use crate::accounting::model::{Document, EWayBill};
use crate::accounting::rules::eway_bill::Status;
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

/// The document of an address, if it may have a bill, and what of its goods is known.
async fn of_document(
    actor: &Allowed<SendEInvoices>,
    named: Named,
) -> Result<(Document, Goods), AppError> {
    actor
        .read(move |scope| {
            let document = named.find(scope)?;
            let goods = einvoices::goods_of(scope, &document, false)?;
            einvoices::may_have_bill(&document, &goods)?;
            Ok((document, goods))
        })
        .await
}

fn form_page(
    actor: &Allowed<SendEInvoices>,
    (document, goods): (Document, Goods),
    form: &EWayForm,
) -> Result<EWayPage, AppError> {
    let title = Said::new("E-way bill of {number}").with("number", &document.number);
    let shell = actor
        .shell(actor.lang().say(&title))
        .with_errors(!form.remarks.is_empty());
    EWayPage::new(
        shell,
        (actor.lang(), &actor.pass.base()),
        (document, goods),
        form,
    )
}

pub async fn ask(actor: Allowed<SendEInvoices>, path: Number, query: ListQuery) -> Answer {
    let (document, goods) = of_document(&actor, Named::new(path, &query)).await?;
    let before = goods
        .bill
        .as_ref()
        .filter(|bill| bill.status == Status::Refused);
    let form = match before {
        Some(bill) => EWayForm::again(bill),
        None => EWayForm {
            mode: "1".to_owned(),
            vehicle: goods.plate.clone().unwrap_or_default(),
            ..EWayForm::default()
        },
    };
    page::show(&actor.ctx, &form_page(&actor, (document, goods), &form)?)
}

pub async fn make(
    actor: Allowed<SendEInvoices>,
    path: Number,
    query: ListQuery,
    form: Form<EWayForm>,
) -> Answer {
    let named = Named::new(path, &query);
    let asked = named.clone();
    let road = actor
        .read(move |scope| {
            let document = asked.find(scope)?;
            let (from, to) = einvoices::road(&document)?;
            Ok(Road {
                is_within: from.pincode == to.pincode,
                date: document.document_date,
            })
        })
        .await?;
    let transport = match form.0.parse(road) {
        Ok(transport) => transport,
        Err(form) => {
            let found = of_document(&actor, named).await?;
            return page::again(&actor.ctx, &form_page(&actor, found, &form)?);
        }
    };
    let base = actor.pass.base();
    let next = actor
        .once(move |scope| {
            let document = named.find(scope)?;
            einvoices::ask_eway_bill(scope, &document, &transport)?;
            let said = Said::new("The e-way bill of {number} is being made.");
            Ok(back(&base, &document, said))
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
            let document = Document::by_id(scope, bill.document_id)?;
            let said = Said::new("The portal is asked to cancel {number}.")
                .with("number", bill.number.unwrap_or_default());
            let to = format!(
                "{base}/e-invoices/{}?year={}",
                document.url_no, document.year
            );
            Ok(Next::to(to).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

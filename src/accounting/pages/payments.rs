//! Payments: the list, and one of them.

use crate::accounting::model::{Allocated, DeductionRow, PaymentRow};
use crate::accounting::views::{
    MOST_SET, PaymentFound, PaymentPage, PaymentRights, PaymentsPage, payments_sheet,
};
use crate::companies::model::SavedView;
use crate::companies::saved_views_of;
use crate::kernel::dates;
use crate::platform::permissions::{AllocatePayments, ReadPayments, RecordPayments};
use crate::web::Allowed;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};
use actix_web::web;

/// Company and number of an address.
pub type Number = web::Path<(String, String)>;

pub async fn index(actor: Allowed<ReadPayments>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, views) = actor
        .read(move |scope| {
            let found = PaymentRow::list(scope, &asked)?;
            let found = (found, dates::today(scope.now()));
            Ok((found, SavedView::of_list(scope, "payments")?))
        })
        .await?;
    let view = PaymentsPage::new(
        actor.shell(actor.lang().t("Payments")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<RecordPayments>()),
        (&query, saved_views_of(&actor.pass, views)),
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadPayments>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let rows = actor
        .read(move |scope| PaymentRow::export(scope, &asked))
        .await?;
    payments_sheet(actor.lang(), rows).answer(query.get("format"))
}

pub async fn show(actor: Allowed<ReadPayments>, path: Number) -> Answer {
    let number = path.into_inner().1;
    let found = actor
        .read(move |scope| {
            let row = PaymentRow::by_number(scope, &number)?;
            Ok(PaymentFound {
                set: Allocated::of(scope, row.payment.id.uuid().into(), MOST_SET)?,
                refunds: PaymentRow::refunds_of(scope, row.payment.id)?,
                deduction: DeductionRow::of_payment(scope, row.payment.id)?,
                row,
            })
        })
        .await?;
    let rights = PaymentRights {
        allocate: actor.pass.may::<AllocatePayments>(),
        record: actor.pass.may::<RecordPayments>(),
    };
    let view = PaymentPage::new(
        actor.shell(found.row.payment.number.clone().unwrap_or_default()),
        actor.lang(),
        actor.pass.base(),
        found,
        rights,
    );
    page::show(&actor.ctx, &view)
}

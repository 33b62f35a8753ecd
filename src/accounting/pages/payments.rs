//! Payments: the list, one of them, a new one.

use crate::accounting::actions::payments::{self as actions, Receipt};
use crate::accounting::forms::PaymentForm;
use crate::accounting::model::{Allocated, Payer, PaymentRow};
use crate::accounting::views::{
    Ground, MOST_BILLS, MOST_SET, NewPaymentPage, PaymentFound, PaymentPage, PaymentRights,
    PaymentsPage, WhosePage, payments_sheet,
};
use crate::companies::model::SavedView;
use crate::companies::saved_views_of;
use crate::customers::model::Customer;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::Said;
use crate::ledger::model::{Account, OpenBill};
use crate::platform::db::Scope;
use crate::platform::permissions::{AllocatePayments, ReadPayments, RecordPayments};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
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
                row,
            })
        })
        .await?;
    let rights = PaymentRights {
        allocate: actor.pass.may::<AllocatePayments>(),
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

fn ground(scope: &mut Scope, code: &str) -> Result<Ground, AppError> {
    let customer = Customer::by_code(scope, code)?;
    Ok(Ground {
        account: Account::find(scope, customer.id)?,
        bills: OpenBill::of(scope, customer.id, MOST_BILLS)?,
        today: dates::today(scope.now()),
        customer,
    })
}

async fn form_page(
    actor: &Allowed<RecordPayments>,
    code: &str,
    (form, amount): (Option<&PaymentForm>, Option<&str>),
) -> Result<NewPaymentPage, AppError> {
    let asked = code.to_uppercase();
    let found = actor.read(move |scope| ground(scope, &asked)).await?;
    let mut blank = NewPaymentPage::blank(found.today);
    blank.amount = amount.unwrap_or_default().to_owned();
    let form = form.unwrap_or(&blank);
    let has_errors = !(form.remarks.is_empty() && form.parts.is_sound());
    let shell = actor.shell(actor.lang().t("Record a payment"));
    Ok(NewPaymentPage::new(
        shell.with_errors(has_errors),
        actor.lang(),
        actor.pass.base(),
        found,
        form,
    ))
}

pub async fn new(actor: Allowed<RecordPayments>, query: ListQuery) -> Answer {
    if let Some(code) = query.get("customer") {
        return page::show(
            &actor.ctx,
            &form_page(&actor, code, (None, query.get("amount"))).await?,
        );
    }
    let words = query.search().unwrap_or_default().to_owned();
    let asked = words.clone();
    let found = actor
        .read(move |scope| {
            if asked.is_empty() {
                return Ok(Vec::new());
            }
            Payer::find(scope, &asked)
        })
        .await?;
    let view = WhosePage::new(
        actor.shell(actor.lang().t("Record a payment")),
        actor.lang(),
        actor.pass.base(),
        &words,
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn create(actor: Allowed<RecordPayments>, form: Form<Vec<(String, String)>>) -> Answer {
    let form = PaymentForm::read(form.0);
    let code = form.customer.to_uppercase();
    let asked = code.clone();
    let (customer, now) = actor
        .read(move |scope| Ok((Customer::by_code(scope, &asked)?, scope.now())))
        .await?;
    let (typed, mut form) = match form.parse(dates::today(now))? {
        Ok(parsed) => parsed,
        Err(form) => {
            return page::again(
                &actor.ctx,
                &form_page(&actor, &code, (Some(&form), None)).await?,
            );
        }
    };
    let receipt = Receipt {
        customer: customer.id,
        method: typed.method,
        amount: typed.amount,
        paid_on: typed.paid_on,
        reference: typed.reference,
        bank: typed.bank,
        cheque_date: typed.cheque_date,
        note: typed.note,
        how: typed.how,
    };
    let (who, base) = (actor.pass.person.name.clone(), actor.pass.base());
    let done = actor
        .once_unless(move |scope| {
            let paid = match actions::record(scope, &who, &receipt)? {
                Ok(paid) => paid,
                Err(over) => return Ok(Err(over)),
            };
            let said = if paid.freed == 0 {
                Said::new("{number} is written down: {amount} from {name}.")
            } else {
                Said::new("{number} is written down: {amount} from {name}. {count} orders go on.")
                    .with("count", paid.freed)
            };
            let said = said
                .with("number", paid.number.as_str())
                .with("amount", receipt.amount)
                .with("name", customer.name);
            Ok(Ok(
                Next::to(format!("{base}/payments/{}", paid.number)).saying(said)
            ))
        })
        .await?;
    match done {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(over) => {
            if let Some(said) = form.parts.note(over) {
                form.remarks.add("how", said);
            }
            page::again(
                &actor.ctx,
                &form_page(&actor, &code, (Some(&form), None)).await?,
            )
        }
    }
}

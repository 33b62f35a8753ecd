//! What a payment is set against: by hand, oldest first, and taken off again.

use super::payments::Number;
use crate::accounting::actions::payments as actions;
use crate::accounting::forms::{SetForm, TakeOffForm};
use crate::accounting::model::PaymentRow;
use crate::accounting::views::{AllocatePage, MOST_BILLS};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::AllocationId;
use crate::kernel::language::Said;
use crate::ledger::model::OpenBill;
use crate::platform::permissions::AllocatePayments;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

async fn form_page(
    actor: &Allowed<AllocatePayments>,
    number: String,
    form: &SetForm,
) -> Result<AllocatePage, AppError> {
    let found = actor
        .read(move |scope| {
            let row = PaymentRow::by_number(scope, &number)?;
            let open = OpenBill::of(scope, row.payment.customer_id, MOST_BILLS)?;
            Ok((row, open, dates::today(scope.now())))
        })
        .await?;
    let title = Said::new("Set {number} against bills")
        .with("number", found.0.payment.number.clone().unwrap_or_default());
    let has_errors = !(form.remarks.is_empty() && form.parts.is_sound());
    Ok(AllocatePage::new(
        actor
            .shell(actor.lang().say(&title))
            .with_errors(has_errors),
        actor.lang(),
        actor.pass.base(),
        found,
        form,
    ))
}

pub async fn show(actor: Allowed<AllocatePayments>, path: Number) -> Answer {
    let view = form_page(&actor, path.into_inner().1, &SetForm::default()).await?;
    page::show(&actor.ctx, &view)
}

pub async fn set(
    actor: Allowed<AllocatePayments>,
    path: Number,
    form: Form<Vec<(String, String)>>,
) -> Answer {
    let number = path.into_inner().1;
    let (how, mut form) = match SetForm::read(form.0).parse()? {
        Ok(parsed) => parsed,
        Err(form) => {
            return page::again(&actor.ctx, &form_page(&actor, number, &form).await?);
        }
    };
    let (who, asked) = (actor.pass.person.name.clone(), number.clone());
    let to = format!("{}/payments/{number}", actor.pass.base());
    let done = actor
        .once_unless(move |scope| {
            let left = match actions::set(scope, &who, &asked, &how)? {
                Ok(left) => left,
                Err(over) => return Ok(Err(over)),
            };
            let said = if left.is_zero() {
                Said::new("{number} is used up.")
            } else {
                Said::new("{number} is set against bills; {left} are left.").with("left", left)
            };
            Ok(Ok(Next::to(to).saying(said.with("number", asked))))
        })
        .await?;
    match done {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(over) => {
            if let Some(said) = form.parts.note(over) {
                form.remarks.add("parts", said);
            }
            page::again(&actor.ctx, &form_page(&actor, number, &form).await?)
        }
    }
}

pub async fn take_off(
    actor: Allowed<AllocatePayments>,
    path: Number,
    form: Form<TakeOffForm>,
) -> Answer {
    let number = path.into_inner().1;
    let one = match form.0.allocation.trim() {
        "" => None,
        id => Some(id.parse::<AllocationId>().map_err(|_| AppError::NotFound)?),
    };
    let who = actor.pass.person.name.clone();
    let to = format!("{}/payments/{number}", actor.pass.base());
    let next = actor
        .once(move |scope| {
            let taken = actions::take_off(scope, &who, &number, one)?;
            let said = Said::new("{number} is taken off {count} bills.")
                .with("number", number)
                .with("count", taken);
            Ok(Next::to(to).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

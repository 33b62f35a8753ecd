//! What ends: a cheque that the bank returned, money that goes back, and what nobody will pay any more.

use super::payments::Number;
use crate::accounting::actions::{gateway, payments as actions};
use crate::accounting::forms::{Back, BounceForm, RefundForm, WriteOffForm};
use crate::accounting::model::PaymentRow;
use crate::accounting::rules::payment::Method;
use crate::accounting::rules::receipt::{self, Facts};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::EntryId;
use crate::kernel::language::{Lang, Said};
use crate::ledger::actions::WriteOff as Loss;
use crate::ledger::model::OpenBill;
use crate::ledger::rules;
use crate::platform::permissions::{AllocatePayments, Company, Permission, WriteOff};
use crate::web::components::{Choice, Confirm, Field};
use crate::web::confirm::ConfirmPage;
use crate::web::forms::new_key;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;
use chrono::NaiveDate;

async fn look(
    actor: &Allowed<AllocatePayments>,
    number: String,
) -> Result<(PaymentRow, NaiveDate, NaiveDate), AppError> {
    let (row, now) = actor
        .read(move |scope| Ok((PaymentRow::by_number(scope, &number)?, scope.now())))
        .await?;
    let paid_on = row.payment.paid_on.ok_or(AppError::NotFound)?;
    Ok((row, paid_on, dates::today(now)))
}

fn facts(row: &PaymentRow, paid_on: NaiveDate) -> Facts<'_> {
    Facts {
        number: row.payment.number.as_deref().unwrap_or_default(),
        direction: row.payment.direction,
        method: row.payment.method,
        status: row.payment.status,
        paid_on,
    }
}

fn question<P>(actor: &Allowed<P>, confirm: Confirm, has_errors: bool) -> ConfirmPage
where
    P: Permission<Door = Company>,
{
    ConfirmPage {
        shell: actor
            .shell(confirm.question.clone())
            .with_errors(has_errors),
        confirm,
    }
}

fn bounce_question(lang: Lang, base: &str, row: &PaymentRow, form: &BounceForm) -> Confirm {
    let number = row.payment.number.clone().unwrap_or_default();
    let path = format!("{base}/payments/{number}");
    Confirm {
        question: lang.say(&Said::new("Was the cheque of {number} returned?").with("number", &number)),
        effect: lang.say(
            &Said::new("From that day on {name} owes {amount} again, and the bills that it paid are open as before. This can't be undone.")
                .with("name", &row.customer)
                .with("amount", row.payment.amount),
        ),
        action: format!("{path}/bounce"),
        verb: lang.t("Cheque was returned").into_owned(),
        back: path,
        keep: lang.t("Back to the payment").into_owned(),
        key: new_key(),
        fields: vec![
            Field::new("date", "bounced_on", lang.t("Returned on"))
                .value(&form.bounced_on)
                .remarks(&form.remarks, lang),
            Field::text("reason", lang.t("Reason"))
                .value(&form.reason)
                .hint(lang.t("As the bank gave it."))
                .autocomplete("off")
                .remarks(&form.remarks, lang),
        ],
    }
}

pub async fn ask_bounce(actor: Allowed<AllocatePayments>, path: Number) -> Answer {
    let (row, paid_on, today) = look(&actor, path.into_inner().1).await?;
    receipt::may_bounce(&facts(&row, paid_on)).map_err(AppError::refused)?;
    let form = BounceForm {
        bounced_on: today.to_string(),
        ..BounceForm::default()
    };
    let confirm = bounce_question(actor.lang(), &actor.pass.base(), &row, &form);
    page::show(&actor.ctx, &question(&actor, confirm, false))
}

pub async fn bounce(
    actor: Allowed<AllocatePayments>,
    path: Number,
    form: Form<BounceForm>,
) -> Answer {
    let number = path.into_inner().1;
    let (row, paid_on, today) = look(&actor, number.clone()).await?;
    let (on, reason) = match form.0.parse(paid_on, today) {
        Ok(parsed) => parsed,
        Err(form) => {
            let confirm = bounce_question(actor.lang(), &actor.pass.base(), &row, &form);
            return page::again(&actor.ctx, &question(&actor, confirm, true));
        }
    };
    let who = actor.pass.person.name.clone();
    let to = format!("{}/payments/{number}", actor.pass.base());
    let next = actor
        .once(move |scope| {
            let payment = actions::bounce(scope, &who, &number, (on, &reason))?;
            let said = Said::new("The cheque of {number} was returned; {amount} are owed again.")
                .with("number", number)
                .with("amount", payment.amount);
            Ok(Next::to(to).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

fn refund_question(lang: Lang, base: &str, row: &PaymentRow, form: &RefundForm) -> Confirm {
    let number = row.payment.number.clone().unwrap_or_default();
    let path = format!("{base}/payments/{number}");
    let by_hand = [Method::Cash, Method::Upi, Method::Neft];
    let ways: Vec<Method> = match row.payment.method {
        Method::Tds => vec![Method::Tds],
        Method::Gateway => [Method::Gateway].into_iter().chain(by_hand).collect(),
        _ => by_hand.to_vec(),
    };
    let ways = ways
        .into_iter()
        .map(|method| Choice::new(method.as_str(), lang.t(method.label()), &form.method));
    let question = if row.payment.method == Method::Tds {
        Said::new("Take back the tax deduction {number}?")
    } else {
        Said::new("Give back money of {number}?")
    };
    Confirm {
        question: lang.say(&question.with("number", &number)),
        effect: lang.say(
            &Said::new(
                "{open} of it are left. What is set against bills has to be taken off first.",
            )
            .with("open", row.open),
        ),
        action: format!("{path}/refund"),
        verb: if row.payment.method == Method::Tds {
            lang.t("Take back").into_owned()
        } else {
            lang.t("Give back").into_owned()
        },
        back: path,
        keep: lang.t("Back to the payment").into_owned(),
        key: new_key(),
        fields: vec![
            Field::text("amount", lang.t("Amount"))
                .value(&form.amount)
                .inputmode("decimal")
                .autocomplete("off")
                .remarks(&form.remarks, lang),
            Field::new("select", "method", lang.t("How"))
                .choices(ways.collect())
                .remarks(&form.remarks, lang),
            Field::new("date", "paid_on", lang.t("Date"))
                .value(&form.paid_on)
                .remarks(&form.remarks, lang),
            Field::text("reference", lang.t("Reference"))
                .value(&form.reference)
                .optional()
                .autocomplete("off")
                .remarks(&form.remarks, lang),
            Field::text("note", lang.t("Note"))
                .value(&form.note)
                .optional()
                .autocomplete("off")
                .remarks(&form.remarks, lang),
        ],
    }
}

pub async fn ask_refund(actor: Allowed<AllocatePayments>, path: Number) -> Answer {
    let (row, paid_on, today) = look(&actor, path.into_inner().1).await?;
    receipt::may_refund(&facts(&row, paid_on), row.open, row.open).map_err(AppError::refused)?;
    let form = RefundForm {
        amount: row.open.as_decimal().to_string(),
        method: row.payment.method.as_str().to_owned(),
        paid_on: today.to_string(),
        ..RefundForm::default()
    };
    let confirm = refund_question(actor.lang(), &actor.pass.base(), &row, &form);
    page::show(&actor.ctx, &question(&actor, confirm, false))
}

pub async fn refund(
    actor: Allowed<AllocatePayments>,
    path: Number,
    form: Form<RefundForm>,
) -> Answer {
    let number = path.into_inner().1;
    let (row, paid_on, today) = look(&actor, number.clone()).await?;
    receipt::may_refund(&facts(&row, paid_on), row.open, row.open).map_err(AppError::refused)?;
    let parsed = form
        .0
        .parse((row.open, row.payment.method), (paid_on, today));
    let wanted = match parsed {
        Ok(wanted) => wanted,
        Err(form) => {
            let confirm = refund_question(actor.lang(), &actor.pass.base(), &row, &form);
            return page::again(&actor.ctx, &question(&actor, confirm, true));
        }
    };
    let (who, base) = (actor.pass.person.name.clone(), actor.pass.base());
    let next = actor
        .once(move |scope| {
            let wanted = match wanted {
                Back::ByHand(wanted) => wanted,
                Back::OverGateway(amount, note) => {
                    gateway::begin_refund(scope, &who, &number, (amount, note.as_deref()))?;
                    let said = Said::new(
                        "The payment gateway was asked to give back {amount} of {number}.",
                    )
                    .with("amount", amount)
                    .with("number", number.as_str());
                    return Ok(Next::to(format!("{base}/payments/{number}")).saying(said));
                }
            };
            let refund = actions::refund(scope, &who, &number, &wanted)?;
            let said = Said::new("{refund}: {amount} of {number} were given back.")
                .with("refund", refund.as_str())
                .with("amount", wanted.amount)
                .with("number", number.as_str());
            Ok(Next::to(format!("{base}/payments/{number}")).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

fn loss_question(
    lang: Lang,
    base: &str,
    (bill, code, name): (&OpenBill, &str, &str),
    form: &WriteOffForm,
) -> Confirm {
    let label = lang.t(bill.kind.label());
    let number = bill.number.clone().unwrap_or_default();
    Confirm {
        question: lang.say(
            &Said::new("Write off what {name} owes?").with("name", name),
        ),
        effect: lang.say(
            &Said::new("{open} of {bill} are open. What is written off is owed no more, from today on. This can't be undone.")
                .with("open", bill.open)
                .with("bill", format!("{label} {number}").trim_end().to_owned()),
        ),
        action: format!("{base}/receivables/{}/write-off", bill.id),
        verb: lang.t("Write off").into_owned(),
        back: format!("{base}/ledger/{code}"),
        keep: lang.t("Back to the ledger").into_owned(),
        key: new_key(),
        fields: vec![
            Field::text("amount", lang.t("Amount"))
                .value(&form.amount)
                .inputmode("decimal")
                .autocomplete("off")
                .remarks(&form.remarks, lang),
            Field::text("reason", lang.t("Reason"))
                .value(&form.reason)
                .autocomplete("off")
                .remarks(&form.remarks, lang),
        ],
    }
}

type Entry = web::Path<(String, String)>;

struct Owed {
    bill: OpenBill,
    customer: crate::customers::model::Customer,
}

async fn owed(actor: &Allowed<WriteOff>, id: &str) -> Result<Owed, AppError> {
    let id: EntryId = id.parse().map_err(|_| AppError::NotFound)?;
    let (bill, customer) = actor
        .read(move |scope| {
            let (bill, customer) = OpenBill::find(scope, id)?;
            let customer = crate::customers::model::Customer::find(scope, customer)?;
            Ok((bill, customer))
        })
        .await?;
    rules::may_write_off(bill.open, bill.open).map_err(AppError::refused)?;
    Ok(Owed { bill, customer })
}

pub async fn ask_write_off(actor: Allowed<WriteOff>, path: Entry) -> Answer {
    let Owed { bill, customer } = owed(&actor, &path.into_inner().1).await?;
    let form = WriteOffForm {
        amount: bill.open.as_decimal().to_string(),
        ..WriteOffForm::default()
    };
    let its = (&bill, customer.code.as_str(), customer.name.as_str());
    let confirm = loss_question(actor.lang(), &actor.pass.base(), its, &form);
    page::show(&actor.ctx, &question(&actor, confirm, false))
}

pub async fn write_off(actor: Allowed<WriteOff>, path: Entry, form: Form<WriteOffForm>) -> Answer {
    let Owed { bill, customer } = owed(&actor, &path.into_inner().1).await?;
    let (amount, reason) = match form.0.parse(bill.open) {
        Ok(parsed) => parsed,
        Err(form) => {
            let its = (&bill, customer.code.as_str(), customer.name.as_str());
            let confirm = loss_question(actor.lang(), &actor.pass.base(), its, &form);
            return page::again(&actor.ctx, &question(&actor, confirm, true));
        }
    };
    let loss = Loss {
        customer: customer.id,
        debit: bill.id,
        amount,
        reason,
    };
    let who = actor.pass.person.name.clone();
    let to = format!("{}/ledger/{}", actor.pass.base(), customer.code);
    let next = actor
        .once(move |scope| {
            actions::write_off(scope, &who, &loss)?;
            let said = Said::new("{amount} of {name} are written off.")
                .with("amount", loss.amount)
                .with("name", customer.name);
            Ok(Next::to(to).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

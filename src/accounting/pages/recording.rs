//! A new payment, and the tax that the customer deducted from it.

use crate::accounting::actions::payments::{self as actions, How, Receipt, Unfit, Withheld};
use crate::accounting::forms::{PaymentForm, Reckoning};
use crate::accounting::model::{Payer, values_of};
use crate::accounting::rules::withheld::{Valued, value_of_net, without_gst};
use crate::accounting::views::{Ground, MOST_BILLS, NewPaymentPage, WhosePage};
use crate::customers::model::Customer;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::EntryId;
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::kernel::percent::Percent;
use crate::ledger::model::{Account, OpenBill};
use crate::platform::db::Scope;
use crate::platform::permissions::RecordPayments;
use crate::tax::withholding::model::InForce;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use std::collections::HashMap;

/// What the form stands on, with the rules of tax at source of the day that it names.
fn ground(scope: &mut Scope, code: &str, form: Option<&PaymentForm>) -> Result<Ground, AppError> {
    let customer = Customer::by_code(scope, code)?;
    let today = dates::today(scope.now());
    let day = form.map_or(today, |form| form.day_or(today));
    Ok(Ground {
        account: Account::find(scope, customer.id)?,
        bills: OpenBill::of(scope, customer.id, MOST_BILLS)?,
        rules: InForce::on(scope, customer.id, day)?,
        today,
        customer,
    })
}

fn view(actor: &Allowed<RecordPayments>, found: Ground, form: &PaymentForm) -> NewPaymentPage {
    let has_errors = !(form.remarks.is_empty() && form.parts.is_sound());
    let shell = actor.shell(actor.lang().t("Record a payment"));
    NewPaymentPage::new(
        shell.with_errors(has_errors),
        actor.lang(),
        actor.pass.base(),
        found,
        form,
    )
}

async fn form_page(
    actor: &Allowed<RecordPayments>,
    code: &str,
    (form, amount): (Option<&PaymentForm>, Option<&str>),
) -> Result<NewPaymentPage, AppError> {
    let (asked, typed) = (code.to_uppercase(), form.cloned());
    let found = actor
        .read(move |scope| ground(scope, &asked, typed.as_ref()))
        .await?;
    let mut blank = NewPaymentPage::blank(found.today);
    blank.amount = amount.unwrap_or_default().to_owned();
    Ok(view(actor, found, form.unwrap_or(&blank)))
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

/// The value without GST of what is paid, as far as the open bills say it.
fn value_of(
    reckoning: &Reckoning,
    rate: Percent,
    (bills, values): (&[OpenBill], &HashMap<EntryId, (Money, Money)>),
) -> Money {
    let taxable = |id: EntryId, amount: Money| {
        let known = values.get(&id);
        known.map_or(amount, |whole| without_gst(amount, *whole))
    };
    let net = reckoning.net.unwrap_or_default();
    match &reckoning.how {
        // A tax alone is that of whole bills: what they are settled with otherwise came before.
        How::ByHand(parts) if reckoning.net.is_none() => {
            let whole = |(id, amount): &(EntryId, Money)| {
                values.get(id).map_or(*amount, |(_, taxable)| *taxable)
            };
            parts.iter().map(whole).sum()
        }
        How::ByHand(parts) => parts.iter().map(|(id, amount)| taxable(*id, *amount)).sum(),
        How::OldestFirst => {
            let valued = |bill: &OpenBill| Valued {
                open: bill.open,
                taxable: taxable(bill.id, bill.open),
            };
            let bills: Vec<Valued> = bills.iter().map(valued).collect();
            value_of_net(rate, &bills, net)
        }
        How::OnAccount => value_of_net(rate, &[], net),
    }
}

/// The form again with the tax that the rule of its day comes to; nothing is written.
async fn reckoned(actor: Allowed<RecordPayments>, form: PaymentForm) -> Answer {
    let code = form.customer.to_uppercase();
    let typed = form.clone();
    let (found, values) = actor
        .read(move |scope| {
            let found = ground(scope, &typed.customer.to_uppercase(), Some(&typed))?;
            let ids: Vec<EntryId> = found.bills.iter().map(|bill| bill.id).collect();
            Ok((found, values_of(scope, &ids)?))
        })
        .await?;
    let (reckoning, mut form) = match form.reckoning(found.today)? {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &view(&actor, found, &form)),
    };
    let rule = found.rules.iter().find(|rule| rule.key() == reckoning.rule);
    let Some(rule) = rule else {
        form.remarks
            .add("section", actions::not_in_force(reckoning.paid_on));
        return page::again(
            &actor.ctx,
            &form_page(&actor, &code, (Some(&form), None)).await?,
        );
    };
    let value = value_of(&reckoning, rule.rate, (found.bills.as_slice(), &values));
    form.deducted = rule.rate.of(value).as_decimal().to_string();
    let said = Said::new("{rate} of {value} without GST")
        .with("rate", rule.rate.to_string())
        .with("value", value);
    form.worked = Some(said);
    page::show(&actor.ctx, &view(&actor, found, &form))
}

/// Writes down what came, and says so.
fn recorded(
    scope: &mut Scope,
    (who, base, name): (&str, &str, &str),
    receipt: &Receipt,
    withheld: Option<&Withheld>,
) -> Result<Result<Next, Unfit>, AppError> {
    let (number, said) = match withheld {
        None => match actions::record(scope, who, receipt)? {
            Err(over) => return Ok(Err(Unfit::Bills(over))),
            Ok(paid) => {
                let said = if paid.freed == 0 {
                    Said::new("{number} is written down: {amount} from {name}.")
                } else {
                    Said::new(
                        "{number} is written down: {amount} from {name}. {count} orders go on.",
                    )
                    .with("count", paid.freed)
                };
                (paid.number, said)
            }
        },
        Some(withheld) => match actions::record_withheld(scope, who, receipt, withheld)? {
            Err(unfit) => return Ok(Err(unfit)),
            Ok(paid) => {
                let said = match paid.doubt {
                    None => Said::new("{number} is written down: {amount} from {name}. Tax of {deducted} under section {section} is {tax}."),
                    Some(taxable) => Said::new("{number} is written down: {amount} from {name}. Tax of {deducted} under section {section} is {tax}. Look at it again: it is more than {rate} of {taxable}.")
                        .with("rate", paid.rule.rate.to_string())
                        .with("taxable", taxable),
                };
                let said = said
                    .with("deducted", withheld.amount)
                    .with("section", paid.rule.section)
                    .with("tax", paid.tax);
                (paid.number, said)
            }
        },
    };
    let said = said
        .with("number", number.as_str())
        .with("amount", receipt.amount)
        .with("name", name);
    Ok(Ok(
        Next::to(format!("{base}/payments/{number}")).saying(said)
    ))
}

pub async fn create(actor: Allowed<RecordPayments>, form: Form<Vec<(String, String)>>) -> Answer {
    let form = PaymentForm::read(form.0);
    if form.is_reckoning() {
        return reckoned(actor, form).await;
    }
    let code = form.customer.to_uppercase();
    let today = dates::today(actor.state().db.clock().now());
    let (typed, mut form) = match form.parse(today)? {
        Ok(parsed) => parsed,
        Err(form) => {
            return page::again(
                &actor.ctx,
                &form_page(&actor, &code, (Some(&form), None)).await?,
            );
        }
    };
    let (who, base) = (actor.pass.person.name.clone(), actor.pass.base());
    let asked = code.clone();
    let done = actor
        .once_unless(move |scope| {
            let customer = Customer::by_code(scope, &asked)?;
            let (receipt, withheld) = typed.receipt(customer.id);
            let words = (who.as_str(), base.as_str(), customer.name.as_str());
            recorded(scope, words, &receipt, withheld.as_ref())
        })
        .await?;
    let unfit = match done {
        Ok(next) => return Ok(page::go(&actor.ctx, next)),
        Err(unfit) => unfit,
    };
    match unfit {
        Unfit::Bills(over) => {
            if let Some(said) = form.parts.note(over) {
                form.remarks.add("how", said);
            }
        }
        Unfit::Field(field, said) => form.remarks.add(field, said),
    }
    page::again(
        &actor.ctx,
        &form_page(&actor, &code, (Some(&form), None)).await?,
    )
}

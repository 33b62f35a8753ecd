//! Tax that a customer deducted from what it paid: it settles bills as money does, and is followed until the certificate is here.

use super::{How, Receipt, entry_of, insert_receipt, receipt_posting};
use crate::accounting::actions::settings::{Saved, is_same};
use crate::accounting::model::{Deduction, DeductionRow};
use crate::accounting::rules::payment::Method;
use crate::accounting::rules::withheld::is_doubtful;
use crate::error::AppError;
use crate::kernel::ids::{CustomerId, EntryId, PaymentId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::ledger::actions::{Over, allocate_oldest_first, post, set_together};
use crate::ledger::rules::Cause;
use crate::orders::actions::recheck_at_once;
use crate::platform::db::schema::tax_deductions;
use crate::platform::db::{Scope, prepared};
use crate::tax::withholding::model::InForce;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};

/// Tax that a customer deducted.
#[derive(Clone, Debug)]
pub struct Withheld {
    /// How much.
    pub amount: Money,
    /// Under which rule, as a form names it.
    pub rule: String,
}

/// Why a receipt was not written down.
#[derive(Clone, Debug)]
pub enum Unfit {
    /// What was chosen of bills does not fit.
    Bills(Vec<Over>),
    /// A field of the form, and why.
    Field(&'static str, Said),
}

/// Money that was written down, and the tax that was deducted from it.
#[derive(Clone, Debug)]
pub struct PaidLess {
    /// Number of the money; of the tax where no money came.
    pub number: String,
    /// Number of the tax.
    pub tax: String,
    /// The rule of the day.
    pub rule: InForce,
    /// The value without GST, where the tax is more than the rule's rate of it.
    pub doubt: Option<Money>,
    /// How many orders it let go on.
    pub freed: usize,
}

/// Writes down money that came and the tax that the customer deducted from it; the tax alone where the receipt's method says so. Both are
/// payments of their own, so ledger, ages and statements know of nothing new. When something does not fit, nothing is written.
///
/// # Errors
/// `NotFound` for what was chosen and is no debit of this customer's; whatever the database refuses.
pub fn record_withheld(
    scope: &mut Scope,
    who: &str,
    receipt: &Receipt,
    withheld: &Withheld,
) -> Result<Result<PaidLess, Unfit>, AppError> {
    let rules = InForce::on(scope, receipt.customer, receipt.paid_on)?;
    let Some(rule) = rules.into_iter().find(|rule| rule.key() == withheld.rule) else {
        let said = not_in_force(receipt.paid_on);
        return Ok(Err(Unfit::Field("section", said)));
    };
    // The tax comes first, so that the money is the customer's latest payment.
    let tax = PaymentId::new();
    let money = (receipt.method != Method::Tds).then(PaymentId::new);
    let mut postings = vec![receipt_posting(tax, receipt.paid_on, withheld.amount)];
    postings.extend(money.map(|id| receipt_posting(id, receipt.paid_on, receipt.amount)));
    post(scope, receipt.customer, who, &postings, Money::ZERO)?;
    let its = (entry_of(tax), withheld.amount);
    if let Err(unfit) = settle_both(scope, who, receipt, (its, money.map(entry_of)))? {
        return Ok(Err(unfit));
    }
    let freed = recheck_at_once(scope, receipt.customer)?;
    let deducted = Receipt {
        method: Method::Tds,
        amount: withheld.amount,
        reference: Some(rule.section.clone()),
        bank: None,
        cheque_date: None,
        note: receipt.note.clone().filter(|_| money.is_none()),
        ..receipt.clone()
    };
    let tax_number = insert_receipt(scope, who, tax, &deducted)?;
    let number = match money {
        Some(id) => insert_receipt(scope, who, id, receipt)?,
        None => tax_number.clone(),
    };
    let taxable = insert_deduction(scope, &deducted, (tax, money), &rule)?;
    let doubt = is_doubtful(rule.rate, taxable, withheld.amount).then_some(taxable);
    Ok(Ok(PaidLess {
        number,
        tax: tax_number,
        rule,
        doubt,
        freed,
    }))
}

/// What is said of a section under which nothing is deducted on a day.
pub fn not_in_force(day: NaiveDate) -> Said {
    Said::new("This section is not in force on {day}. Choose one of the list; an own rate is added under Settings, Tax at source.")
        .with("day", day.to_string())
}

/// Sets tax and money against bills. Tax can't be given back as money can, so it is the first to be used up, and no bill is no place for it.
fn settle_both(
    scope: &mut Scope,
    who: &str,
    receipt: &Receipt,
    ((tax, amount), money): ((EntryId, Money), Option<EntryId>),
) -> Result<Result<(), Unfit>, AppError> {
    let too_much = |sum: Money| {
        let said = Said::new(
            "The bills that are paid come to {sum}: no more tax than that can be deducted from them.",
        );
        Unfit::Field("deducted", said.with("sum", sum))
    };
    match &receipt.how {
        How::OnAccount => {
            if money.is_none() || amount > receipt.amount {
                let said = Said::new("From an advance no more tax is deducted than money came.");
                return Ok(Err(Unfit::Field("deducted", said)));
            }
        }
        How::OldestFirst => {
            let set = allocate_oldest_first(scope, tax, Cause::OldestFirst, who)?;
            let sum: Money = set.iter().map(|(_, amount)| *amount).sum();
            if sum < amount {
                return Ok(Err(too_much(sum)));
            }
            if let Some(money) = money {
                allocate_oldest_first(scope, money, Cause::OldestFirst, who)?;
            }
        }
        How::ByHand(parts) => {
            let sum: Money = parts.iter().map(|(_, amount)| *amount).sum();
            if amount > sum {
                return Ok(Err(too_much(sum)));
            }
            let mut credits = vec![(tax, amount)];
            credits.extend(money.map(|id| (id, receipt.amount)));
            let set = set_together(scope, receipt.customer, &credits, parts, who)?;
            return Ok(set.map_err(Unfit::Bills));
        }
    }
    Ok(Ok(()))
}

#[derive(QueryableByName)]
struct Of {
    #[diesel(sql_type = Numeric)]
    taxable: Money,
}

/// Writes what the tax office wants to know, and gives back the value without GST of what was paid: of the parts of bills that tax and money pay,
/// of whole bills where only the tax is written down now. Where it is not known it is the amount.
#[expect(
    clippy::disallowed_methods,
    reason = "an insert with a sum over what was just set against bills"
)]
fn insert_deduction(
    scope: &mut Scope,
    deducted: &Receipt,
    (tax, money): (PaymentId, Option<PaymentId>),
    rule: &InForce,
) -> Result<Money, AppError> {
    let customer: CustomerId = deducted.customer;
    let statement = prepared(
        "insert into tax_deductions (tenant_id, id, customer_id, received_with, tax, section, rate, amount, deducted_on, taxable, created_at, updated_at)
           select $1, $2, $3, $4, $5, $6, $7, $8, $9,
                  round(coalesce((select sum(case when $4::uuid is null then coalesce(d.taxable, a.amount) else a.amount * coalesce(d.taxable / nullif(d.total, 0), 1) end)
                          from allocations a left join documents d on d.tenant_id = a.tenant_id and d.id = a.debit_id
                          where a.tenant_id = $1 and a.credit_id in ($2, $4) and a.amount > 0), 0)
                      + coalesce((select sum(i.open) from open_items i where i.tenant_id = $1 and i.id in ($2, $4)), 0), 2), $10, $10
           returning taxable",
    )
    .bind::<SqlUuid, _>(scope.tenant())
    .bind::<SqlUuid, _>(tax)
    .bind::<SqlUuid, _>(customer)
    .bind::<Nullable<SqlUuid>, _>(money)
    .bind::<Text, _>(rule.tax.as_str().to_owned())
    .bind::<Text, _>(rule.section.clone())
    .bind::<Numeric, _>(rule.rate)
    .bind::<Numeric, _>(deducted.amount)
    .bind::<Date, _>(deducted.paid_on)
    .bind::<Timestamptz, _>(scope.now());
    let of: Of = scope.one(statement)?;
    Ok(of.taxable)
}

/// Keeps the number and day of the customer's certificate, or takes them away again, unless somebody saved since `version`.
///
/// # Errors
/// `NotFound`.
pub fn certify(
    scope: &mut Scope,
    number: &str,
    certificate: Option<(&str, NaiveDate)>,
    version: &str,
) -> Result<Saved, AppError> {
    let id = DeductionRow::by_number(scope, number)?.deduction.id;
    let saved = Deduction::lock(scope, id)?;
    if !is_same(Some(saved.updated_at), version) {
        return Ok(Saved::Meanwhile);
    }
    let now = scope.now();
    let row = tax_deductions::table.filter(
        tax_deductions::tenant_id
            .eq(scope.tenant())
            .and(tax_deductions::id.eq(id)),
    );
    scope.execute(diesel::update(row).set((
        tax_deductions::certificate.eq(certificate.map(|(number, _)| number.to_owned())),
        tax_deductions::certificate_on.eq(certificate.map(|(_, day)| day)),
        tax_deductions::updated_at.eq(now),
    )))?;
    Ok(Saved::Done)
}

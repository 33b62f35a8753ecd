//! What customers owe and pay, for one test each, by the product's own actions.

use super::{Shop, Tenant, ask};
use chrono::{Days, NaiveDate};
use mandi::accounting::actions::payments::{self, How, Receipt, Withheld};
use mandi::accounting::rules::payment::Method;
use mandi::error::AppError;
use mandi::kernel::dates;
use mandi::kernel::ids::EntryId;
use mandi::kernel::money::Money;
use mandi::ledger::actions::{Agreement, Posting, Source, agree, post};
use mandi::ledger::rules::EntryKind;
use mandi::platform::db::{Member, Meter, Scope};

/// The day it is in India.
pub fn today(tenant: &Tenant) -> NaiveDate {
    dates::today(tenant.app.state.db.clock().now())
}

/// A day so many days before today, or after it for less than none.
pub fn ago(tenant: &Tenant, days: i64) -> NaiveDate {
    let step = Days::new(days.unsigned_abs());
    if days < 0 {
        today(tenant) + step
    } else {
        today(tenant) - step
    }
}

/// Does something in the company in a transaction of its own.
pub fn within<T>(
    tenant: &Tenant,
    work: impl FnOnce(&mut Scope) -> Result<T, AppError>,
) -> Result<T, AppError> {
    let member = Member::system(tenant.id, "test");
    let db = &tenant.app.state.db;
    db.write(&member, &Meter::default(), work)
}

/// Something that a shop owes since before the books began: dated and due so many days ago.
pub fn owes(tenant: &Tenant, shop: &Shop, rupees: i64, (dated, due): (i64, i64)) -> EntryId {
    opening(tenant, shop, rupees, (dated, Some(due)))
}

/// An entry of so many rupees, above zero owed and below zero paid, that no document made.
pub fn opening(
    tenant: &Tenant,
    shop: &Shop,
    rupees: i64,
    (dated, due): (i64, Option<i64>),
) -> EntryId {
    let id = EntryId::new();
    let posting = Posting {
        id,
        kind: EntryKind::Opening,
        entry_date: ago(tenant, dated),
        due_on: due.map(|due| ago(tenant, due)),
        amount: Money::from_rupees(rupees),
        source: Source::Words,
        reason: Some(format!("Old book, page {rupees}")),
    };
    within(tenant, |scope| {
        post(scope, shop.customer, "Asha Owner", &[posting], Money::ZERO)
    })
    .unwrap();
    id
}

/// A cheque, transfer or cash that came so many days ago, set against nothing yet: its number.
pub fn pays(tenant: &Tenant, shop: &Shop, (method, rupees): (Method, i64), days: i64) -> String {
    let receipt = Receipt {
        customer: shop.customer,
        method,
        amount: Money::from_rupees(rupees),
        paid_on: ago(tenant, days),
        reference: Some("004711".to_owned()),
        bank: None,
        cheque_date: (method == Method::Cheque).then(|| ago(tenant, days)),
        note: None,
        how: How::OnAccount,
    };
    within(tenant, |scope| {
        payments::record(scope, "Asha Owner", &receipt)
    })
    .unwrap()
    .unwrap()
    .number
}

/// Agrees on instalments of a bill of a shop, so many days ago (after today for less than none) and so many rupees each: the agreement.
pub fn in_instalments(tenant: &Tenant, shop: &Shop, bill: &str, parts: &[(i64, i64)]) -> String {
    let agreement = Agreement {
        customer: shop.customer,
        bill: bill.parse().unwrap(),
        known: None,
        parts: parts
            .iter()
            .map(|(days, rupees)| (ago(tenant, *days), Money::from_rupees(*rupees)))
            .collect(),
        reason: None,
    };
    within(tenant, |scope| agree(scope, "Asha Owner", &agreement))
        .unwrap()
        .unwrap();
    ask(
        tenant.app,
        &format!(
            "select id::text as value from instalment_plans where tenant_id = '{}' and document_id = '{bill}' and ended_at is null",
            tenant.id
        ),
    )
}

/// Tax that a shop deducted so many days ago from something that it owed then: the number of its payment.
pub fn deducts(tenant: &Tenant, shop: &Shop, rupees: i64, days: i64) -> String {
    owes(tenant, shop, rupees, (days, days));
    let amount = Money::from_rupees(rupees);
    let receipt = Receipt {
        customer: shop.customer,
        method: Method::Tds,
        amount,
        paid_on: ago(tenant, days),
        reference: None,
        bank: None,
        cheque_date: None,
        note: None,
        how: How::OldestFirst,
    };
    let withheld = Withheld {
        amount,
        rule: "gst:51".to_owned(),
    };
    within(tenant, |scope| {
        payments::record_withheld(scope, "Asha Owner", &receipt, &withheld)
    })
    .unwrap()
    .unwrap()
    .tax
}

/// The code of a shop's customer.
pub fn code(tenant: &Tenant, shop: &Shop) -> String {
    ask(
        tenant.app,
        &format!(
            "select code as value from customers where id = '{}'",
            shop.customer
        ),
    )
}

//! Days are days in India: a document of half past six in the evening by the world's clock is of the next day, and on one evening of the next
//! year.

use super::issue::{company, issued_at, rice, value};
use crate::support::app;
use crate::support::billing::Company;
use chrono::{DateTime, TimeZone, Utc};
use mandi::accounting::actions::payments::{How, Receipt, record};
use mandi::accounting::actions::{Correcting, Issued, credit};
use mandi::accounting::model::Document;
use mandi::accounting::rules::document::{Kind, Reason};
use mandi::accounting::rules::gateway::counts_on;
use mandi::accounting::rules::notes::{credit_kind, last_day};
use mandi::accounting::rules::payment::Method;
use mandi::error::AppError;
use mandi::kernel::dates;
use mandi::kernel::money::Money;
use mandi::platform::db::{Clock, Db, Member, Meter};
use uuid::Uuid;

/// The database at a moment.
fn at(moment: DateTime<Utc>) -> Db {
    let clock = Clock::default();
    clock.set(Some(moment));
    app().state.db.with_clock(clock)
}

/// The last second of the financial year in India, and the first of the next.
fn turn() -> [DateTime<Utc>; 2] {
    let at = |hour, minute, second| Utc.with_ymd_and_hms(2026, 3, 31, hour, minute, second);
    [at(18, 29, 59).unwrap(), at(18, 30, 0).unwrap()]
}

fn bill(company: &Company, customer: Uuid, db: &Db) -> Result<Issued, AppError> {
    let shipment = company.shipment(customer, None, &[rice("1")]);
    issued_at(company, db, &shipment)
}

#[test]
fn the_year_of_a_number_changes_at_midnight_in_india() {
    let (company, customer) = company();
    let [before, after] = turn().map(at);
    let number = |db: &Db| bill(&company, customer, db).map(|bill| bill.number);
    assert_eq!(number(&before).unwrap(), "INV/25-26/00001");
    assert_eq!(number(&after).unwrap(), "INV/26-27/00001");
    assert_eq!(number(&before).unwrap(), "INV/25-26/00002");

    // A clock that lags behind takes a number of its own year's series; within a year, no number has an earlier date than the one before.
    company.run(&format!(
        "update document_counters set last_day = '2026-04-05' where tenant_id = '{}' and year = '2026-27'",
        company.id
    ));
    match number(&after) {
        Err(AppError::Refused(said)) => {
            assert_eq!(said.to_string(), "It turned midnight. Issue it again.");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn notes_and_receipts_turn_with_the_year_too() {
    // given: two bills of the old year
    let (company, customer) = company();
    let [before, after] = turn().map(at);
    let bills = [&before, &before].map(|db| bill(&company, customer, db).unwrap());
    let member = Member::system(company.id, "test");
    let note = |db: &Db, bill: &Issued| {
        let note = db.write(&member, &Meter::default(), |scope| {
            let document = Document::by_id(scope, bill.id)?;
            let why = (Reason::Price, "Agreed");
            credit(scope, "Asha Owner", &document, &Correcting::Whole, why)
        });
        note.unwrap().unwrap().number
    };
    let receipt = |db: &Db| {
        let receipt = Receipt {
            customer: customer.into(),
            method: Method::Cash,
            amount: Money::from_rupees(10),
            paid_on: dates::today(db.clock().now()),
            reference: None,
            bank: None,
            cheque_date: None,
            note: None,
            how: How::OnAccount,
        };
        let paid = db.write(&member, &Meter::default(), |scope| {
            record(scope, "Asha Owner", &receipt)
        });
        paid.unwrap().unwrap().number
    };

    // when, then
    assert_eq!(note(&before, &bills[0]), "CN/25-26/00001");
    assert_eq!(note(&after, &bills[1]), "CN/26-27/00001");
    assert_eq!(receipt(&before), "RC-25-00001");
    assert_eq!(receipt(&after), "RC-26-00001");
    let days = format!(
        "select string_agg(concat_ws(' ', kind, entry_date), ', ' order by kind, entry_date, amount) as value from ledger_entries where customer_id = '{customer}'"
    );
    assert_eq!(
        value(&days),
        "credit_note 2026-03-31, credit_note 2026-04-01, invoice 2026-03-31, invoice 2026-03-31, receipt 2026-03-31, receipt 2026-04-01"
    );
}

#[test]
fn a_bill_of_the_evening_is_of_the_day_it_is_in_india() {
    let (company, customer) = company();
    let day = |hour, minute, second| {
        let moment = Utc.with_ymd_and_hms(2026, 11, 20, hour, minute, second);
        let bill = bill(&company, customer, &at(moment.unwrap())).unwrap();
        value(&format!(
            "select concat_ws(' ', d.document_date, d.due_on, e.entry_date, e.due_on, (d.issued_at at time zone 'UTC')::date) as value
               from documents d join ledger_entries e on e.tenant_id = d.tenant_id and e.id = d.id where d.id = '{}'",
            bill.id
        ))
    };
    // It is the twentieth in London both times.
    assert_eq!(
        day(18, 29, 59),
        "2026-11-20 2026-12-20 2026-11-20 2026-12-20 2026-11-20"
    );
    assert_eq!(
        day(18, 30, 0),
        "2026-11-21 2026-12-21 2026-11-21 2026-12-21 2026-11-20"
    );
}

#[test]
fn money_counts_on_the_day_on_which_the_gateway_took_it() {
    let [before, after] = turn();
    let day = |text: &str| text.parse().unwrap();
    // Told of after midnight, it was paid before.
    assert_eq!(counts_on(before, after), day("2026-03-31"));
    assert_eq!(counts_on(after, after), day("2026-04-01"));
    // A gateway whose clock is ahead of ours can't bring money of tomorrow.
    assert_eq!(counts_on(after, before), day("2026-03-31"));
}

#[test]
fn a_credit_after_november_leaves_the_tax_as_it_was() {
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(last_day(day("2025-04-01")), day("2026-11-30"));
    assert_eq!(last_day(day("2026-03-31")), day("2026-11-30"));
    assert_eq!(
        credit_kind(day("2026-03-31"), day("2026-11-30")),
        Kind::CreditNote
    );
    assert_eq!(
        credit_kind(day("2026-03-31"), day("2026-12-01")),
        Kind::CommercialNote
    );
}

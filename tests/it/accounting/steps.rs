//! What may become of a document, an e-invoice, an e-way bill and a payment: one table in the program, the same one in the database.

use crate::support::app;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use mandi::accounting::rules::{document, einvoice, eway_bill, payment};

#[derive(QueryableByName)]
struct May {
    #[diesel(sql_type = Bool)]
    may: bool,
}

/// Compares every pair of states of a machine; says how many steps there are.
fn steps_are_the_same<S: Copy + PartialEq + AsRef<str>>(
    machine: &str,
    all: &[S],
    steps: &[(S, S)],
) -> usize {
    let mut pg = app().owner();
    let mut found = 0;
    for from in all {
        for to in all {
            let (was, becomes) = (from.as_ref(), to.as_ref());
            let sql = format!("select may_step('{machine}', '{was}', '{becomes}') as may");
            let row: May = diesel::sql_query(sql).get_result(&mut pg).unwrap();
            let own = from == to || steps.contains(&(*from, *to));
            assert_eq!(row.may, own, "{machine} {was} to {becomes}");
            found += usize::from(row.may && from != to);
        }
    }
    found
}

#[test]
fn the_program_and_the_database_know_the_same_steps() {
    let documents = steps_are_the_same("document", document::Status::ALL, document::STEPS);
    assert_eq!(documents, 1);
    let einvoices = steps_are_the_same("einvoice", einvoice::Status::ALL, einvoice::STEPS);
    assert_eq!(einvoices, 21);
    let bills = steps_are_the_same("eway_bill", eway_bill::Status::ALL, eway_bill::STEPS);
    assert_eq!(bills, 10);
    let payments = steps_are_the_same("payment", payment::Status::ALL, payment::STEPS);
    assert_eq!(payments, 5);
}

//! Clerks who issue invoices while the program is killed.

use super::clerks::{Day, Sent, Step, Warehouse, answer_all, each_once, taken, work};
use super::{Killer, books_are_sound, every_job_ends, nothing_is_locked, rounds, short_lease};
use crate::support::process;

impl Day<'_> {
    /// Bills a packed shipment as the form offers it.
    fn bill(&mut self, shipment: &str) -> Option<()> {
        let page = self.page(&format!("/invoices/new?shipment={shipment}"))?;
        if page.status == 409 {
            return Some(());
        }
        let fields = page.form("#issue").fields;
        self.post(Step::Issue, "/invoices/new", fields)?;
        Some(())
    }
}

/// How many there are, the first and the last number, how many numbers there are, and how far the series has counted.
const NUMBERS: &str = "select concat_ws(' ', count(*), coalesce(min(sequence), 0), coalesce(max(sequence), 0), count(distinct number), coalesce((select max(last) from document_counters), 0)) from documents";

#[test]
fn invoices_survive_the_kill() {
    // given
    let urls = process::database("crash_invoices");
    let killer = Killer::new();
    let mut process = process::serve(&short_lease(&urls));
    let mut warehouse = Warehouse::new(&urls, &process);
    let (mut all, mut lost): (Vec<Sent>, usize) = (Vec::new(), 0);
    for round in 1..=rounds() {
        // when clerks issue as fast as they can, until the process is gone
        let shipments = warehouse.shipments(40);
        let mut sent = work(
            &warehouse,
            &shipments,
            |day, number| day.bill(number),
            || killer.strike(&process, &urls, (60, 700)),
        );
        process = process::serve(&short_lease(&urls));
        warehouse.move_to(&process);

        // then whoever had no answer gets one now; each shipment is billed once, and no number is missing
        lost += answer_all(&warehouse, &mut sent, round);
        all.extend(sent);
        let documents = warehouse.number("select count(*) from documents");
        each_once("issued", &taken(&all, Step::Issue), documents);
        let first = documents.min(1);
        assert_eq!(
            warehouse.ask(NUMBERS),
            format!("{documents} {first} {documents} {documents} {documents}"),
            "round {round}"
        );
        nothing_is_locked(&urls);
        books_are_sound(&urls, &format!("invoices {round}"));
    }
    println!("invoices: {} requests, {lost} without an answer", all.len());
    killer.has_hit("invoices");

    // then nothing is stuck: what is not billed yet can be, and the numbers go on
    let left =
        "select coalesce(string_agg(number, ' '), '') from shipments where invoice_id is null";
    let left = warehouse.ask(left);
    let mut day = Day::alone(&warehouse);
    for number in left.split(' ').filter(|number| !number.is_empty()) {
        day.bill(number).unwrap();
    }
    let shipments = warehouse.number("select count(*) from shipments");
    assert_eq!(
        warehouse.ask(NUMBERS),
        format!("{shipments} 1 {shipments} {shipments} {shipments}")
    );
    every_job_ends(&urls);
    books_are_sound(&urls, "invoices, at the end");
}

//! Clerks who record payments and set them against bills while the program is killed.

use super::clerks::{Day, Sent, Step, Warehouse, answer_all, each_once, taken, work};
use super::{Killer, books_are_sound, every_job_ends, nothing_is_locked, rounds, short_lease};
use crate::support::books::{code, owes};
use crate::support::process;
use mandi::kernel::money::Money;
use mandi::web::forms::new_key;

impl Day<'_> {
    /// Records a payment: `how shop amount`.
    fn record(&mut self, what: &str) -> Option<()> {
        let words: Vec<&str> = what.split(' ').collect();
        let [how, shop, amount] = words[..] else {
            panic!("{what}")
        };
        let shop = &self.warehouse.shops[shop.parse::<usize>().unwrap()];
        let code = code(&self.warehouse.tenant, shop);
        let page = self.page(&format!("/payments/new?customer={code}"))?;
        let form = page.form("#payment").fill("amount", amount);
        let fields = form.fill("method", "cash").fill("how", how).fields;
        let step = if how == "oldest" {
            Step::Pay
        } else {
            Step::Record
        };
        self.post(step, "/payments/new", fields)?;
        Some(())
    }

    /// Sets a payment against the oldest bills.
    fn set(&mut self, number: &str) -> Option<()> {
        let fields = vec![
            ("_key".to_owned(), new_key().to_string()),
            ("op".to_owned(), "oldest".to_owned()),
        ];
        let path = format!("/payments/{number}/allocate");
        self.post(Step::Allocate, &path, fields)?;
        Some(())
    }
}

/// What the requests that were taken have brought in.
fn brought(sent: &[Sent]) -> Money {
    let is_money = |one: &&Sent| matches!(one.step, Step::Record | Step::Pay);
    sent.iter()
        .filter(is_money)
        .filter(|one| {
            one.answer
                .as_ref()
                .is_some_and(|(status, _)| *status == 303)
        })
        .map(|one| {
            let field = one.fields.iter().find(|(name, _)| name == "amount");
            field.unwrap().1.parse::<Money>().unwrap()
        })
        .sum()
}

#[test]
fn payments_survive_the_kill() {
    // given
    let urls = process::database("crash_payments");
    let killer = Killer::new();
    let mut process = process::serve(&short_lease(&urls));
    let mut warehouse = Warehouse::new(&urls, &process);
    let (mut all, mut lost): (Vec<Sent>, usize) = (Vec::new(), 0);
    let mut advances: Vec<String> = Vec::new();
    let mut owed = Money::ZERO;
    for round in 1..=rounds() {
        // when clerks record money, and set what they recorded before against bills, until the process is gone
        for shop in &warehouse.shops {
            for bill in 1..=12 {
                owes(&warehouse.tenant, shop, 900, (40 - bill, 20 - bill));
                owed += Money::from_rupees(900);
            }
        }
        let mut things: Vec<String> = (0..40)
            .map(|nth| {
                let how = if nth % 2 == 0 { "oldest" } else { "account" };
                format!("{how} {} {}", nth % 4, 200 + nth)
            })
            .collect();
        things.append(&mut advances);
        things.sort_by_key(|thing| thing.chars().rev().collect::<String>());
        let mut sent = work(
            &warehouse,
            &things,
            |day, thing| {
                if thing.starts_with("RC-") {
                    day.set(thing)
                } else {
                    day.record(thing)
                }
            },
            || killer.strike(&process, &urls, (60, 700)),
        );
        process = process::serve(&short_lease(&urls));
        warehouse.move_to(&process);

        // then whoever had no answer gets one now, each payment is there once and is set against bills once
        lost += answer_all(&warehouse, &mut sent, round);
        all.extend(sent);
        let done = taken(&all, Step::Allocate);
        let open = taken(&all, Step::Record).into_iter();
        advances = open
            .filter(|number| !done.contains(number))
            .map(str::to_owned)
            .collect();
        let recorded = [taken(&all, Step::Record), taken(&all, Step::Pay)].concat();
        each_once(
            "recorded",
            &recorded,
            warehouse.number("select count(*) from payments"),
        );
        let set = [taken(&all, Step::Allocate), taken(&all, Step::Pay)].concat();
        each_once(
            "set",
            &set,
            warehouse.number("select count(distinct credit_id) from allocations"),
        );
        let left = "select concat_ws(' ', (select coalesce(sum(amount), 0.00) from payments), (select sum(balance) from customer_accounts), coalesce((select last from number_series where kind = 'receipt'), 0))";
        let came = brought(&all);
        assert_eq!(
            warehouse.ask(left),
            format!("{} {} {}", plain(came), plain(owed - came), recorded.len()),
            "round {round}"
        );
        nothing_is_locked(&urls);
        books_are_sound(&urls, &format!("payments {round}"));
    }
    println!("payments: {} requests, {lost} without an answer", all.len());
    killer.has_hit("payments");

    // then nothing is stuck: what is left can be set against bills by somebody else
    let mut day = Day::alone(&warehouse);
    for number in &advances {
        day.set(number).unwrap();
    }
    assert_eq!(taken(&day.sent, Step::Allocate).len(), advances.len());
    let left = "select coalesce(sum(open), 0) from open_items where side = 'credit'";
    assert_eq!(warehouse.ask(left), "0.00");
    every_job_ends(&urls);
    books_are_sound(&urls, "payments, at the end");
}

/// An amount as the database writes it.
fn plain(amount: Money) -> String {
    format!("{:.2}", amount.as_decimal())
}

//! Retailers who pay on the gateway's page while the program is killed. The sandbox gateway dies with it; its books do not, and it tells again
//! until it is answered.

use super::clerks::Warehouse;
use super::{
    Killer, books_are_sound, every_job_ends, nothing_is_locked, rounds, send, short_lease,
};
use crate::support::books::owes;
use crate::support::postgres::Urls;
use crate::support::process::{self, Process, free_port};
use crate::support::{Browser, run, until};
use std::collections::BTreeSet;

/// A request that may not have got its answer.
struct Sent {
    payer: usize,
    path: String,
    fields: Vec<(String, String)>,
    answer: Option<(u16, String)>,
}

/// Starts the program at the address that the gateway knows.
fn serve(urls: &Urls, (port, base): (&str, &str)) -> Process {
    let mut settings = short_lease(urls);
    settings.extend([("MANDI_PORT", port), ("MANDI_BASE_URL", base)]);
    process::serve(&settings)
}

/// A payer pays again and again, each time told of in another way; the last request has no answer.
fn pay_until_it_breaks(
    (payer, browser): (usize, &Browser),
    room: &str,
    begun: &mut Vec<Sent>,
    paid: &mut Vec<Sent>,
) {
    for nth in 0_usize.. {
        let Some(page) = browser.try_get(room) else {
            return;
        };
        let fields = page.form("#pay").fill("amount", "50").fields;
        let answer = send(browser, room, &fields);
        let led = answer.as_ref().map(|(_, to)| to.clone());
        begun.push(Sent {
            payer,
            path: room.to_owned(),
            fields,
            answer,
        });
        let Some(there) = led else { return };
        let hook = ["first", "twice", "never", "last"][(nth + payer) % 4];
        let fields = vec![
            ("how".to_owned(), "upi".to_owned()),
            ("hook".to_owned(), hook.to_owned()),
        ];
        let answer = send(browser, &there, &fields);
        let back = answer.as_ref().map(|(_, to)| to.clone());
        paid.push(Sent {
            payer,
            path: there,
            fields,
            answer,
        });
        let Some(back) = back else { return };
        if browser.try_get(&back).is_none() {
            return;
        }
    }
}

#[test]
fn webhooks_survive_the_kill() {
    // given: a company with an account at the gateway, and four shops that owe more than they will pay
    let urls = process::database("crash_webhooks");
    let port = free_port().to_string();
    let base = format!("http://127.0.0.1:{port}");
    let at = (port.as_str(), base.as_str());
    let killer = Killer::new();
    let warehouse = Warehouse::closed(&urls);
    let tenant = &warehouse.tenant;
    let mut process = serve(&urls, at);
    let owner = tenant.owner.moved_to(&base);
    let settings = owner.open(&tenant.path("/settings/integrations/payments"));
    settings.form("#open").press("op", "open").submit().is(303);
    let payers: Vec<(Browser, String)> = warehouse
        .shops
        .iter()
        .map(|shop| {
            owes(tenant, shop, 1_000_000, (20, 5));
            (shop.owner.moved_to(&base), shop.path(tenant, "/pay"))
        })
        .collect();
    let (mut led, mut lost): (Vec<String>, usize) = (Vec::new(), 0);
    for round in 1..=rounds() {
        // when they pay as fast as they can, and the gateway tells of it, until the process is gone
        let (mut begun, mut paid): (Vec<Sent>, Vec<Sent>) = (Vec::new(), Vec::new());
        std::thread::scope(|scope| {
            let threads: Vec<_> = payers
                .iter()
                .enumerate()
                .map(|(payer, (browser, room))| {
                    scope.spawn(move || {
                        let (mut begun, mut paid) = (Vec::new(), Vec::new());
                        pay_until_it_breaks((payer, browser), room, &mut begun, &mut paid);
                        (begun, paid)
                    })
                })
                .collect();
            killer.strike(&process, &urls, (200, 1_200));
            for thread in threads {
                let (b, p) = thread.join().unwrap();
                begun.extend(b);
                paid.extend(p);
            }
        });
        drop(process);
        process = serve(&urls, at);

        // then whoever had no answer gets one now, and a payment that was begun is one payment
        for one in begun.iter_mut().chain(&mut paid) {
            if one.answer.is_none() {
                lost += 1;
                one.answer = send(&payers[one.payer].0, &one.path, &one.fields);
            }
            let (status, to) = one.answer.as_ref().unwrap();
            assert_eq!(*status, 303, "round {round}: {} {to}", one.path);
        }
        led.extend(begun.iter().map(|one| one.answer.clone().unwrap().1));
        let each: BTreeSet<&String> = led.iter().collect();
        assert_eq!(each.len(), led.len(), "round {round}: {led:?}");
        assert_eq!(
            warehouse.number("select count(*) from payments"),
            led.len(),
            "round {round}"
        );

        // then: by webhook, or by the question of the poller, each is received once
        let soon = "update sandbox.hooks set due_at = now() where sent_at is null";
        run(tenant.app, soon);
        let untold = "select count(*) from sandbox.hooks where sent_at is null";
        until("every webhook is answered", || {
            warehouse.number(untold) == 0
        });
        every_job_ends(&urls);
        run(
            tenant.app,
            &format!(
                "update payments set asked_at = asked_at - interval '4 minutes' where status = 'pending';
                 insert into jobs (id, kind, title, payload) values ('{}', 'payments.poll', 'Poll', 'null')",
                uuid::Uuid::now_v7()
            ),
        );
        let books = "select concat_ws(' ', (select count(*) from payments where number is not null), (select count(*) from ledger_entries where kind = 'receipt'),
                       (select coalesce(sum(amount), 0)::float from payments where number is not null), (select coalesce(-sum(amount), 0)::float from ledger_entries where kind = 'receipt'))";
        let theirs = "select concat_ws(' ', count(*), count(*), (coalesce(sum(amount), 0) / 100)::float, (coalesce(sum(amount), 0) / 100)::float) from sandbox.gateway_payments where status = 'captured'";
        until(
            &format!("round {round}: the books are the gateway's"),
            || warehouse.ask(books) == warehouse.ask(theirs),
        );
        every_job_ends(&urls);
        let open = "select count(*) from gateway_events where applied_at is null";
        assert_eq!(warehouse.number(open), 0, "round {round}");
        nothing_is_locked(&urls);
        books_are_sound(&urls, &format!("webhooks {round}"));
    }
    let events = warehouse.ask("select count(*) from gateway_events");
    println!(
        "webhooks: {} payments, {events} events, {lost} requests without an answer",
        led.len()
    );
    killer.has_hit("webhooks");
}
